/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/* Action lists of rte_flow that are refused, and what the refusal points at. */
#include "flow_rig.h"

#include <string.h>

#include <rte_errno.h>

#define A(t, ...) \
	{ \
		.type = RTE_FLOW_ACTION_TYPE_##t, ##__VA_ARGS__ \
	}

/* Ports are known when the test runs: what the row has as pf is patched. */
static struct rte_flow_action_port_id to_pf, to_rep0, to_other, to_stranger;
static const struct rte_flow_action_port_id to_none = { .id = 999 };
static const struct rte_flow_action_port_id original = { .original = 1 };
static struct rte_flow_action_ethdev represented_vf0;
static const struct rte_flow_action_jump jump3 = { .group = 3 }, jump4 = { .group = 4 };
static const struct rte_flow_action_age never = { .timeout = 0 };
static const struct rte_flow_action_age soon = { .timeout = 1 };
static const struct rte_flow_action_meter meter = { .mtr_id = 77 };
static const struct rte_flow_action_queue queue0 = { .index = 0 };
static const struct rte_flow_action_queue queue2 = { .index = 2 };
static const uint16_t list[17] = { 0, 5 };
static const uint8_t key[64];
static const struct rte_flow_action_rss rss0 = { .types = 0 };
static const struct rte_flow_action_rss rss_deep = { .level = 2 };
static const struct rte_flow_action_rss rss_xor = { .func = RTE_ETH_HASH_FUNCTION_SIMPLE_XOR };
static const struct rte_flow_action_rss rss_types = { .types = RTE_ETH_RSS_GTPU };
static const struct rte_flow_action_rss rss_key = { .key = key, .key_len = 52 };
static const struct rte_flow_action_rss rss_many = { .queue = list, .queue_num = 17 };
static const struct rte_flow_action_rss rss_absent = { .queue = list, .queue_num = 2 };
static const struct rte_flow_action_rss rss_null = { .queue_num = 2 };
static const struct rte_flow_action_of_push_vlan push = { .ethertype = RTE_BE16(0x8100) };
static const struct rte_flow_action_of_push_vlan push_odd = { .ethertype = RTE_BE16(0x9100) };
static const struct rte_flow_action_of_set_vlan_vid vid = { .vlan_vid = RTE_BE16(1) };
static const struct rte_flow_action_of_set_vlan_vid vid_big = { .vlan_vid = RTE_BE16(4096) };
static const struct rte_flow_action_of_set_vlan_pcp pcp_big = { .vlan_pcp = 8 };
static const struct rte_flow_action_set_dscp dscp = { .dscp = 64 };
static const struct rte_flow_action_set_ipv4 ip4 = { .ipv4_addr = 1 };
static const struct rte_flow_action_set_ipv6 ip6;
static const struct rte_flow_action_set_tp tp = { .port = 1 };
static const struct rte_flow_action_set_ttl ttl = { .ttl_value = 1 };
static uint8_t octets[200] = { [12] = 0x08, [14] = 0x45, [23] = 17, [40] = 0xff };
static const struct rte_flow_action_raw_encap raw_short = { .data = octets, .size = 13 };
static const struct rte_flow_action_raw_encap raw_long = { .data = octets, .size = 129 };
static const struct rte_flow_action_raw_encap raw_null = { .size = 20 };
static const struct rte_flow_action_raw_encap raw_keep = { .data = octets,
							   .preserve = octets,
							   .size = 20 };
