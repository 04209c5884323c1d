/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * Octets of a frame on its way: the sender's mbufs, rewritten headers in front of them, and an edit
 * at octet 12, read as if all had been done.
 */
#include <string.h>

#include "deliver.h"
#include "flow_edit.h"

/* n octets of the chain from `at`. */
static void
chain_read(const struct rte_mbuf *m, uint32_t at, uint8_t *to, uint32_t n)
{
	while (m != NULL && at >= m->data_len) {
		at -= m->data_len;
		m = m->next;
	}
	for (; m != NULL && n > 0; m = m->next, at = 0) {
		uint32_t k = RTE_MIN(n, m->data_len - at);

		memcpy(to, rte_pktmbuf_mtod_offset(m, const uint8_t *, at), k);
		to += k;
		n -= k;
	}
}

/* The same of the frame with its headers rewritten. */
static void
base_read(const struct esw_send *s, uint32_t at, uint8_t *to, uint32_t n)
{
	const struct esw_flow_front *f = s->front;

	if (f != NULL) {
		uint32_t k = at < f->n ? RTE_MIN(n, f->n - at) : 0;

		memcpy(to, f->p + at, k);
		at = at + k - f->n + f->cut;
		to += k;
		n -= k;
	}
	if (n > 0)
		chain_read(s->m, at, to, n);
}

void
esw_send_read(const struct esw_send *s, const struct esw_edit *e, uint32_t at, uint8_t *to,
	      uint32_t n)
{
	const uint32_t macs = 2 * RTE_ETHER_ADDR_LEN;
	uint32_t tag = rte_cpu_to_be_32(e->tag), push = e->push ? ESW_TAG_LEN : 0, k;

	if (n == 0)
		return;
	if (at == 0) { /* the first buffer takes addresses and tag at once: none is that small */
		base_read(s, 0, to, macs);
		memcpy(to + macs, &tag, push);
		k = macs + push;
		to += k;
		at += k;
		n -= k;
	}
	base_read(s, at - push + e->cut, to, n);
}

const uint8_t *
esw_send_head(const struct esw_send *s, const struct esw_edit *e, uint32_t len, uint8_t *buf,
	      uint32_t *n)
{
	uint32_t want = RTE_MIN(len, (uint32_t)ESW_FLOW_LOOK);

	*n = want;
	if (!e->push && e->cut == 0) {
		if (s->front != NULL && s->front->n >= want)
			return s->front->p;
		if (s->front == NULL && s->m->data_len >= want)
			return rte_pktmbuf_mtod(s->m, const uint8_t *);
	}
	esw_send_read(s, e, 0, buf, want);
	return buf;
}
