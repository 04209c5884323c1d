/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _BENCH_LEARNER_H_
#define _BENCH_LEARNER_H_

/*
 * Source addresses that a switch learns: one port sends frames from many, another then sends one
 * frame to each, and those that come back to the first port alone were learned (RFC 2889 sections
 * 5.7 and 5.8). A frame that is seen at a further port was flooded, one that is seen nowhere went
 * where a switch sends what it does not know; either address was not learned.
 *
 * Each trial takes addresses that were never used before. Where lib/switchdev can empty the table
 * it is emptied first; elsewhere the addresses of earlier trials are still in it.
 *
 * The main lcore sends and receives in turn, also where the measurer has two: what counts is what
 * the device learns, not how fast a receiver is.
 *
 * Thread-safety: call from the main lcore.
 */

#include "device.h"
#include "manager.h"

struct bench_learner {
	struct bench_manager *m;
	uint16_t learning; /* index into bench_ports.port: has the many addresses */
	uint16_t testing;  /* sends to them */
	struct bench_device device;
	bool can_flush;
	uint32_t len;       /* pkt_len of all frames */
	uint64_t addresses; /* used so far */
};

struct bench_learned {
	uint64_t taught;  /* frames of new addresses that the device took */
	uint64_t heard;   /* of these, at the testing port */
	uint64_t asked;   /* frames to these addresses */
	uint64_t found;   /* at the learning port, once each */
	uint64_t flooded; /* at any other port */
	double seconds;   /* from the first taught to the last */
};

/**
 * Choose two ports, and see whether the device learns at all.
 *
 * @return 0; -ENOTSUP with the reason in @p err: no number can be had from these ports
 */
int bench_learner_open(struct bench_learner *l, struct bench_manager *m,
		       const struct bench_size *size, char *err, size_t errlen);

/**
 * Teach @p n new addresses, and ask for each.
 *
 * @param pps  addresses a second; 0 = as fast as possible
 * @return true if all were learned
 */
bool bench_learner_trial(struct bench_learner *l, uint64_t n, double pps,
			 struct bench_learned *out);

/* What @p t says in the counts of the report: a frame asked for and not found is lost. */
void bench_learner_tally(const struct bench_learned *t, struct msr_tally *tally);

#endif /* _BENCH_LEARNER_H_ */