static const struct rte_flow_action_raw_encap raw_udp = { .data = octets, .size = 50 };
static const struct rte_flow_action_raw_decap cut0 = { .size = 0 };
static const struct rte_flow_action_raw_decap cut_all = { .size = 250 };
static const struct rte_flow_action drop_list[] = { A(DROP), A(END) };
static const struct rte_flow_action mark_list[] = { A(FLAG), A(END) };
static const struct rte_flow_action empty_list[] = { A(END) };
static const struct rte_flow_action_sample sample_none = { .ratio = 0, .actions = empty_list };
static const struct rte_flow_action_sample sample_null = { .ratio = 1 };
static const struct rte_flow_action_sample sample_empty = { .ratio = 1, .actions = empty_list };
static const struct rte_flow_action_sample sample_drop = { .ratio = 1, .actions = drop_list };
static const struct rte_flow_action_raw_decap cut4 = { .size = 4 };
static const struct rte_flow_action cut_list[] = { A(RAW_DECAP, .conf = &cut4), A(END) };
static const struct rte_flow_action_sample sample_cut = { .ratio = 1, .actions = cut_list };
static const struct rte_flow_action_sample sample_flag = { .ratio = 1, .actions = mark_list };

/* A rule of representor 0, group 3; local rules: the port has two queues. */
#define R(code_, part_, at_, words_, ...) \
	{ \
		.code = (code_), .type = RTE_FLOW_ERROR_TYPE_##part_, .at = (at_), \
		.words = (words_), .actions = { \
			__VA_ARGS__ \
		} \
	}
struct row {
	int code;
	enum rte_flow_error_type type;
	unsigned int at;
	const char *words;
	struct rte_flow_action actions[6];
};

