/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* Meters of all kinds beside a plain model, frame by frame. */
#include "meters.h"

/* The model: tokens as RFCs count them, in credits, and the time of the last frame. */
struct model {
	struct esw_flow_meter_conf c;
	struct esw_flow_meter_rate rc, re;
	wide tc, te;
	uint64_t last;
};

static void
model_init(struct model *m, const struct esw_flow_meter_conf *c, uint64_t tsc)
{
	m->c = *c;
	m->rc = esw_flow_meter_rate(c->cir, hz);
	m->re = esw_flow_meter_rate(c->alg == SRTCM ? c->cir : c->pir, hz);
	m->tc = (wide)c->cbs * m->rc.per_token;
	m->te = (wide)c->ebs * m->re.per_token;
	m->last = tsc;
}

static void
model_fill(struct model *m, uint64_t tsc)
{
	wide cmax = (wide)m->c.cbs * m->rc.per_token, emax = (wide)m->c.ebs * m->re.per_token;
	wide dt = tsc - m->last;

	m->tc += dt * m->rc.per_cycle;
	if (m->c.alg != SRTCM)
		m->te += dt * m->re.per_cycle;
	else if (m->tc > cmax)
		m->te += m->tc - cmax;
	m->tc = RTE_MIN(m->tc, cmax);
	m->te = RTE_MIN(m->te, emax);
	m->last = tsc;
}

static enum esw_flow_color
model_run(struct model *m, uint32_t len, uint64_t tsc)
{
	wide bc = (wide)(m->c.packets ? 1 : len) * m->rc.per_token;
	wide be = (wide)(m->c.packets ? 1 : len) * m->re.per_token;

	model_fill(m, tsc);
	if (m->c.alg == TRTCM) {
		if (m->te < be)
			return RED;
		m->te -= be;
		if (m->tc < bc)
			return YELLOW;
		m->tc -= bc;
		return GREEN;
	}
	if (m->tc >= bc) {
		m->tc -= bc;
		return GREEN;
	}
	if (m->te < be)
		return RED;
	m->te -= be;
	return YELLOW;
}

static struct esw_flow_meter_conf
random_conf(void)
{
	struct esw_flow_meter_conf c = {
		.alg = (enum esw_flow_meter_alg)(rnd() % 3),
		.packets = rnd() % 4 == 0,
		.cir = 1 + rnd_size(37),
		.cbs = 14 + rnd_size(rnd() % 2 ? 14 : 28),
		.ebs = 14 + rnd_size(rnd() % 2 ? 14 : 28),
	};

	c.pir = c.alg == TRTCM2 ? rnd_size(37) : c.cir + rnd_size(37);
	if (c.alg != TRTCM && rnd() % 8 == 0)
		c.ebs = 0;
	return c;
}

static void
same_as_the_model(void **state)
{
	unsigned int seen[ESW_FLOW_COLORS] = { 0 };

	RTE_SET_USED(state);
	for (unsigned int i = 0; i < 1500; i++) {
		const struct esw_flow_meter_conf c = random_conf();
		struct esw_flow_meter *m = make(&c);
		uint64_t now = epoch + rnd_size(50);
		/* the time that 500 octets take, or packets, and now and then hours */
		uint64_t mean = (uint64_t)((wide)(c.packets ? 1 : 500) * hz / c.cir);
		struct model o;

		model_init(&o, &c, now);
		for (unsigned int k = 0; k < 300; k++) {
			uint32_t len = 14 + rnd() % (k % 3 ? 1500 : 9000);
			enum esw_flow_color want;

			if (rnd() % 4 != 0)
				now += rnd() % (2 * mean + 2);
			if (rnd() % 100 == 0)
				now += rnd_size(44); /* hours */
			want = model_run(&o, len, now);
			assert_int_equal(color(m, len, now), want);
			seen[want]++;
		}
		destroy(m);
	}
	for (unsigned int i = 0; i < ESW_FLOW_COLORS; i++)
		assert_true(seen[i] > 50000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(same_as_the_model, setup, teardown),
	};

	return cmocka_run_group_tests_name("flow_meter_model", tests, rig_setup, rig_teardown);
}
