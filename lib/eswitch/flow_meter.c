/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#include <errno.h>
#include <inttypes.h>

#include <rte_atomic.h>
#include <rte_cycles.h>
#include <rte_errno.h>
#include <rte_malloc.h>

#include "device.h"
#include "flow_meter.h"

/* Credits in a second, at most; and what a full bucket may hold: a quarter of the word. */
#define SECOND_MAX (UINT64_C(1) << 46)
#define FULL_MAX (UINT64_C(1) << 62)

__extension__ typedef unsigned __int128 wide;

struct bucket {
	struct esw_flow_meter_rate rate;
	uint64_t full;   /* credits */
	uint64_t second; /* credits that come in a second */
};

/*
 * A configuration with the state that belongs to it. The state has a line of its own: it changes
 * with each frame, what is behind it never does while frames see it.
 */
struct slot {
	rte_int128_t
		state; /* SRTCM: when C was empty, and E's credits. Else: when each was empty */
	struct bucket c __rte_cache_aligned;
	struct bucket e;
	enum esw_flow_meter_alg alg;
	bool packets;
	bool drop[ESW_FLOW_COLORS];
} __rte_cache_aligned;

struct esw_flow_meter {
	struct slot *cur;
	bool off;
	bool stuck;    /* a burst may still be in the slot that is not current */
	bool met;      /* rules had it, so that a burst may be in here after they are gone */
	uint32_t refs; /* rules that have it; device mutex */
	struct slot slot[2];
	struct esw_flow_meter_stats stats __rte_cache_aligned;
} __rte_cache_aligned;

/* Is a / b nearer to hz / rate than c / d? Denominators are per_cycle. */
static bool
is_nearer(uint64_t rate, uint64_t hz, const struct esw_flow_meter_rate *ab,
	  const struct esw_flow_meter_rate *cd)
{
	wide x = (wide)hz * ab->per_cycle, y = (wide)rate * ab->per_token;
	wide u = (wide)hz * cd->per_cycle, v = (wide)rate * cd->per_token;
	wide ab_off = x > y ? x - y : y - x, cd_off = u > v ? u - v : v - u;

	return ab_off * cd->per_cycle < cd_off * ab->per_cycle;
}

/*
 * The best fraction per_token / per_cycle = hz / rate with a bounded denominator: the last
 * convergent of the continued fraction, or the last semiconvergent where that is nearer (Hardy and
 * Wright, chapter X).
 */
struct esw_flow_meter_rate
esw_flow_meter_rate(uint64_t rate, uint64_t hz)
{
	struct esw_flow_meter_rate last = { .per_cycle = 0, .per_token = 1 };
	struct esw_flow_meter_rate now = { .per_cycle = 1, .per_token = 0 }, next;
	const uint64_t max = SECOND_MAX / hz;
	uint64_t num = hz, den = rate, rest;

	if (rate == 0)
		return last; /* nothing ever comes */
	now.per_token = num / den;
	for (rest = num % den; rest != 0; rest = num % den) {
		uint64_t a, fits = (max - last.per_cycle) / now.per_cycle;

		num = den;
		den = rest;
		a = RTE_MIN(num / den, fits);
		next.per_cycle = last.per_cycle + a * now.per_cycle;
		next.per_token = last.per_token + a * now.per_token;
		if (a < num / den) {
			if (is_nearer(rate, hz, &next, &now))
				now = next;
			break;
		}
		last = now;
		now = next;
	}
	return now;
}

static int
burst_check(const char *name, uint64_t burst, uint64_t min, uint64_t rate, struct esw_err *err)
{
	uint64_t max = FULL_MAX / esw_flow_meter_rate(rate, rte_get_tsc_hz()).per_token;

	if (burst >= min && burst <= max)
		return 0;
	return esw_err_set(err, -EINVAL, "%s: %" PRIu64 " is out of range %" PRIu64 " to %" PRIu64,
			   name, burst, min, max);
}

