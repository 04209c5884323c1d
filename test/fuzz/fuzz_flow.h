/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _FUZZ_FLOW_H_
#define _FUZZ_FLOW_H_

/*
 * What the fuzzing programs of flow rules share: DPDK's start, values taken from the input, and
 * frames that are made of it.
 *
 * What surprises: an input that is used up goes on with zeroes, so that each prefix of an input is
 * an input.
 *
 * Thread-safety: libFuzzer calls from one thread.
 */
#include <unistd.h>

#include <rte_eal.h>
#include <rte_mbuf.h>

#include "fuzz.h"

#define FUZZ_POOL_N 1023

int LLVMFuzzerInitialize(int *argc, char ***argv);

struct take {
	const uint8_t *p;
	size_t n;
};

static inline void
take_octets(struct take *t, void *to, size_t n)
{
	size_t k = t->n < n ? t->n : n;

	memset(to, 0, n);
	if (k != 0)
		memcpy(to, t->p, k);
	t->p += k;
	t->n -= k;
}

static inline uint8_t
take_u8(struct take *t)
{
	uint8_t v;

	take_octets(t, &v, sizeof(v));
	return v;
}

static inline uint16_t
take_u16(struct take *t)
{
	uint16_t v;

	take_octets(t, &v, sizeof(v));
	return v;
}

static inline uint32_t
take_u32(struct take *t)
{
	uint32_t v;

	take_octets(t, &v, sizeof(v));
	return v;
}

/* Mostly below n, so that inputs reach what is behind a check of ranges. */
static inline uint32_t
take_below(struct take *t, uint32_t n)
{
	uint8_t v = take_u8(t);

	return v >= 0xf8 ? v - 0xf8 + n : v % n;
}

static inline void
fuzz_folder_remove(void)
{
	rmdir(rte_eal_get_runtime_dir()); /* empty: nothing is shared */
}

static inline struct rte_mempool *
fuzz_start(void)
{
	static char prefix[32]; /* a runtime folder of its own, as several run at once */
	char *argv[] = {
		(char[]){ "fuzz" },
		(char[]){ "--no-huge" },
		(char[]){ "-m" },
		(char[]){ "96" },
		(char[]){ "--no-pci" },
		(char[]){ "--no-telemetry" },
		(char[]){ "--no-shconf" },
		(char[]){ "-l" },
		(char[]){ "0" },
		(char[]){ "--log-level=*:emergency" },
		prefix,
	};
	struct rte_mempool *mp;

	snprintf(prefix, sizeof(prefix), "--file-prefix=fuzz%d", getpid());
	promise(rte_eal_init(RTE_DIM(argv), argv) >= 0, "DPDK starts", "it does not");
	atexit(fuzz_folder_remove);
	mp = rte_pktmbuf_pool_create("fuzz", FUZZ_POOL_N, 0, 0, RTE_MBUF_DEFAULT_BUF_SIZE,
				     SOCKET_ID_ANY);
	promise(mp != NULL, "a pool", "no memory");
	return mp;
}

/* Headers that a frame starts with; the input is put over them and behind them. */
enum fuzz_like { FUZZ_ANY, FUZZ_UDP4, FUZZ_TCP4, FUZZ_UDP6, FUZZ_TAGS, FUZZ_VXLAN, FUZZ_LIKES };

static inline uint32_t
fuzz_ip4(uint8_t *p, uint8_t proto)
{
	static const uint8_t ip[] = { 0x45, 0, 0,  100, 0, 1, 0,  0, 64, 0,
				      0,    0, 10, 0,   0, 1, 10, 0, 0,  2 };

	memcpy(p, ip, sizeof(ip));
	p[9] = proto;
	return sizeof(ip);
}

static inline uint32_t
fuzz_headers(enum fuzz_like like, uint8_t *p)
{
	static const uint8_t vxlan[] = {
		0x12, 0xb5, 0x12, 0xb5, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 5, 0
	};
	uint32_t n = 14;

	if (like == FUZZ_TAGS) {
		memcpy(p + 12, (const uint8_t[]){ 0x88, 0xa8, 0, 7, 0x81, 0, 0, 8 }, 8);
		n += 8;
	}
	memcpy(p + n - 2, like == FUZZ_UDP6 ? "\x86\xdd" : "\x08", 2);
	switch (like) {
	case FUZZ_ANY:
		return 14;
	case FUZZ_UDP6:
		memset(p + n, 0x20, 48);
		p[n] = 0x60;
		p[n + 6] = 17;
		return n + 48;
	case FUZZ_TCP4:
		n += fuzz_ip4(p + n, 6);
		p[n + 12] = 0x50;
		return n + 20;
	case FUZZ_VXLAN:
		n += fuzz_ip4(p + n, 17);
		memcpy(p + n, vxlan, sizeof(vxlan));
		n += sizeof(vxlan);
		memcpy(p + n + 12, "\x08", 2);
		return n + 14 + fuzz_ip4(p + n + 14, 17);
	default:
		return n + fuzz_ip4(p + n, 17) + 8;
	}
}

/* Any length from 0 on, in segments of any length; addresses are given, the rest is the input's. */
static inline struct rte_mbuf *
fuzz_frame(struct take *t, struct rte_mempool *mp, const uint8_t *dst, const uint8_t *src)
{
	uint8_t b[2048] = { 0 }, patch[4], how = take_u8(t);
	uint32_t n = fuzz_headers(how % FUZZ_LIKES, b), at = 0, over = take_u8(t);
	uint32_t len = (how & 0x80) != 0 ? take_u16(t) % sizeof(b) : n + take_u8(t);
	struct rte_mbuf *first = NULL;

	if (take_u8(t) < 0xf0)
		memcpy(b, dst, 6);
	if (take_u8(t) < 0xf0)
		memcpy(b + 6, src, 6);
	for (uint32_t k = how >> 4 & 3; k > 0; k--, over = take_u8(t)) {
		take_octets(t, patch, sizeof(patch));
		memcpy(b + over, patch, 1 + over % sizeof(patch));
	}
	take_octets(t, b + n, RTE_MIN(t->n, (size_t)8));
	do {
		struct rte_mbuf *m = rte_pktmbuf_alloc(mp);
		uint32_t k = (how & 0x40) != 0 && at < 600 ? take_u8(t) : len;

		promise(m != NULL, "a buffer", "the pool is empty");
		m->data_off = (how & 0x40) != 0 ? take_u8(t) : m->data_off;
		k = RTE_MIN(RTE_MIN(k, len - at), (uint32_t)rte_pktmbuf_tailroom(m));
		memcpy(rte_pktmbuf_append(m, k), b + at, k);
		at += k;
		if (first == NULL)
			first = m;
		else
			promise(rte_pktmbuf_chain(first, m) == 0, "a chain", "too long");
	} while (at < len && first->nb_segs < 100);
	return first;
}

/* Is what a receiver got a frame at all? */
static inline void
fuzz_look(const struct rte_mbuf *m)
{
	uint32_t sum = 0, n = 0;

	for (const struct rte_mbuf *s = m; s != NULL; s = s->next, n++) {
		promise((uint32_t)s->data_off + s->data_len <= s->buf_len, "octets in the buffer",
			"beyond it");
		sum += s->data_len;
	}
	promise(sum == m->pkt_len && n == m->nb_segs, "segments make the frame", "they do not");
	promise(sum >= 14, "an Ethernet header", "less");
}

#endif /* _FUZZ_FLOW_H_ */
