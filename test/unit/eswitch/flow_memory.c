/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* Memory of rules: it does not grow without end, all of it goes with the device; none is none. */
#include <errno.h>
#include <stdlib.h>

#include <rte_malloc.h>

#include "flow_rig.h"
#include "flow_table.h"

#define MILLION 1000000
#define LIVE 2000
#define CHUNK (256 * 1024)
#define HOARD 20000 /* pieces of heap that a test may hold */

static struct fr r;

/* Octets that DPDK's heap has given away. */
static size_t
heap(void)
{
	struct rte_malloc_socket_stats s;
	size_t sum = 0;

	for (int i = 0; i < RTE_MAX_NUMA_NODES; i++)
		if (rte_malloc_get_socket_stats(i, &s) == 0)
			sum += s.heap_allocsz_bytes;
	return sum;
}

/* A rule like no other in `n`; its size, mask and group depend on it. */
static void
rule_of(uint32_t n)
{
	fr_begin(&r, VF0, ESW_FLOW_TRANSFER, n % 5 == 0 ? 1 : 0, n % 3);
	FR_IS(&r, 0, dst4, n);
	if (n % 2 == 0)
		FR_IS(&r, 0, proto, 17);
	if (n % 7 == 0)
		fr_range(&r, FR_OFF(0, sport), 2, 1, 5);
	for (uint32_t i = 0; i < n % 11; i++)
		fr_do(&r, ESW_FLOW_MAC_SWAP);
	if (n % 13 == 0)
		fr_do(&r, ESW_FLOW_AGE)->timeout = 1000;
	fr_do(&r, ESW_FLOW_COUNT);
	fr_do(&r, ESW_FLOW_DROP);
}

static void
a_million(void **state)
{
	static struct esw_flow *rule[LIVE];
	struct esw *sw = rig_switch(ESW_MODE_SWITCHDEV, VFS);
	uint64_t octets = 0;

	RTE_SET_USED(state);
	memset(rule, 0, sizeof(rule));
	for (uint32_t n = 0; n < MILLION; n++) {
		struct esw_flow **at = &rule[n * 7 % LIVE];

		if (*at != NULL)
			esw_flow_destroy(sw, *at);
		rule_of(n);
		*at = esw_flow_create(sw, &r.spec, NULL);
		assert_non_null(*at);
		if (n == MILLION / 10)
			octets = esw_flow_memory(sw);
	}
	assert_int_equal(esw_flow_number(sw, VF0), LIVE);
	/* Pieces of one size are never those of another: the mix may ask for a chunk or two. */
	assert_true(esw_flow_memory(sw) <= octets + 4 * CHUNK);
	rig_free(sw);
}

/* Many at once, gone at once, again and again. */
static void
waves(void **state)
{
	struct esw *sw = rig_switch(ESW_MODE_SWITCHDEV, VFS);
	uint64_t octets[4];

	RTE_SET_USED(state);
	for (uint32_t k = 0; k < RTE_DIM(octets); k++) {
		for (uint32_t n = 0; n < 30000; n++) {
			rule_of(n);
			assert_non_null(esw_flow_create(sw, &r.spec, NULL));
		}
		octets[k] = esw_flow_memory(sw);
		assert_int_equal(esw_flow_flush(sw, VF0), 30000);
	}
	assert_true(octets[3] <= octets[1] + 4 * CHUNK);
	rig_free(sw);
}

/* Sizes around that from which on a piece is the heap's own. */
static void
every_size(void **state)
{
	static uint8_t octets[ESW_FLOW_ENCAP_MAX];
	struct esw *sw = rig_switch(ESW_MODE_SWITCHDEV, VFS);
	struct esw_flow *rule[ESW_FLOW_ENCAP_MAX];
	uint32_t around = 0, units;

	RTE_SET_USED(state);
	for (uint32_t n_encap = 1; n_encap < ESW_FLOW_ACTS_MAX; n_encap++) {
		for (uint16_t len = RTE_ETHER_HDR_LEN; len < ESW_FLOW_ENCAP_MAX; len++) {
			fr_begin(&r, VF0, ESW_FLOW_TRANSFER, 0, len);
			for (uint32_t i = 0; i < n_encap; i++)
				*fr_do(&r, ESW_FLOW_ENCAP) = (struct esw_flow_act){
					.op = ESW_FLOW_ENCAP,
					.encap = { .bytes = octets, .len = len },
				};
			fr_do(&r, ESW_FLOW_DROP);
			memset(octets, len, sizeof(octets));
			rule[len] = fr_make(sw, &r);
			units = (esw_flow_ctl(rule[len])->size + 63) / 64;
			around |= units == ESW_FLOW_MEM_CLASSES - 1 ? 1 : 0;
			around |= units == ESW_FLOW_MEM_CLASSES ? 2 : 0;
		}
		for (uint16_t len = RTE_ETHER_HDR_LEN; len < ESW_FLOW_ENCAP_MAX; len++) {
			const struct esw_flow_act *a = rule[len]->act;

			for (uint32_t i = 0; i < n_encap; i++)
				for (uint32_t k = 0; k < len; k++)
					assert_int_equal(a[i].encap.bytes[k], len);
			assert_int_equal(a[n_encap].op, ESW_FLOW_DROP);
			esw_flow_destroy(sw, rule[len]);
		}
	}
	assert_int_equal(around, 3);
	rig_free(sw);
}