static int
rates_check(const struct esw_flow_meter_conf *c, struct esw_err *err)
{
	if (c->cir < 1 || c->cir > ESW_FLOW_METER_RATE_MAX)
		return esw_err_set(err, -EINVAL, "cir: %" PRIu64 " is out of range 1 to %" PRIu64,
				   c->cir, ESW_FLOW_METER_RATE_MAX);
	if (c->alg == ESW_FLOW_METER_TRTCM && (c->pir < c->cir || c->pir > ESW_FLOW_METER_RATE_MAX))
		return esw_err_set(err, -EINVAL,
				   "pir: %" PRIu64 " is out of range %" PRIu64 " (cir) to %" PRIu64,
				   c->pir, c->cir, ESW_FLOW_METER_RATE_MAX);
	if (c->alg == ESW_FLOW_METER_TRTCM2 && c->pir > ESW_FLOW_METER_RATE_MAX - c->cir)
		return esw_err_set(err, -EINVAL,
				   "eir: %" PRIu64 " is out of range 0 to %" PRIu64
				   ", the rest beside cir",
				   c->pir, ESW_FLOW_METER_RATE_MAX - c->cir);
	return 0;
}

int
esw_flow_meter_check(const struct esw_flow_meter_conf *c, struct esw_err *err)
{
	/* A shorter frame does not exist. */
	const uint64_t least = c->packets ? 1 : RTE_ETHER_HDR_LEN;
	bool peak = c->alg == ESW_FLOW_METER_TRTCM;
	int rc;

	if (c->alg != ESW_FLOW_METER_SRTCM && c->alg != ESW_FLOW_METER_TRTCM &&
	    c->alg != ESW_FLOW_METER_TRTCM2)
		return esw_err_set(err, -EINVAL,
				   "alg: %d is none of 0 (RFC 2697), 1 (RFC 2698), 2 (RFC 4115)",
				   (int)c->alg);
	rc = rates_check(c, err);
	/* RFC 2698 2: both more than zero. RFC 2697 2: at least one of them; RFC 4115 alike. */
	if (rc == 0)
		rc = burst_check("cbs", c->cbs, peak ? 1 : 0, c->cir, err);
	if (rc == 0)
		rc = burst_check(peak ? "pbs" : "ebs", c->ebs, peak ? least : 0,
				 c->alg == ESW_FLOW_METER_SRTCM ? c->cir : c->pir, err);
	if (rc == 0 && c->cbs < least && c->ebs < least)
		return esw_err_set(err, -EINVAL,
				   "cbs, ebs: %" PRIu64 " and %" PRIu64
				   " let no frame pass, one must be %" PRIu64 " or more",
				   c->cbs, c->ebs, least);
	return rc;
}

static void
bucket_init(struct bucket *b, uint64_t rate, uint64_t burst)
{
	const uint64_t hz = rte_get_tsc_hz();

	b->rate = esw_flow_meter_rate(rate, hz);
	b->full = burst * b->rate.per_token;
	b->second = hz * b->rate.per_cycle;
}

/* Full buckets: RFC 2697 3, RFC 2698 3, RFC 4115 3. */
static void
slot_init(struct slot *s, const struct esw_flow_meter_conf *c)
{
	uint64_t tsc = rte_rdtsc();

	s->alg = c->alg;
	s->packets = c->packets;
	for (unsigned int i = 0; i < ESW_FLOW_COLORS; i++)
		s->drop[i] = c->drop[i];
	bucket_init(&s->c, c->cir, c->cbs);
	bucket_init(&s->e, c->alg == ESW_FLOW_METER_SRTCM ? c->cir : c->pir, c->ebs);
	s->state.val[0] = tsc * s->c.rate.per_cycle - s->c.full;
	s->state.val[1] = s->e.full;
	if (c->alg != ESW_FLOW_METER_SRTCM)
		s->state.val[1] = tsc * s->e.rate.per_cycle - s->e.full;
}

