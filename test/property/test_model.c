/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * The truth tables on the reference model, one row one test. The model judges the e-switch, so
 * it is judged first.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model.h"
#include "tables.h"

static int
do_policy_set(void *ctx, unsigned int vf, const struct esw_policy *p)
{
	return model_policy_set(ctx, vf, p);
}

static int
do_wire_link(void *ctx, bool up)
{
	((struct model *)ctx)->wire_up = up;
	return 0;
}

static int
do_pf_promisc(void *ctx, bool on)
{
	((struct model *)ctx)->pf_promisc = on;
	return 0;
}

static int
do_stop(void *ctx, enum table_ep ep)
{
	((struct model *)ctx)->port[ep].started = false;
	return 0;
}

static int
do_promisc(void *ctx, unsigned int vf, bool on)
{
	return model_vf_promisc_set(ctx, vf, on);
}

static int
do_allmulti(void *ctx, unsigned int vf, bool on)
{
	return model_vf_allmulti_set(ctx, vf, on);
}

static int
do_mcast(void *ctx, unsigned int vf, const struct rte_ether_addr *mac)
{
	return model_vf_mcast_set(ctx, vf, mac, 1);
}

static int
do_mac_add(void *ctx, unsigned int vf, const struct rte_ether_addr *mac)
{
	return model_vf_mac_add(ctx, vf, mac);
}

static int
do_mac_set(void *ctx, unsigned int vf, const struct rte_ether_addr *mac)
{
	return model_vf_mac_set(ctx, vf, mac);
}

static int
do_mtu(void *ctx, unsigned int vf, uint16_t mtu)
{
	return model_vf_mtu_set(ctx, vf, mtu);
}

static int
do_rep_mtu(void *ctx, unsigned int vf, uint16_t mtu)
{
	return model_vf_rep_mtu_set(ctx, vf, mtu);
}

static int
do_backed(void *ctx, unsigned int vf, bool on)
{
	((struct model *)ctx)->vf[vf].backed = on;
	return 0;
}

static int
do_filter_on(void *ctx, unsigned int vf, bool on)
{
	((struct model *)ctx)->vf[vf].filter = on;
	return 0;
}

static int
do_filter_set(void *ctx, unsigned int vf, uint16_t vid)
{
	return model_vf_vlan_filter_set(ctx, vf, vid, true);
}

static int
do_send(void *ctx, enum table_ep from, const uint8_t *frame, uint32_t len, enum table_ep at,
	uint8_t *got, uint32_t *got_len)
{
	struct model_frame f = { .bytes = frame, .len = len, .pkt_len = len };
	struct model_out out;
	unsigned int k;
	int fate = -1;

	model_send(ctx, from, &f, &out);
	if (at == from && out.tx != ESW_TX_FORWARDED)
		fate = out.tx;
	for (k = 0; k < out.n; k++) {
		if (out.to[k].ep != at)
			continue;
		fate = out.to[k].fate;
		*got_len = out.to[k].len;
		if (out.to[k].bytes != NULL)
			memcpy(got, out.to[k].bytes, out.to[k].len);
	}
	model_out_free(&out);
	return fate;
}

static const struct table_target on_model = {
	.policy_set = do_policy_set,
	.wire_link = do_wire_link,
	.pf_promisc = do_pf_promisc,
	.stop = do_stop,
	.promisc = do_promisc,
	.allmulti = do_allmulti,
	.mcast = do_mcast,
	.mac_add = do_mac_add,
	.mac_set = do_mac_set,
	.mtu = do_mtu,
	.rep_mtu = do_rep_mtu,
	.backed = do_backed,
	.filter_on = do_filter_on,
	.filter_set = do_filter_set,
	.send = do_send,
};

static void
test_row(void **state)
{
	static struct model m;
	const struct table_row *row = *state;
	struct table_target t = on_model;
	char err[512] = "";
	unsigned int i;

	model_init(&m, 2, table_is_veb(row), TABLE_MTU_MAX, TABLE_MTU_MAX);
	m.pf_mac = *table_mac("pf");
	for (i = 0; i < model_eps(&m); i++) {
		m.port[i].started = true;
		m.port[i].scatter = true;
	}
	t.ctx = &m;
	if (table_run(row, &t, err, sizeof(err)) < 0)
		fail_msg("%s", err);
}

int
main(void)
{
	struct CMUnitTest *tests = calloc(table_rows_n, sizeof(*tests));
	unsigned int i;
	int rc;

	if (tests == NULL)
		return 1;
	for (i = 0; i < table_rows_n; i++) {
		tests[i].name = table_rows[i].name;
		tests[i].test_func = test_row;
		tests[i].initial_state = (void *)(uintptr_t)&table_rows[i];
	}
	rc = _cmocka_run_group_tests("truth tables on the model", tests, table_rows_n, NULL, NULL);
	free(tests);
	return rc;
}
