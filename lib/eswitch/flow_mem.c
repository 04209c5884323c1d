/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * Memory of rules: pieces of a multiple of 64 octets, cut from chunks and never given back to
 * DPDK's heap before the device goes. The heap's own list would cost more than a rule's insertion
 * does, and a million rules are a million pieces.
 *
 * What a burst may still look at waits until enough has gathered for the price of one grace period.
 */
#include <string.h>

#include <rte_malloc.h>

#include "flow_table.h"

#define CHUNK (256 * 1024)
#define UNIT 64

/* A piece that is free. */
struct piece {
	struct piece *next;
};

/* A chunk, or a large piece: in a list, to be freed in the end. */
struct chunk {
	struct chunk *prev, *next;
	uint64_t size;
} __rte_cache_aligned;

static void *
chunk_get(struct esw *sw, size_t size)
{
	struct chunk *c = rte_zmalloc_socket("esw_flow", sizeof(*c) + size, RTE_CACHE_LINE_SIZE,
					     sw->conf.socket_id);

	if (c == NULL)
		return NULL;
	c->size = sizeof(*c) + size;
	c->next = sw->flow.chunks;
	if (c->next != NULL)
		c->next->prev = c;
	sw->flow.chunks = c;
	sw->flow.octets += c->size;
	return c + 1;
}

static void
chunk_put(struct esw *sw, void *p)
{
	struct chunk *c = (struct chunk *)p - 1;

	if (c->prev != NULL)
		c->prev->next = c->next;
	else
		sw->flow.chunks = c->next;
	if (c->next != NULL)
		c->next->prev = c->prev;
	sw->flow.octets -= c->size;
	rte_free(c);
}

static uint32_t
units_of(uint32_t size)
{
	return (size + UNIT - 1) / UNIT;
}

/* There is no list of free pieces of that many units: from the heap itself. */
static bool
is_large(uint32_t size)
{
	return units_of(size) >= ESW_FLOW_MEM_CLASSES;
}

void
esw_flow_mem_put(struct esw *sw, void *p, uint32_t size)
{
	struct piece *f = p;

	if (is_large(size)) {
		chunk_put(sw, p);
		return;
	}
	f->next = sw->flow.piece[units_of(size)];
	sw->flow.piece[units_of(size)] = f;
}

/* Wait until nobody looks at what was retired. A burst that is stuck: later. */
static void
retired_reuse(struct esw *sw)
{
	if (sw->flow.n_retired == 0 || esw_grace(sw) != 0)
		return;
	for (uint32_t i = 0; i < sw->flow.n_retired; i++)
		esw_flow_mem_put(sw, sw->flow.retired[i].p, sw->flow.retired[i].size);
	sw->flow.n_retired = 0;
}

void *
esw_flow_mem_get_raw(struct esw *sw, uint32_t size)
{
	uint32_t units = units_of(size);
	struct piece *f;

	if (is_large(size)) {
		retired_reuse(sw);
		return chunk_get(sw, size);
	}
	if (sw->flow.piece[units] == NULL && sw->flow.left < units * UNIT) {
		if (sw->flow.n_retired >= ESW_FLOW_RETIRED_MAX / 4)
			retired_reuse(sw);
	}
	f = sw->flow.piece[units];
	if (f != NULL) {
		sw->flow.piece[units] = f->next;
		return f;
	}
	if (sw->flow.left < units * UNIT) {
		uint8_t *c = chunk_get(sw, CHUNK);

		if (c == NULL)
			return NULL;
		if (sw->flow.left != 0) /* what is left of the chunk before */
			esw_flow_mem_put(sw, sw->flow.rest, sw->flow.left);
		sw->flow.rest = c;
		sw->flow.left = CHUNK;
	}
	f = (struct piece *)sw->flow.rest;
	sw->flow.rest += units * UNIT;
	sw->flow.left -= units * UNIT;
	return f;
}

/* Larger ones are never used a second time. */
void *
esw_flow_mem_get(struct esw *sw, uint32_t size)
{
	void *p = esw_flow_mem_get_raw(sw, size);

	if (p != NULL && !is_large(size))
		memset(p, 0, size);
	return p;
}

void
esw_flow_mem_retire(struct esw *sw, void *p, uint32_t size)
{
	if (sw->flow.n_retired == ESW_FLOW_RETIRED_MAX)
		retired_reuse(sw);
	if (sw->flow.n_retired == ESW_FLOW_RETIRED_MAX)
		return; /* a burst has been stuck for a second: it stays there until the end */
	sw->flow.retired[sw->flow.n_retired].p = p;
	sw->flow.retired[sw->flow.n_retired++].size = size;
}

void
esw_flow_mem_free_all(struct esw *sw)
{
	while (sw->flow.chunks != NULL)
		chunk_put(sw, (struct chunk *)sw->flow.chunks + 1);
}

uint64_t
esw_flow_memory(const struct esw *sw)
{
	return sw->flow.octets;
}
