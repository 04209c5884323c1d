/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rules.h"
#include "switchdev.h"
#include "udp.h"

#define VLAN_VID_MASK 0x0fff

/* Everything that one rule points to. */
struct rule {
	struct rte_flow_item_ethdev from;
	struct rte_flow_item_eth eth;
	struct rte_flow_item_eth eth_mask;
	struct rte_flow_item_vlan vlan;
	struct rte_flow_item_vlan vlan_mask;
	struct rte_flow_item_ipv4 ip;
	struct rte_flow_item_ipv4 ip_mask;
	struct rte_flow_item_udp udp;
	struct rte_flow_item_udp udp_mask;
	struct rte_flow_item item[5];
	struct rte_flow_action_ethdev to;
	struct rte_flow_action_ethdev mirror_to;
	struct rte_flow_action mirror[2];
	struct rte_flow_action_sample sample;
	struct rte_flow_action_count count;
	struct rte_flow_action action[4];
	unsigned int n_items;
	unsigned int n_actions;
};

struct maker {
	const struct bench_scenario *s;
	const struct bench_ports *ports;
	const struct bench_traffic *traffic;
	struct swd_dev *dev;
	char *err;
	size_t errlen;
};

__rte_format_printf(2, 3) static int refuse(const struct maker *k, const char *format, ...)
{
	char text[384];
	va_list ap;

	va_start(ap, format);
	/* clang 14 does not see the va_start above. NOLINTNEXTLINE(clang-analyzer-valist.*) */
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	snprintf(k->err, k->errlen, "%s: [rules] %s", k->s->file, text);
	return -EINVAL;
}

/* Where the VF's frames are, of which a rule can take hold: its application or its representor. */
static bool
of_device(const struct maker *k, uint16_t id, int *vf)
{
	return swd_by_port(id, vf) == k->dev;
}

static void
add_item(struct rule *r, enum rte_flow_item_type type, const void *spec, const void *mask)
{
	r->item[r->n_items++] = (struct rte_flow_item){ .type = type, .spec = spec, .mask = mask };
}

static void
add_action(struct rule *r, enum rte_flow_action_type type, const void *conf)
{
	r->action[r->n_actions++] = (struct rte_flow_action){ .type = type, .conf = conf };
}

/* A port of the e-switch is itself; any other lies behind the wire: the PF's port stands for it. */
static void
from_port(const struct maker *k, struct rule *r, uint16_t id)
{
	bool own = of_device(k, id, NULL);

	r->from.port_id = own ? id : k->dev->pf_port;
	add_item(r, own ? RTE_FLOW_ITEM_TYPE_PORT_REPRESENTOR : RTE_FLOW_ITEM_TYPE_REPRESENTED_PORT,
		 &r->from, NULL);
}

static void
to_port(const struct maker *k, struct rule *r, uint16_t id)
{
	bool own = of_device(k, id, NULL);

	r->to.port_id = own ? id : k->dev->pf_port;
	add_action(r,
		   own ? RTE_FLOW_ACTION_TYPE_PORT_REPRESENTOR :
			 RTE_FLOW_ACTION_TYPE_REPRESENTED_PORT,
		   &r->to);
}

/* The lowest @p bits of the source address are left out of the comparison. */
static void
match_mac(struct rule *r, const struct bench_stream *st, unsigned int bits)
{
	memset(&r->eth_mask, 0, sizeof(r->eth_mask));
	memset(&r->eth_mask.src, 0xff, sizeof(r->eth_mask.src));
	memset(&r->eth_mask.dst, 0xff, sizeof(r->eth_mask.dst));
	r->eth_mask.src.addr_bytes[5] = (uint8_t)(0xff << RTE_MIN(bits, 8u));
	if (bits > 8)
		r->eth_mask.src.addr_bytes[4] = (uint8_t)(0xff << (bits - 8));
	r->eth.src = st->src;
	r->eth.dst = st->dst;
	for (unsigned int i = 0; i < RTE_ETHER_ADDR_LEN; i++)
		r->eth.src.addr_bytes[i] &= r->eth_mask.src.addr_bytes[i];
	add_item(r, RTE_FLOW_ITEM_TYPE_ETH, &r->eth, &r->eth_mask);
}

