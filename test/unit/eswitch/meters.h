/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _METERS_H_
#define _METERS_H_

/*
 * What the tests of meters share: short names, meters made and destroyed, the colour of one frame.
 * Time is an argument of theirs, so hours cost nothing. cmocka's assertions inside.
 */
#include <rte_cycles.h>

#include "flow_meter.h"
#include "rig.h"

#define GREEN ESW_FLOW_GREEN
#define YELLOW ESW_FLOW_YELLOW
#define RED ESW_FLOW_RED
#define SRTCM ESW_FLOW_METER_SRTCM
#define TRTCM ESW_FLOW_METER_TRTCM
#define TRTCM2 ESW_FLOW_METER_TRTCM2

__extension__ typedef unsigned __int128 wide;

static struct esw *sw;
static uint64_t hz;
static uint64_t epoch; /* when the meter's time begins: it was full before */

static inline int
setup(void **state)
{
	RTE_SET_USED(state);
	sw = rig_switch(ESW_MODE_VEB, 1);
	hz = rte_get_tsc_hz();
	return 0;
}

static inline int
teardown(void **state)
{
	RTE_SET_USED(state);
	rig_free(sw);
	return 0;
}

static inline struct esw_flow_meter *
make(const struct esw_flow_meter_conf *c)
{
	struct esw_err err = { "" };
	struct esw_flow_meter *m = esw_flow_meter_create(sw, c, &err);

	assert_string_equal(err.msg, "");
	assert_non_null(m);
	epoch = rte_rdtsc();
	return m;
}

static inline void
destroy(struct esw_flow_meter *m)
{
	assert_int_equal(esw_flow_meter_destroy(sw, m, NULL), 0);
}

/* The colour of one frame, by the counter that went up. */
static inline enum esw_flow_color
color(struct esw_flow_meter *m, uint32_t len, uint64_t tsc)
{
	struct esw_flow_meter_stats s;
	enum esw_flow_color c = ESW_FLOW_COLORS;
	bool passed;

	esw_flow_meter_stats_get(sw, m, true, &s);
	passed = esw_flow_meter_run(m, 1, len, tsc);
	esw_flow_meter_stats_get(sw, m, true, &s);
	assert_int_equal(s.dropped.packets, 0); /* no colour of the meter's is dropped */
	assert_true(passed);
	for (unsigned int i = 0; i < ESW_FLOW_COLORS; i++) {
		if (s.color[i].packets == 0)
			continue;
		assert_int_equal(c, ESW_FLOW_COLORS);
		assert_int_equal(s.color[i].packets, 1);
		assert_int_equal(s.color[i].bytes, len);
		c = (enum esw_flow_color)i;
	}
	return c;
}

/* n frames at that many seconds, all of one colour. */
static inline void
expect(struct esw_flow_meter *m, unsigned int n, uint32_t len, double s, enum esw_flow_color want)
{
	while (n-- > 0)
		assert_int_equal(color(m, len, epoch + (uint64_t)(s * (double)hz)), want);
}

static uint64_t seed = 0x6d65746572; /* of rnd() */

/* splitmix64, Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators (2014) */
static inline uint64_t
rnd(void)
{
	uint64_t z = (seed += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

/* Of any magnitude up to 2^bits. */
static inline uint64_t
rnd_size(unsigned int bits)
{
	uint64_t shift = 63 - rnd() % bits;

	return rnd() >> shift;
}

#endif /* _METERS_H_ */