static const struct row transfer_rows[] = {
	R(EINVAL, ACTION, 0, "no action says", A(COUNT)),
	R(EINVAL, ACTION, 0, "no action says", A(END)),
	R(ENOTSUP, ACTION, 0, "not supported", A(SECURITY)),
	R(ENOTSUP, ACTION, 0, "not supported", { .type = (enum rte_flow_action_type) - 9 }),
	R(ENOTSUP, ACTION, 0, "ingress rules only", A(QUEUE, .conf = &queue0)),
	R(ENOTSUP, ACTION, 0, "ingress rules only", A(RSS, .conf = &rss0)),
	R(EINVAL, ACTION, 0, "needs a configuration", A(PORT_ID)),
	R(EINVAL, ACTION, 1, "needs a configuration", A(COUNT), A(JUMP)),
	R(EINVAL, ACTION, 1, "another action says", A(DROP), A(DROP)),
	R(EINVAL, ACTION, 1, "another action says", A(PASSTHRU), A(JUMP, .conf = &jump4)),
	R(EINVAL, ACTION, 2, "and ends", A(DROP), A(COUNT), A(PORT_ID, .conf = &to_pf)),
	R(EINVAL, ACTION, 1, "and ends", A(JUMP, .conf = &jump4), A(MAC_SWAP)),
	R(EINVAL, ACTION, 1, "went to a port", A(PORT_ID, .conf = &to_pf), A(DROP)),
	R(EXDEV, ACTION, 0, "e-switch", A(PORT_ID, .conf = &to_other)),
	R(EXDEV, ACTION, 0, "e-switch", A(PORT_ID, .conf = &to_stranger)),
	R(ENODEV, ACTION, 0, "no such port", A(PORT_ID, .conf = &to_none)),
	R(EINVAL, ACTION, 1, "who sent", A(COUNT), A(PORT_ID, .conf = &to_rep0)),
	R(ENOTSUP, ACTION_CONF, 0, "original", A(PORT_ID, .conf = &original)),
	R(EINVAL, ACTION, 0, "represents nothing", A(REPRESENTED_PORT, .conf = &represented_vf0)),
	R(EINVAL, ACTION_CONF, 0, "higher", A(JUMP, .conf = &jump3)),
	R(ENOTSUP, ACTION, 1, "one counter", A(COUNT), A(COUNT), A(DROP)),
	R(ENOTSUP, ACTION, 1, "one age", A(AGE, .conf = &soon), A(AGE, .conf = &soon), A(DROP)),
	R(EINVAL, ACTION_CONF, 0, "timeout", A(AGE, .conf = &never), A(DROP)),
	R(ENOENT, ACTION_CONF, 0, "no meter 77", A(METER, .conf = &meter), A(DROP)),
	R(EINVAL, ACTION, 0, "VLAN tag", A(OF_POP_VLAN)),
	R(EINVAL, ACTION, 2, "VLAN tag", A(OF_PUSH_VLAN, .conf = &push), A(OF_POP_VLAN),
	  A(OF_SET_VLAN_VID, .conf = &vid)),
	R(EINVAL, ACTION_CONF, 0, "0x9100", A(OF_PUSH_VLAN, .conf = &push_odd)),
	R(EINVAL, ACTION_CONF, 1, "4096", A(OF_PUSH_VLAN, .conf = &push),
	  A(OF_SET_VLAN_VID, .conf = &vid_big)),
	R(EINVAL, ACTION_CONF, 1, "priority 8", A(OF_PUSH_VLAN, .conf = &push),
	  A(OF_SET_VLAN_PCP, .conf = &pcp_big)),
	R(EINVAL, ACTION, 0, "IPv4 header", A(SET_IPV4_SRC, .conf = &ip4)),
	R(EINVAL, ACTION, 0, "IPv6 header", A(SET_IPV6_DST, .conf = &ip6)),
	R(EINVAL, ACTION, 0, "IPv4 or IPv6", A(SET_TTL, .conf = &ttl)),
	R(EINVAL, ACTION, 0, "IPv4 or IPv6", A(DEC_TTL)),
	R(EINVAL, ACTION, 0, "TCP or UDP", A(SET_TP_DST, .conf = &tp)),
	R(EINVAL, ACTION, 0, "IPv4 header", A(SET_IPV4_DSCP, .conf = &dscp)),
	R(EINVAL, ACTION, 0, "VXLAN header", A(VXLAN_DECAP)),
	R(EINVAL, ACTION_CONF, 0, "13 octets", A(RAW_ENCAP, .conf = &raw_short)),
	R(EINVAL, ACTION_CONF, 0, "129 octets", A(RAW_ENCAP, .conf = &raw_long)),
	R(EINVAL, ACTION_CONF, 0, "no octets", A(RAW_ENCAP, .conf = &raw_null)),
	R(ENOTSUP, ACTION_CONF, 0, "preserved", A(RAW_ENCAP, .conf = &raw_keep)),
	R(ENOTSUP, ACTION, 0, "checksum", A(RAW_ENCAP, .conf = &raw_udp)),
	R(EINVAL, ACTION_CONF, 0, "0 octets", A(RAW_DECAP, .conf = &cut0)),
	R(EINVAL, ACTION_CONF, 0, "250 octets", A(RAW_DECAP, .conf = &cut_all)),
	R(EINVAL, ACTION_CONF, 0, "is none", A(SAMPLE, .conf = &sample_none)),
	R(EINVAL, ACTION_CONF, 0, "has a list", A(SAMPLE, .conf = &sample_null)),
	R(EINVAL, ACTION_CONF, 0, "empty", A(SAMPLE, .conf = &sample_empty)),
	R(EINVAL, ACTION_CONF, 1, "13 octets", A(SAMPLE, .conf = &sample_cut),
	  A(RAW_ENCAP, .conf = &raw_short)),
	R(EINVAL, ACTION, 0, "no action says", A(COUNT), A(VOID)),
};

static const struct row local_rows[] = {
	R(ENOTSUP, ACTION, 0, "transfer rules only", A(PORT_ID, .conf = &to_pf)),
	R(ENOTSUP, ACTION, 0, "transfer rules only", A(MAC_SWAP)),
	R(ENOTSUP, ACTION, 1, "transfer rules only", A(COUNT), A(SAMPLE, .conf = &sample_drop)),
	R(EINVAL, ACTION_CONF, 0, "has 2 receive queues", A(QUEUE, .conf = &queue2)),
	R(EINVAL, ACTION, 1, "another action says", A(QUEUE, .conf = &queue0),
	  A(RSS, .conf = &rss0)),
	R(ENOTSUP, ACTION_CONF, 0, "outermost", A(RSS, .conf = &rss_deep)),
	R(ENOTSUP, ACTION_CONF, 0, "Toeplitz", A(RSS, .conf = &rss_xor)),
	R(ENOTSUP, ACTION_CONF, 0, "RSS types", A(RSS, .conf = &rss_types)),
	R(ENOTSUP, ACTION_CONF, 0, "40 octets", A(RSS, .conf = &rss_key)),
	R(ENOTSUP, ACTION_CONF, 0, "16 queues", A(RSS, .conf = &rss_many)),
	R(EINVAL, ACTION_CONF, 0, "queue 5", A(RSS, .conf = &rss_absent)),
	R(EINVAL, ACTION_CONF, 0, "no list", A(RSS, .conf = &rss_null)),
};