struct esw_flow_meter *
esw_flow_meter_create(struct esw *sw, const struct esw_flow_meter_conf *c, struct esw_err *err)
{
	struct esw_flow_meter *m;
	int rc = esw_flow_meter_check(c, err);

	if (rc != 0) {
		rte_errno = -rc;
		return NULL;
	}
	m = rte_zmalloc_socket("esw_meter", sizeof(*m), RTE_CACHE_LINE_SIZE, sw->conf.socket_id);
	if (m == NULL) {
		rte_errno = ENOMEM;
		esw_err_set(err, -ENOMEM, "no memory for a meter of %zu octets", sizeof(*m));
		return NULL;
	}
	slot_init(&m->slot[0], c);
	m->cur = &m->slot[0];
	return m;
}

int
esw_flow_meter_destroy(struct esw *sw, struct esw_flow_meter *m, struct esw_err *err)
{
	int rc = 0;

	if (m == NULL)
		return 0;
	esw_lock(sw);
	if (esw_flow_meter_refs(m) != 0)
		rc = esw_err_set(err, -EBUSY, "meter: %u rules have it", esw_flow_meter_refs(m));
	else if (m->met && esw_grace(sw) != 0)
		rc = esw_err_set(err, -EAGAIN, "meter: a process is stopped inside a burst");
	esw_unlock(sw);
	if (rc == 0)
		rte_free(m);
	return rc;
}

int
esw_flow_meter_update(struct esw *sw, struct esw_flow_meter *m, const struct esw_flow_meter_conf *c,
		      struct esw_err *err)
{
	int rc = esw_flow_meter_check(c, err);
	struct slot *next;

	if (rc != 0)
		return rc;
	esw_lock(sw);
	if (m->stuck && esw_grace(sw) != 0) {
		rc = esw_err_set(err, -EAGAIN, "meter: a process is stopped inside a burst");
	} else {
		next = m->cur == &m->slot[0] ? &m->slot[1] : &m->slot[0];
		slot_init(next, c);
		m->stuck = true; /* until a wait is over, whoever dies meanwhile */
		__atomic_store_n(&m->cur, next, __ATOMIC_RELEASE);
		m->stuck = esw_grace(sw) != 0;
	}
	esw_unlock(sw);
	return rc;
}

void
esw_flow_meter_enable(struct esw_flow_meter *m, bool on)
{
	__atomic_store_n(&m->off, !on, __ATOMIC_RELAXED);
}

static void
stats_read(struct esw_flow_stats *from, bool reset, struct esw_flow_stats *to)
{
	if (reset) {
		to->packets = __atomic_exchange_n(&from->packets, 0, __ATOMIC_RELAXED);
		to->bytes = __atomic_exchange_n(&from->bytes, 0, __ATOMIC_RELAXED);
	} else {
		to->packets = __atomic_load_n(&from->packets, __ATOMIC_RELAXED);
		to->bytes = __atomic_load_n(&from->bytes, __ATOMIC_RELAXED);
	}
}

void
esw_flow_meter_stats_get(struct esw *sw, struct esw_flow_meter *m, bool reset,
			 struct esw_flow_meter_stats *s)
{
	esw_lock(sw);
	for (unsigned int i = 0; i < ESW_FLOW_COLORS; i++)
		stats_read(&m->stats.color[i], reset, &s->color[i]);
	stats_read(&m->stats.dropped, reset, &s->dropped);
	esw_unlock(sw);
}

void
esw_flow_meter_ref(struct esw_flow_meter *m, int by)
{
	__atomic_fetch_add(&m->refs, (uint32_t)by, __ATOMIC_RELAXED);
	m->met = true;
}

uint32_t
esw_flow_meter_refs(const struct esw_flow_meter *m)
{
	return __atomic_load_n(&m->refs, __ATOMIC_RELAXED);
}

/* Both halves of one moment; as esw_fdb_load(). */
static inline rte_int128_t
state_load(rte_int128_t *s)
{
	rte_int128_t v = { .val = { 0, 0 } };
#ifdef RTE_ARCH_X86_64
	_mm_store_si128((__m128i *)&v, _mm_load_si128((const __m128i *)s));
#else
	rte_atomic128_cmp_exchange(s, &v, &v, 0, __ATOMIC_ACQUIRE, __ATOMIC_ACQUIRE);
#endif
	return v;
}