/* Rules see the frame as it crosses the e-switch: with its own tag or the sender's access VLAN. */
static int
match_vlan(const struct maker *k, struct rule *r, const struct bench_stream *st)
{
	const struct bench_frame_kind *kind = &k->traffic->kind[st->kind];
	struct esw_policy p;
	struct esw_err e = { { 0 } };
	int vf = SWD_PORT_PF;

	r->vlan_mask = (struct rte_flow_item_vlan){ .tci = RTE_BE16(VLAN_VID_MASK) };
	add_item(r, RTE_FLOW_ITEM_TYPE_VLAN, &r->vlan, &r->vlan_mask);
	if (kind->tagged) {
		r->vlan.tci = rte_cpu_to_be_16(kind->tci & VLAN_VID_MASK);
		return 0;
	}
	if (!of_device(k, k->ports->port[st->tx].id, &vf) || vf < 0 || vf >= SWD_PORT_REP(0))
		return refuse(k, "match: mac-vlan needs senders that are ports of VFs, or --tag");
	if (swd_policy_get(k->dev, (uint16_t)vf, &p, &e) != 0)
		return refuse(k, "match: vf %d: %s", vf, e.msg);
	if (p.vlan.mode != ESW_VLAN_ACCESS)
		return refuse(k, "match: mac-vlan needs an access VLAN, and vf %d has none", vf);
	r->vlan.tci = rte_cpu_to_be_16(p.vlan.vid);
	return 0;
}

/* As match_mac(), of IPv4's source; the protocol is said by the item that follows. */
static int
match_five(const struct maker *k, struct rule *r, const struct bench_stream *st, unsigned int bits)
{
	const struct bench_udp_flow flow = bench_udp_flow((uint32_t)(st - k->traffic->stream),
							  st->tx);

	if (!k->traffic->udp)
		return refuse(k, "match: five-tuple needs [traffic] udp = yes");
	r->ip_mask.hdr.src_addr = rte_cpu_to_be_32(UINT32_MAX << bits);
	r->ip_mask.hdr.dst_addr = UINT32_MAX;
	r->ip.hdr.src_addr = flow.src & r->ip_mask.hdr.src_addr;
	r->ip.hdr.dst_addr = flow.dst;
	r->udp_mask.hdr.src_port = r->udp_mask.hdr.dst_port = UINT16_MAX;
	r->udp.hdr.src_port = flow.sport;
	r->udp.hdr.dst_port = flow.dport;
	add_item(r, RTE_FLOW_ITEM_TYPE_ETH, NULL, NULL);
	add_item(r, RTE_FLOW_ITEM_TYPE_IPV4, &r->ip, &r->ip_mask);
	add_item(r, RTE_FLOW_ITEM_TYPE_UDP, &r->udp, &r->udp_mask);
	return 0;
}

static int
act_mirror(const struct maker *k, struct rule *r)
{
	const unsigned int vf = (unsigned int)k->s->rules.mirror;
	struct swd_vf_info info;
	struct esw_err e = { { 0 } };
	bool own;

	if (swd_vf_info_get(k->dev, (uint16_t)vf, &info, &e) != 0)
		return refuse(k, "mirror: vf %u: %s", vf, e.msg);
	own = info.vf_port >= 0;
	if (!own && info.rep_port < 0)
		return refuse(k, "mirror: vf %u has neither a port nor a representor", vf);
	r->mirror_to.port_id = (uint16_t)(own ? info.vf_port : info.rep_port);
	r->mirror[0] = (struct rte_flow_action){
		.type = own ? RTE_FLOW_ACTION_TYPE_PORT_REPRESENTOR :
			      RTE_FLOW_ACTION_TYPE_REPRESENTED_PORT,
		.conf = &r->mirror_to,
	};
	r->mirror[1] = (struct rte_flow_action){ .type = RTE_FLOW_ACTION_TYPE_END };
	r->sample = (struct rte_flow_action_sample){ .ratio = 1, .actions = r->mirror };
	add_action(r, RTE_FLOW_ACTION_TYPE_SAMPLE, &r->sample);
	return 0;
}