static void
rows_are_refused(const struct row *rows, unsigned int n, bool transfer)
{
	const struct rte_flow_attr attr = { .group = 3,
					    .transfer = transfer,
					    .ingress = !transfer };
	const struct rte_flow_item *items = PATTERN(ITEM(ETH));
	const struct esn_flow_port port = flow_port(flow_rep0);
	struct rte_flow_error error;
	struct esn_flow_rule rule;
	const void *cause;
	unsigned int i;
	int ret;

	to_pf.id = flow_pf;
	to_rep0.id = flow_rep0;
	to_other.id = flow_other;
	to_stranger.id = flow_stranger;
	represented_vf0.port_id = flow_vf0;
	for (i = 0; i < n; i++) {
		memset(&error, 0, sizeof(error));
		ret = esn_flow_rule_get(&port, &attr, items, rows[i].actions, &rule, &error);
		cause = rows[i].type == RTE_FLOW_ERROR_TYPE_ACTION_CONF ?
				rows[i].actions[rows[i].at].conf :
				(const void *)&rows[i].actions[rows[i].at];
		flow_refused(ret, &error, rows[i].code, rows[i].type, cause, rows[i].words);
	}
}

static void
transfer_rules(void **state)
{
	(void)state;
	rows_are_refused(transfer_rows, RTE_DIM(transfer_rows), true);
}

static void
local_rules(void **state)
{
	(void)state;
	rig_up(flow_rep0, 2);
	rows_are_refused(local_rows, RTE_DIM(local_rows), false);
	assert_int_equal(rte_eth_dev_stop(flow_rep0), 0);
}

static void
refused(const struct rte_flow_action *actions, int code, enum rte_flow_error_type type,
	const void *cause, const char *words)
{
	const struct esn_flow_port port = flow_port(flow_rep0);
	struct rte_flow_error error = { .message = NULL };
	struct esn_flow_rule rule;
	int ret = esn_flow_rule_get(&port, &flow_transfer, PATTERN(ITEM(ETH)), actions, &rule,
				    &error);

	flow_refused(ret, &error, code, type, cause, words);
}

/* The refusal points into the list of the sample. */
static void
samples(void **state)
{
	(void)state;
	refused(ACTIONS(ACT(SAMPLE, .conf = &sample_drop), ACT(DROP)), ENOTSUP,
		RTE_FLOW_ERROR_TYPE_ACTION, &drop_list[0], "sample");
	refused(ACTIONS(ACT(SAMPLE, .conf = &sample_flag), ACT(DROP)), ENOTSUP,
		RTE_FLOW_ERROR_TYPE_ACTION, &mark_list[0], "sample");
}

static void
too_many(void **state)
{
	struct rte_flow_action actions[70];
	unsigned int i;

	(void)state;
	for (i = 0; i < RTE_DIM(actions) - 1; i++)
		actions[i] = ACT(MAC_SWAP);
	actions[i] = ACT(END);
	refused(actions, ENOTSUP, RTE_FLOW_ERROR_TYPE_ACTION_NUM, &actions[64], "64 actions");
	actions[64] = ACT(DROP);
	actions[65] = ACT(END);
	refused(actions, ENOTSUP, RTE_FLOW_ERROR_TYPE_ACTION_NUM, &actions[64], "64 actions");
	refused(NULL, EINVAL, RTE_FLOW_ERROR_TYPE_ACTION_NUM, NULL, "no actions");
}