static void
all_is_freed(void **state)
{
	size_t before = heap();
	struct esw *sw;

	RTE_SET_USED(state);
	for (uint32_t round = 0; round < 3; round++) {
		sw = rig_switch(ESW_MODE_SWITCHDEV, VFS);
		rig_tx(sw, VF0, 0); /* its cache */
		assert_non_null(esw_flow_counter_create(sw, NULL));
		assert_non_null(esw_flow_age_create(sw, VF0, 5, NULL, NULL));
		for (uint32_t n = 0; n < 3000; n++) {
			rule_of(n);
			fr_make(sw, &r);
		}
		assert_true(heap() > before);
		rig_free(sw);
		assert_int_equal(heap(), before);
	}
}

static void *hoard[HOARD];
static uint32_t n_hoard;

/* Take what the heap has, the largest pieces first. */
static void
heap_empty(void)
{
	for (size_t n = 64 << 20; n >= 64; n /= 2) {
		void *p;

		while (n_hoard < HOARD && (p = rte_malloc(NULL, n, 0)) != NULL)
			hoard[n_hoard++] = p;
	}
}

static void
heap_back(void)
{
	while (n_hoard > 0)
		rte_free(hoard[--n_hoard]);
}

static bool
is_found(const struct esw *sw, const struct esw_flow *f)
{
	const struct esw_flow_sub *s = esw_flow_ctl(f)->sub;
	union esw_flow_key k = { .w = { 0 } };

	for (uint32_t i = 0; i < s->n_words; i++)
		k.w[s->word[i]] = f->key[i];
	k.h[0].sport = RTE_BE16(3); /* in the interval, if there is one */
	RTE_SET_USED(sw);
	return s->table->subs != NULL && esw_flow_lookup(s->table->subs, &k, 0) == f;
}

/* Whatever lacks memory, a rule is there as a whole or not at all, and the others stay. */
static void
no_memory(void **state)
{
	struct esw *sw = rig_switch(ESW_MODE_SWITCHDEV, VFS);
	uint32_t refused = 0, made = 0, n = 1;
	struct esw_flow *f, *next;
	struct esw_err err;

	RTE_SET_USED(state);
	for (uint32_t round = 0; round < 20; round++) {
		heap_empty();
		for (uint32_t i = 0; i < 3000; i++, n++) {
			rule_of(n);
			FR_UNDER(&r, 0, src4, UINT32_MAX, n % 100 + round); /* masks */
			err.msg[0] = '\0';
			f = esw_flow_create(sw, &r.spec, &err);
			made += f != NULL;
			refused += f == NULL;
			if (f == NULL) {
				assert_int_equal(rte_errno, ENOMEM);
				assert_string_equal(err.msg, "no memory for a flow rule");
			}
		}
		assert_int_equal(esw_flow_number(sw, VF0), made);
		for (f = esw_flow_next(sw, VF0, NULL); f != NULL; f = next) {
			next = esw_flow_next(sw, VF0, f);
			assert_true(is_found(sw, f));
			if (rand() % 2 == 0)
				continue;
			esw_flow_destroy(sw, f);
			made--;
		}
		heap_back();
	}
	assert_true(refused > 0);
	assert_int_equal(esw_flow_flush(sw, VF0), made);
	rule_of(1);
	f = fr_make(sw, &r);
	assert_true(is_found(sw, f));
	rig_free(sw);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_million),  cmocka_unit_test(waves),
		cmocka_unit_test(every_size), cmocka_unit_test(all_is_freed),
		cmocka_unit_test(no_memory),
	};

	return cmocka_run_group_tests_name("flow_memory", tests, rig_setup, rig_teardown);
}