static int
make_rule(const struct maker *k, struct rule *r, const struct bench_stream *st, uint32_t number)
{
	const struct bench_scenario_rules *conf = &k->s->rules;
	int rc = 0;

	memset(r, 0, sizeof(*r));
	from_port(k, r, k->ports->port[st->tx].id);
	if (conf->match == BENCH_MATCH_FIVE)
		rc = match_five(k, r, st, number % conf->masks);
	else
		match_mac(r, st, number % conf->masks);
	if (conf->match == BENCH_MATCH_MAC_VLAN)
		rc = match_vlan(k, r, st);
	add_item(r, RTE_FLOW_ITEM_TYPE_END, NULL, NULL);
	if (rc == 0 && conf->mirror >= 0)
		rc = act_mirror(k, r);
	if (rc != 0)
		return rc;
	if (conf->count)
		add_action(r, RTE_FLOW_ACTION_TYPE_COUNT, &r->count);
	to_port(k, r, k->ports->port[st->rx].id);
	add_action(r, RTE_FLOW_ACTION_TYPE_END, NULL);
	return 0;
}

/* The next rule; a stream of bad frames needs none. */
static int
create_rule(const struct maker *k, struct bench_rules *r, const struct bench_stream *st)
{
	static const struct rte_flow_attr attr = { .transfer = 1 };
	struct rte_flow_error e = { 0 };
	struct rule rule;
	int rc;

	if (st->rx == BENCH_RX_NONE)
		return 0;
	if (st->rx == BENCH_RX_ALL)
		return refuse(k, "match: a rule has one receiver, not those of --pattern "
				 "broadcast");
	rc = make_rule(k, &rule, st, r->n);
	if (rc != 0)
		return rc;
	r->flow[r->n] = rte_flow_create(r->pf_port, &attr, rule.item, rule.action, &e);
	if (r->flow[r->n] == NULL)
		return refuse(k, "rule %u: %s", r->n + 1,
			      e.message != NULL ? e.message : rte_strerror(rte_errno));
	r->n++;
	return 0;
}

int
bench_rules_open(struct bench_rules *r, const struct bench_scenario *s,
		 const struct bench_ports *ports, const struct bench_traffic *t, char *err,
		 size_t errlen)
{
	const struct maker k = { s, ports, t, swd_next(NULL), err, errlen };
	int rc = 0;

	memset(r, 0, sizeof(*r));
	if (s->rules.match == BENCH_MATCH_NONE)
		return 0;
	if (k.dev == NULL)
		return refuse(&k, "match: there is no e-switch");
	if (t->n_sources > 1)
		return refuse(&k, "match: rules are of one source a stream, not of --sources");
	r->pf_port = k.dev->pf_port;
	r->count = s->rules.count;
	r->flow = calloc(t->n_streams, sizeof(struct rte_flow *));
	if (r->flow == NULL)
		return refuse(&k, "no memory for %u rules", t->n_streams);
	for (uint32_t i = 0; rc == 0 && i < t->n_streams; i++)
		rc = create_rule(&k, r, &t->stream[i]);
	if (rc != 0)
		bench_rules_close(r);
	return rc;
}

uint64_t
bench_rules_hits(const struct bench_rules *r)
{
	const struct rte_flow_action count[] = { { .type = RTE_FLOW_ACTION_TYPE_COUNT },
						 { .type = RTE_FLOW_ACTION_TYPE_END } };
	uint64_t sum = 0;

	for (uint32_t i = 0; r->count && i < r->n; i++) {
		struct rte_flow_query_count q = { 0 };
		struct rte_flow_error e;

		if (rte_flow_query(r->pf_port, r->flow[i], count, &q, &e) == 0 && q.hits_set != 0)
			sum += q.hits;
	}
	return sum;
}

void
bench_rules_close(struct bench_rules *r)
{
	struct rte_flow_error e;

	for (uint32_t i = 0; i < r->n; i++)
		rte_flow_destroy(r->pf_port, r->flow[i], &e);
	free(r->flow);
	memset(r, 0, sizeof(*r));
}
