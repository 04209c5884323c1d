/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "order.h"
#include "rng.h"

#define GOOD UINT32_MAX /* a place that a good stream takes */

static inline bool
good(const struct bench_stream *s, uint16_t tx)
{
	return s->tx == tx && s->rx != BENCH_RX_NONE;
}

int
bench_order_make(struct bench_traffic *t, unsigned int s, uint16_t tx)
{
	struct bench_sender *b = &t->sender[s];
	uint32_t n = 0, rounds;

	for (uint32_t i = 0; i < t->n_streams; i++)
		n += good(&t->stream[i], tx);
	if (n == 0) /* bench_pattern_check leaves every sender a receiver */
		return -EINVAL;
	rounds = RTE_MAX(1u, BENCH_ORDER / n);
	b->order = calloc((size_t)rounds * n, sizeof(*b->order));
	if (b->order == NULL)
		return -ENOMEM;
	for (uint32_t r = 0; r < rounds; r++) {
		uint32_t *round = &b->order[(size_t)r * n], k = 0;

		for (uint32_t i = 0; i < t->n_streams; i++)
			if (good(&t->stream[i], tx))
				round[k++] = i;
		do
			bench_rng_shuffle(round, n, &t->rng);
		while (n > 2 && ((r != 0 && round[0] == round[-1]) ||
				 (r == rounds - 1 && round[n - 1] == b->order[0])));
		/* Two streams can only alternate: every round as the first. */
		if (n == 2 && r != 0)
			memcpy(round, b->order, 2 * sizeof(*round));
	}
	b->n_order = rounds * n;
	b->n_streams = n;
	return 0;
}

/* Each bad stream of @p tx as often as its share wants, at random places among good ones. */
static uint32_t
place_bad(struct bench_traffic *t, const struct bench_bad_list *bad, uint16_t tx,
	  uint32_t order[BENCH_MIXED])
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < t->n_streams; i++) {
		const struct bench_stream *s = &t->stream[i];
		uint32_t want;

		if (s->tx != tx || s->rx != BENCH_RX_NONE)
			continue;
		want = (uint32_t)lround(bad->entry[s->group - t->n_groups].percent / 100 *
					BENCH_MIXED);
		while (want-- != 0)
			order[n++] = i;
	}
	for (uint32_t i = n; i < BENCH_MIXED; i++)
		order[i] = GOOD;
	bench_rng_shuffle(order, BENCH_MIXED, &t->rng);
	return n;
}

int
bench_order_mix(struct bench_traffic *t, unsigned int s, uint16_t tx,
		const struct bench_bad_list *bad)
{
	struct bench_sender *b = &t->sender[s];
	uint32_t *mixed = malloc(BENCH_MIXED * sizeof(*mixed)), at = 0;

	if (mixed == NULL)
		return -ENOMEM;
	b->n_bad = place_bad(t, bad, tx, mixed);
	for (uint32_t i = 0; i < BENCH_MIXED; i++) {
		if (mixed[i] != GOOD)
			continue;
		mixed[i] = b->order[at];
		at = at + 1 == b->n_order ? 0 : at + 1;
	}
	free(b->order);
	b->order = mixed;
	b->n_order = BENCH_MIXED;
	return 0;
}
