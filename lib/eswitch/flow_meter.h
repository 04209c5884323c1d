/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _ESW_FLOW_METER_H_
#define _ESW_FLOW_METER_H_

/*
 * Meters: how fast frames may come, in three colours (RFC 2697, RFC 2698, RFC 4115), colour-blind.
 *
 * rte_meter's state is for one thread. Here any sender's core may meter any frame, and a process
 * may die at any instruction, so the state is one 16-octet word that is replaced by compare and
 * swap: nobody waits for a holder that is gone.
 *
 * What surprises:
 * - A bucket is kept as the moment at which it was (or would have been) empty, not as a number of
 *   tokens and a time: then two buckets fit into the word, nothing is rounded from frame to frame,
 *   and a red frame writes nothing.
 * - That moment is counted in credits, of which a cycle brings `per_cycle` and a token costs
 *   `per_token`. Their quotient is the rate to within hz / 2^47 (2 * 10^-5 at 3 GHz, as good as the
 *   clock's quartz), and mostly exactly. In exchange the word holds 2^18 seconds: a bucket that was
 *   not touched for three days may be found emptier than it is, never fuller than its burst.
 *
 * Thread-safety: esw_flow_meter_run() from any burst; the rest from any control thread (device
 * mutex inside).
 */
#include "flow.h"

/* Per second; the sum of both rates of RFC 4115 as well. 8.8 Tbit/s. */
#define ESW_FLOW_METER_RATE_MAX (UINT64_C(1) << 40)

enum esw_flow_meter_alg {
	ESW_FLOW_METER_SRTCM,  /* RFC 2697: CIR, CBS, EBS */
	ESW_FLOW_METER_TRTCM,  /* RFC 2698: CIR, PIR, CBS, PBS */
	ESW_FLOW_METER_TRTCM2, /* RFC 4115: CIR, EIR, CBS, EBS */
};
enum esw_flow_color { ESW_FLOW_GREEN, ESW_FLOW_YELLOW, ESW_FLOW_RED, ESW_FLOW_COLORS };

struct esw_flow_meter_conf {
	enum esw_flow_meter_alg alg;
	bool packets; /* rates and bursts are in packets, else in octets (frame without FCS) */
	uint64_t cir; /* committed rate per second, 1 or more */
	uint64_t pir; /* peak (TRTCM; cir or more) or excess (TRTCM2; may be 0) rate per second */
	uint64_t cbs; /* committed burst */
	uint64_t ebs; /* excess (SRTCM, TRTCM2; either burst may be 0) or peak (TRTCM) burst */
	bool drop[ESW_FLOW_COLORS]; /* what becomes of a colour */
};

/* @return NULL with rte_errno: EINVAL (a sentence names field and range), ENOMEM */
struct esw_flow_meter *esw_flow_meter_create(struct esw *sw, const struct esw_flow_meter_conf *c,
					     struct esw_err *err);
/* May a meter be like this? 0 or -EINVAL with a sentence. */
int esw_flow_meter_check(const struct esw_flow_meter_conf *c, struct esw_err *err);
/* -EBUSY while rules have it; -EAGAIN: a process is stopped inside a burst. NULL: nothing. */
int esw_flow_meter_destroy(struct esw *sw, struct esw_flow_meter *m, struct esw_err *err);
/*
 * Other rates or fates while traffic runs; buckets start full. No frame that is sent after the
 * return sees what was before. -EAGAIN: a burst is stuck in what the last update replaced.
 */
int esw_flow_meter_update(struct esw *sw, struct esw_flow_meter *m,
			  const struct esw_flow_meter_conf *c, struct esw_err *err);
/* Off: everything is green. What becomes of green, and counters, go on (rte_mtr.h asks for it). */
void esw_flow_meter_enable(struct esw_flow_meter *m, bool on);

struct esw_flow_meter_stats {
	struct esw_flow_stats color[ESW_FLOW_COLORS]; /* that may pass */
	struct esw_flow_stats dropped;                /* of whatever colour */
};
void esw_flow_meter_stats_get(struct esw *sw, struct esw_flow_meter *m, bool reset,
			      struct esw_flow_meter_stats *s);

/*
 * A frame at time `tsc`; a TSO frame is as many as its segments are, judged at once: where the
 * burst is less than all of them it never passes. @return whether it may pass
 */
bool esw_flow_meter_run(struct esw_flow_meter *m, uint32_t packets, uint32_t octets, uint64_t tsc);

/* For rules; device mutex held. */
void esw_flow_meter_ref(struct esw_flow_meter *m, int by);
uint32_t esw_flow_meter_refs(const struct esw_flow_meter *m);

/* How a rate is kept; see above. */
struct esw_flow_meter_rate {
	uint64_t per_cycle, per_token; /* credits */
};
/* `rate` per second, up to ESW_FLOW_METER_RATE_MAX, by a clock of hz, below 2^40. */
struct esw_flow_meter_rate esw_flow_meter_rate(uint64_t rate, uint64_t hz);

#endif /* _ESW_FLOW_METER_H_ */
