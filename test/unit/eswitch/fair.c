/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* One receiver, many senders: who floods takes nothing from the others. */
#include <string.h>

#include "rig.h"

#define SENDERS_MAX 200

struct crowd {
	struct esw *sw;
	unsigned int n; /* senders: VF 1 to VF n, the receiver is VF 0 */
	struct esw_txq *tx[SENDERS_MAX];
	uint64_t mac[SENDERS_MAX];
	uint64_t got[SENDERS_MAX];
	struct esw_rxq *rx;
};

static void
crowd_make(struct crowd *c, unsigned int n)
{
	memset(c, 0, sizeof(*c));
	c->sw = rig_switch(ESW_MODE_VEB, n + 1);
	c->n = n;
	c->rx = rig_rx(c->sw, ESW_EP_VF0, 0, rig_pool(RIG_2K), 0);
	for (unsigned int i = 0; i < n; i++) {
		c->tx[i] = rig_tx(c->sw, esw_ep_vf(i + 1), 0);
		c->mac[i] = rig_mac(c->sw, i + 1);
	}
}

static void
crowd_send(struct crowd *c, unsigned int who, unsigned int n)
{
	uint64_t dst = rig_mac(c->sw, 0);

	while (n-- > 0)
		rig_send(c->tx[who], rig_frame(rig_pool(RIG_2K), dst, c->mac[who], 60));
}

/* One burst; adds to got[]. The last octets of a derived address are the VF's index. */
static unsigned int
crowd_recv(struct crowd *c, uint16_t n)
{
	struct rte_mbuf *m[64];

	n = esw_rx_burst(c->rx, m, n);
	for (uint16_t i = 0; i < n; i++) {
		unsigned int vf = rte_pktmbuf_mtod(m[i], const uint8_t *)[11];

		assert_in_range(vf, 1, c->n);
		c->got[vf - 1]++;
	}
	rte_pktmbuf_free_bulk(m, n);
	return n;
}

static void
light_senders_lose_nothing(void **state)
{
	struct crowd c;

	RTE_SET_USED(state);
	crowd_make(&c, 8);
	for (unsigned int round = 0; round < 200; round++) {
		crowd_send(&c, 0, 64); /* twice what the receiver takes in a round */
		for (unsigned int i = 1; i < 8; i++)
			crowd_send(&c, i, 3);
		crowd_recv(&c, 32);
	}
	for (unsigned int round = 0; round < 2; round++)
		crowd_recv(&c, 32);
	for (unsigned int i = 1; i < 8; i++)
		assert_int_equal(c.got[i], 600);
	assert_true(c.got[0] >= 200 * (32 - 21)); /* and the flooder has all the rest */
	assert_true(rig_fate(c.sw, ESW_EP_VF0, ESW_RX_FULL) > 0);
	rig_free(c.sw);
}

static void
shares(unsigned int n, uint16_t burst, unsigned int rounds)
{
	uint64_t low = UINT64_MAX, high = 0;
	struct crowd c;

	crowd_make(&c, n);
	for (unsigned int i = 0; i < n; i++)
		crowd_send(&c, i, 32);
	for (unsigned int round = 0; round < rounds; round++)
		assert_int_equal(crowd_recv(&c, burst), burst);
	for (unsigned int i = 0; i < n; i++) {
		low = RTE_MIN(low, c.got[i]);
		high = RTE_MAX(high, c.got[i]);
	}
	if (high - low > 1)
		fail_msg("%u senders, bursts of %u: %" PRIu64 " to %" PRIu64 " frames", n, burst,
			 low, high);
	rig_free(c.sw);
}

static void
equal_share_of_a_burst(void **state)
{
	RTE_SET_USED(state);
	shares(8, 32, 1);
	shares(8, 32, 6);
	shares(2, 32, 1);
}

static void
equal_share_over_odd_bursts(void **state)
{
	RTE_SET_USED(state);
	shares(8, 1, 40);
	shares(8, 3, 40);
	shares(7, 5, 20);
	shares(8, 12, 8);
}

static void
more_senders_than_burst(void **state)
{
	RTE_SET_USED(state);
	shares(40, 32, 10);
	shares(64, 32, 6);
}

/* More than the receiver lists at once: they take turns in being listed. */
static void
very_many_senders(void **state)
{
	struct crowd c;

	RTE_SET_USED(state);
	crowd_make(&c, 150);
	for (unsigned int i = 0; i < c.n; i++)
		crowd_send(&c, i, 32);
	for (unsigned int round = 0; round < 50; round++) /* a third of what waits */
		crowd_recv(&c, 32);
	for (unsigned int i = 0; i < c.n; i++)
		if (c.got[i] == 0)
			fail_msg("sender %u of %u got nothing through", i, c.n);
	rig_free(c.sw);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(light_senders_lose_nothing),
		cmocka_unit_test(equal_share_of_a_burst),
		cmocka_unit_test(equal_share_over_odd_bursts),
		cmocka_unit_test(more_senders_than_burst),
		cmocka_unit_test(very_many_senders),
	};

	return cmocka_run_group_tests_name("fair", tests, rig_setup, rig_teardown);
}