/*
 * Credits since a bucket was empty, not yet limited to what it holds. None if the moment is ahead:
 * another core's clock, or that of its burst, is later. More than a second ahead is no clock: the
 * word went round, or time was set back, and the bucket has long been full.
 */
static inline uint64_t
since(const struct bucket *b, uint64_t empty, uint64_t now)
{
	uint64_t d = now - empty;

	return d > UINT64_MAX - b->second ? 0 : d;
}

/* RFC 2697 3, colour-blind: what C cannot hold goes to E, what E cannot hold is lost. */
static inline enum esw_flow_color
srtcm(const struct slot *s, rte_int128_t *st, uint32_t tokens, uint64_t tsc)
{
	uint64_t d = since(&s->c, st->val[0], tsc * s->c.rate.per_cycle);
	uint64_t over = d > s->c.full ? d - s->c.full : 0;
	uint64_t cost = tokens * s->c.rate.per_token;

	st->val[0] += over;
	st->val[1] += RTE_MIN(over, s->e.full - st->val[1]);
	if (d - over >= cost) {
		st->val[0] += cost;
		return ESW_FLOW_GREEN;
	}
	if (st->val[1] < cost)
		return ESW_FLOW_RED;
	st->val[1] -= cost;
	return ESW_FLOW_YELLOW;
}

/*
 * RFC 2698 3 (`peak`): a green frame takes from both buckets, and P is asked first. RFC 4115 3: it
 * takes from C alone.
 */
static inline enum esw_flow_color
trtcm(const struct slot *s, rte_int128_t *st, uint32_t tokens, uint64_t tsc, bool peak)
{
	uint64_t dc = since(&s->c, st->val[0], tsc * s->c.rate.per_cycle);
	uint64_t de = since(&s->e, st->val[1], tsc * s->e.rate.per_cycle);
	uint64_t cost_c = tokens * s->c.rate.per_token, cost_e = tokens * s->e.rate.per_token;
	bool in_c = RTE_MIN(dc, s->c.full) >= cost_c, in_e = RTE_MIN(de, s->e.full) >= cost_e;

	if (!in_e && (peak || !in_c))
		return ESW_FLOW_RED;
	if (in_c)
		st->val[0] += cost_c + (dc > s->c.full ? dc - s->c.full : 0);
	if (peak || !in_c)
		st->val[1] += cost_e + (de > s->e.full ? de - s->e.full : 0);
	return in_c ? ESW_FLOW_GREEN : ESW_FLOW_YELLOW;
}

static inline enum esw_flow_color
judge(struct slot *s, uint32_t tokens, uint64_t tsc)
{
	rte_int128_t old = state_load(&s->state), new;
	enum esw_flow_color color;

	do {
		new = old;
		color = s->alg == ESW_FLOW_METER_SRTCM ?
				srtcm(s, &new, tokens, tsc) :
				trtcm(s, &new, tokens, tsc, s->alg == ESW_FLOW_METER_TRTCM);
		/* Time is no state: what a red frame has seen, the next one sees as well. */
	} while (color != ESW_FLOW_RED &&
		 rte_atomic128_cmp_exchange(&s->state, &old, &new, 0, __ATOMIC_ACQ_REL,
					    __ATOMIC_ACQUIRE) == 0);
	return color;
}

bool
esw_flow_meter_run(struct esw_flow_meter *m, uint32_t packets, uint32_t octets, uint64_t tsc)
{
	struct slot *s = __atomic_load_n(&m->cur, __ATOMIC_ACQUIRE);
	enum esw_flow_color color = ESW_FLOW_GREEN;
	struct esw_flow_stats *n;

	if (!__atomic_load_n(&m->off, __ATOMIC_RELAXED))
		color = judge(s, s->packets ? packets : octets, tsc);
	n = s->drop[color] ? &m->stats.dropped : &m->stats.color[color];
	__atomic_fetch_add(&n->packets, packets, __ATOMIC_RELAXED);
	__atomic_fetch_add(&n->bytes, octets, __ATOMIC_RELAXED);
	return !s->drop[color];
}