static void
definitions(void **state)
{
	static const struct rte_flow_item_ipv4 options = { .hdr.version_ihl = 0x46 };
	static const struct rte_flow_item_ipv4 fragment = { .hdr.fragment_offset = RTE_BE16(1) };
	static const struct rte_flow_item_ipv4 tcp = { .hdr.next_proto_id = 6 };
	static const struct rte_flow_item_ipv6 v5 = { .hdr.vtc_flow = RTE_BE32(5u << 28) };
	static const struct rte_flow_item_udp sum = { .hdr.dgram_cksum = 0xffff };
	static const struct rte_flow_item_udp elsewhere = { .hdr.dst_port = RTE_BE16(8472) };
	static const uint8_t any[64];
#define I(t) \
	{ \
		.type = RTE_FLOW_ITEM_TYPE_##t, .spec = any \
	}
#define J(t, s) \
	{ \
		.type = RTE_FLOW_ITEM_TYPE_##t, .spec = &(s) \
	}
	static struct {
		const char *words;
		int code;
		struct rte_flow_item items[8];
	} defs[] = {
		{ "must be there", EINVAL, { { 0 } } },
		{ "must be there", EINVAL, { I(ETH), I(IPV4), I(UDP) } },
		{ "has a spec", EINVAL, { { .type = RTE_FLOW_ITEM_TYPE_ETH } } },
		{ "behind ETH or VLAN", EINVAL, { I(IPV4) } },
		{ "behind ETH or VLAN", EINVAL, { I(ETH), I(IPV4), I(IPV6) } },
		{ "behind ETH", EINVAL, { I(ETH), I(VLAN), I(VLAN) } },
		{ "once", EINVAL, { I(ETH), I(ETH) } },
		{ "behind IPV4 or IPV6", EINVAL, { I(ETH), I(UDP) } },
		{ "behind UDP", EINVAL, { I(ETH), I(IPV4), I(VXLAN) } },
		{ "comes last", EINVAL, { I(ETH), I(IPV4), I(UDP), I(VXLAN), I(ETH) } },
		{ "the items are", ENOTSUP, { I(ETH), I(IPV4), I(TCP) } },
		{ "options", ENOTSUP, { I(ETH), J(IPV4, options) } },
		{ "fragment", EINVAL, { I(ETH), J(IPV4, fragment) } },
		{ "is UDP", EINVAL, { I(ETH), J(IPV4, tcp) } },
		{ "not 6", EINVAL, { I(ETH), J(IPV6, v5) } },
		{ "4789 only", ENOTSUP, { I(ETH), I(IPV4), J(UDP, elsewhere), I(VXLAN) } },
	};
	static struct rte_flow_item cksum[] = {
		I(ETH), I(IPV4), J(UDP, sum), I(VXLAN), { .type = RTE_FLOW_ITEM_TYPE_END }
	};
	struct rte_flow_action_vxlan_encap conf = { .definition = NULL };
	const struct rte_flow_action *actions = ACTIONS(ACT(VXLAN_ENCAP, .conf = &conf), ACT(DROP));
	unsigned int i;

	(void)state;
	refused(actions, EINVAL, RTE_FLOW_ERROR_TYPE_ACTION_CONF, &conf, "no definition");
	for (i = 0; i < RTE_DIM(defs); i++) {
		conf.definition = defs[i].items;
		refused(actions, defs[i].code, RTE_FLOW_ERROR_TYPE_ACTION_CONF, &conf,
			defs[i].words);
	}
	/* Not the configuration's fault: OVS then does it in software, without a warning. */
	conf.definition = cksum;
	refused(actions, ENOTSUP, RTE_FLOW_ERROR_TYPE_ACTION, &actions[0], "checksum");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FLOW_TEST(transfer_rules), FLOW_TEST(local_rules), FLOW_TEST(samples),
		FLOW_TEST(too_many),       FLOW_TEST(definitions),
	};

	return cmocka_run_group_tests(tests, rig_eal, rig_eal_done);
}
