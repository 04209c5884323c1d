/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "setting.h"

void
bench_setting_init(struct bench_setting *s, struct bench_manager *m)
{
	*s = (struct bench_setting){
		.m = m,
		.o = m->o,
		.n_tx = m->ports.n_tx,
		.n_rx = m->ports.n_rx,
	};
	memcpy(s->tx, m->ports.tx, sizeof(s->tx));
	memcpy(s->rx, m->ports.rx, sizeof(s->rx));
}

/* Take the @p n ports of @p out from @p list. */
static void
take_out(uint16_t *list, unsigned int *n_list, const uint16_t *out, unsigned int n)
{
	unsigned int kept = 0;

	for (unsigned int i = 0; i < *n_list; i++) {
		unsigned int k = 0;

		while (k < n && out[k] != list[i])
			k++;
		if (k == n)
			list[kept++] = list[i];
	}
	*n_list = kept;
}

int
bench_setting_pattern(struct bench_setting *s, enum bench_pattern pattern, char *err, size_t errlen)
{
	const char *need = NULL;

	switch (pattern) {
	case BENCH_PATTERN_ONE_TO_MANY:
	case BENCH_PATTERN_BROADCAST:
		s->n_tx = 1;
		take_out(s->rx, &s->n_rx, s->tx, 1);
		if (s->n_rx < (pattern == BENCH_PATTERN_BROADCAST ? 1 : 2))
			need = pattern == BENCH_PATTERN_BROADCAST ?
				       "a receiving port beside the first sending one" :
				       "two receiving ports beside the first sending one";
		break;
	case BENCH_PATTERN_MANY_TO_ONE:
		s->rx[0] = s->rx[s->n_rx - 1];
		s->n_rx = 1;
		take_out(s->tx, &s->n_tx, s->rx, 1);
		if (s->n_tx < 2)
			need = "two sending ports beside the last receiving one";
		break;
	case BENCH_PATTERN_CONGESTION:
		s->n_tx = RTE_MIN(s->n_tx, 2u);
		take_out(s->rx, &s->n_rx, s->tx, s->n_tx);
		if (s->n_tx < 2 || s->n_rx < 2)
			need = "two sending ports and two receiving ones beside these";
		s->n_rx = RTE_MIN(s->n_rx, 2u);
		break;
	case BENCH_PATTERN_MESH:
	case BENCH_PATTERN_PAIRS:
	case BENCH_PATTERN_RING:
		break;
	}
	if (s->o.dst_given)
		need = "more than the one destination of --dst";
	s->o.pattern = pattern;
	if (pattern == BENCH_PATTERN_BROADCAST) {
		s->o.macs = 0;
		memset(s->o.dst, 0xff, sizeof(s->o.dst));
	} else if (s->o.macs < s->n_rx) {
		s->o.macs = 0;
	}
	if (need == NULL)
		return 0;
	snprintf(err, errlen, "%s needs %s", bench_pattern_name(pattern), need);
	return -ENOTSUP;
}

static void
swap_lists(uint16_t *a, unsigned int *n_a, uint16_t *b, unsigned int *n_b)
{
	uint16_t list[RTE_MAX_ETHPORTS];
	unsigned int n = *n_a;

	memcpy(list, a, sizeof(list));
	memcpy(a, b, sizeof(list));
	memcpy(b, list, sizeof(list));
	*n_a = *n_b;
	*n_b = n;
}

static void
swap(struct bench_setting *s)
{
	struct bench_ports *ports = &s->m->ports;

	swap_lists(s->tx, &s->n_tx, ports->tx, &ports->n_tx);
	swap_lists(s->rx, &s->n_rx, ports->rx, &ports->n_rx);
}

static int
reopen(struct bench_manager *m, const struct bench_options *o, char *err, size_t errlen)
{
	/* Frames number trials: one that is still under way must not be of the next traffic. */
	const uint16_t epoch = m->traffic.epoch;
	int rc;

	bench_sink_close(&m->sink);
	bench_traffic_close(&m->traffic);
	rc = bench_traffic_open(&m->traffic, &m->ports, o, err, errlen);
	if (rc != 0)
		return rc;
	m->traffic.epoch = epoch;
	rc = bench_sink_open(&m->sink, &m->traffic, &m->ports, m->o.burst);
	if (rc != 0)
		snprintf(err, errlen, "no memory to track %u streams", m->traffic.n_streams);
	return rc;
}

int
bench_setting_run(struct bench_setting *s, bench_setting_work work, void *arg, char *err,
		  size_t errlen)
{
	char later[256] = "";
	int rc, back;

	swap(s);
	rc = reopen(s->m, &s->o, err, errlen);
	if (rc == 0)
		rc = work(s->m, arg, err, errlen);
	bench_measurer_flush(&s->m->measurer);
	swap(s);
	back = reopen(s->m, &s->m->o, later, sizeof(later));
	if (rc == 0 && back != 0)
		snprintf(err, errlen, "%s", later);
	return rc != 0 ? rc : back;
}
