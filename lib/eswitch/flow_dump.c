/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* Rules as a person reads them: a line each. */
#include <arpa/inet.h>
#include <inttypes.h>

#include "flow_table.h"

/* How the octets of a field are written. */
enum form { HEX, DEC, MAC, IP4, IP6 };

static const struct {
	const char *name;
	uint8_t off, len;
	enum form form;
} fields[] = {
#define FIELD(name, member, form) \
	{ \
		name, offsetof(struct esw_flow_hdr, member), \
			sizeof(((struct esw_flow_hdr *)0)->member), form \
	}
	FIELD("dst", dst, MAC),
	FIELD("src", src, MAC),
	FIELD("type", type, HEX),
	FIELD("tci", tci, HEX),
	FIELD("type1", type1, HEX),
	FIELD("tci1", tci1, HEX),
	FIELD("type2", type2, HEX),
	FIELD("bits", bits, HEX),
	FIELD("l3", l3, DEC),
	FIELD("proto", proto, DEC),
	FIELD("l4", l4, DEC),
	FIELD("tos", tos, HEX),
	FIELD("ttl", ttl, DEC),
	FIELD("vtc_flow", vtc_flow, HEX),
	FIELD("ver_ihl", ver_ihl, HEX),
	FIELD("frag", frag, HEX),
	FIELD("frag_next", frag_next, DEC),
	FIELD("sport", sport, DEC),
	FIELD("dport", dport, DEC),
	FIELD("tcp_off", tcp_off, HEX),
	FIELD("tcp_flags", tcp_flags, HEX),
	FIELD("icmp_seq", icmp_seq, DEC),
	FIELD("vni", vni, DEC),
	FIELD("vx_flags", vx_flags, HEX),
#undef FIELD
};

/* Addresses of the three kinds of L3 lie in one place. */
static const struct {
	const char *name;
	uint8_t l3, off, len;
	enum form form;
} addresses[] = {
#define ADDRESS(name, l3, member, form) \
	{ \
		name, l3, offsetof(struct esw_flow_hdr, member), \
			sizeof(((struct esw_flow_hdr *)0)->member), form \
	}
	ADDRESS("src", ESW_FLOW_L3_IPV4, src4, IP4), ADDRESS("dst", ESW_FLOW_L3_IPV4, dst4, IP4),
	ADDRESS("src", ESW_FLOW_L3_IPV6, src6, IP6), ADDRESS("dst", ESW_FLOW_L3_IPV6, dst6, IP6),
	ADDRESS("spa", ESW_FLOW_L3_ARP, spa, IP4),   ADDRESS("tpa", ESW_FLOW_L3_ARP, tpa, IP4),
	ADDRESS("sha", ESW_FLOW_L3_ARP, sha, MAC),   ADDRESS("op", ESW_FLOW_L3_ARP, arp_op, DEC),
	ADDRESS("tha", ESW_FLOW_L3_ARP, tha, MAC),
#undef ADDRESS
};

static void
put_value(FILE *f, const uint8_t *v, uint32_t len, enum form form)
{
	char text[INET6_ADDRSTRLEN];
	uint64_t n = 0;

	for (uint32_t i = 0; i < len && i < sizeof(n); i++)
		n = n << 8 | v[i];
	switch (form) {
	case DEC:
		fprintf(f, "%" PRIu64, n);
		return;
	case HEX:
		fprintf(f, "0x%0*" PRIx64, (int)(2 * len), n);
		return;
	case MAC:
		fprintf(f, "%02x:%02x:%02x:%02x:%02x:%02x", v[0], v[1], v[2], v[3], v[4], v[5]);
		return;
	default:
		fputs(inet_ntop(form == IP4 ? AF_INET : AF_INET6, v, text, sizeof(text)), f);
	}
}

static void
put_field(FILE *f, const char *level, const char *name, const uint8_t *key, const uint8_t *mask,
	  uint32_t len, enum form form)
{
	uint32_t ones = 0, any = 0;

	for (uint32_t i = 0; i < len; i++) {
		ones += mask[i] == 0xff;
		any |= mask[i];
	}
	if (any == 0)
		return;
	fprintf(f, " %s%s=", level, name);
	put_value(f, key, len, form);
	if (ones == len)
		return;
	fputc('/', f);
	put_value(f, mask, len, form == DEC ? HEX : form);
}

static void
put_level(FILE *f, const char *level, const struct esw_flow_hdr *key,
	  const struct esw_flow_hdr *mask)
{
	const uint8_t *k = (const uint8_t *)key, *m = (const uint8_t *)mask;

	for (unsigned int i = 0; i < RTE_DIM(fields); i++)
		put_field(f, level, fields[i].name, k + fields[i].off, m + fields[i].off,
			  fields[i].len, fields[i].form);
	if (mask->l3 == 0)
		return;
	for (unsigned int i = 0; i < RTE_DIM(addresses); i++)
		if (addresses[i].l3 == key->l3)
			put_field(f, level, addresses[i].name, k + addresses[i].off,
				  m + addresses[i].off, addresses[i].len, addresses[i].form);
}

static void
put_match(FILE *f, const struct esw_flow *r)
{
	const struct esw_flow_ctl *c = esw_flow_ctl(r);
	union esw_flow_key key = { .w = { 0 } }, mask = { .w = { 0 } };

	for (uint32_t i = 0; i < c->sub->n_words; i++) {
		key.w[c->sub->word[i]] = r->key[i];
		mask.w[c->sub->word[i]] = c->sub->mask[i];
	}
	put_level(f, "", &key.h[0], &mask.h[0]);
	put_level(f, "inner.", &key.h[1], &mask.h[1]);
	for (uint32_t i = 0; i < r->n_ranges; i++) {
		const struct esw_flow_range *g = &c->range[i];

		fprintf(f, " octets %u-%u=", g->off, g->off + g->len - 1u);
		for (uint32_t k = 0; k < g->len; k++)
			fprintf(f, "%02x", g->lo[k]);
		fputs("..", f);
		for (uint32_t k = 0; k < g->len; k++)
			fprintf(f, "%02x", g->hi[k]);
	}
}

static void
put_endpoint(const struct esw *sw, FILE *f, uint16_t ep)
{
	if (ep == ESW_EP_WIRE)
		fputs("wire", f);
	else if (ep == ESW_EP_PF)
		fputs("pf", f);
	else if (esw_ep_is_vf(sw, ep))
		fprintf(f, "vf%d", ep - ESW_EP_VF0);
	else
		fprintf(f, "rep%d", ep - ESW_EP_VF0 - sw->conf.nb_vfs);
}

static const char *const op_names[ESW_FLOW_OPS] = {
	[ESW_FLOW_PORT] = "port",
	[ESW_FLOW_DROP] = "drop",
	[ESW_FLOW_JUMP] = "jump",
	[ESW_FLOW_PASSTHRU] = "passthru",
	[ESW_FLOW_QUEUE] = "queue",
	[ESW_FLOW_RSS] = "rss",
	[ESW_FLOW_COUNT] = "count",
	[ESW_FLOW_AGE] = "age",
	[ESW_FLOW_METER] = "meter",
	[ESW_FLOW_MARK] = "mark",
	[ESW_FLOW_FLAG] = "flag",
	[ESW_FLOW_SAMPLE] = "sample",
	[ESW_FLOW_POP_VLAN] = "pop_vlan",
	[ESW_FLOW_PUSH_VLAN] = "push_vlan",
	[ESW_FLOW_SET_VID] = "set_vid",
	[ESW_FLOW_SET_PCP] = "set_pcp",
	[ESW_FLOW_SET_SRC] = "set_src",
	[ESW_FLOW_SET_DST] = "set_dst",
	[ESW_FLOW_MAC_SWAP] = "mac_swap",
	[ESW_FLOW_SET_IP4_SRC] = "set_ipv4_src",
	[ESW_FLOW_SET_IP4_DST] = "set_ipv4_dst",
	[ESW_FLOW_SET_IP6_SRC] = "set_ipv6_src",
	[ESW_FLOW_SET_IP6_DST] = "set_ipv6_dst",
	[ESW_FLOW_SET_SPORT] = "set_sport",
	[ESW_FLOW_SET_DPORT] = "set_dport",
	[ESW_FLOW_SET_TTL] = "set_ttl",
	[ESW_FLOW_DEC_TTL] = "dec_ttl",
	[ESW_FLOW_SET_DSCP] = "set_dscp",
	[ESW_FLOW_ENCAP] = "encap",
	[ESW_FLOW_DECAP] = "decap",
};

/* What stands behind the name of an action that edits. */
static void
put_edit(FILE *f, const struct esw_flow_act *a)
{
	switch (a->op) {
	case ESW_FLOW_PUSH_VLAN:
		fprintf(f, "=0x%04x", a->tpid);
		break;
	case ESW_FLOW_SET_VID:
		fprintf(f, "=%u", a->vid);
		break;
	case ESW_FLOW_SET_PCP:
		fprintf(f, "=%u", a->pcp);
		break;
	case ESW_FLOW_SET_SRC:
	case ESW_FLOW_SET_DST:
		fputc('=', f);
		put_value(f, a->mac, sizeof(a->mac), MAC);
		break;
	case ESW_FLOW_SET_IP4_SRC:
	case ESW_FLOW_SET_IP4_DST:
		fputc('=', f);
		put_value(f, (const uint8_t *)&a->ip4, sizeof(a->ip4), IP4);
		break;
	case ESW_FLOW_SET_IP6_SRC:
	case ESW_FLOW_SET_IP6_DST:
		fputc('=', f);
		put_value(f, a->ip6, sizeof(a->ip6), IP6);
		break;
	case ESW_FLOW_SET_SPORT:
	case ESW_FLOW_SET_DPORT:
		fprintf(f, "=%u", rte_be_to_cpu_16(a->port));
		break;
	case ESW_FLOW_SET_TTL:
	case ESW_FLOW_SET_DSCP:
		fprintf(f, "=%u", a->u8);
		break;
	case ESW_FLOW_ENCAP:
		fprintf(f, "(%u octets)", a->encap.len);
		break;
	case ESW_FLOW_DECAP:
		if (a->decap.len != 0)
			fprintf(f, "(%u octets)", a->decap.len);
		break;
	default:
		break;
	}
}

/* An action and what stands behind its name. */
static void
put_action(const struct esw *sw, FILE *f, const struct esw_flow_act *a)
{
	fprintf(f, " %s", op_names[a->op]);
	switch (a->op) {
	case ESW_FLOW_PORT:
		fputc('=', f);
		put_endpoint(sw, f, a->ep);
		break;
	case ESW_FLOW_JUMP:
	case ESW_FLOW_MARK:
		fprintf(f, "=%u", a->op == ESW_FLOW_JUMP ? a->group : a->mark);
		break;
	case ESW_FLOW_QUEUE:
		fprintf(f, "=%u", a->queue);
		break;
	case ESW_FLOW_RSS:
		for (uint32_t i = 0; i < a->rss->n_queues; i++)
			fprintf(f, "%c%u", i == 0 ? '=' : ',', a->rss->queue[i]);
		break;
	case ESW_FLOW_COUNT:
		fprintf(f, "=%" PRIu64 "/%" PRIu64,
			a->counter->packets + a->counter->x_packets - a->counter->base_packets,
			a->counter->bytes + a->counter->x_bytes - a->counter->base_bytes);
		break;
	case ESW_FLOW_AGE:
		fprintf(f, "=%u%s", a->age->timeout, a->age->aged ? "(aged)" : "");
		break;
	case ESW_FLOW_SAMPLE:
		fprintf(f, "=1/%u(%u)", a->sample.ratio, a->sample.n_acts);
		break;
	default:
		put_edit(f, a);
	}
}

static void
put_rule(const struct esw *sw, FILE *f, const struct esw_flow *r)
{
	const struct esw_flow_table *t = esw_flow_ctl(r)->sub->table;

	fprintf(f, "%s ", t->side == ESW_FLOW_TRANSFER ? "from" : "to");
	put_endpoint(sw, f, t->ep);
	fprintf(f, " group %u priority %u:", t->group, (unsigned int)(r->order >> 48));
	put_match(f, r);
	fputs(" =>", f);
	for (const struct esw_flow_act *a = r->act; a->op != ESW_FLOW_END; a++)
		put_action(sw, f, a);
	fputc('\n', f);
}

void
esw_flow_dump(const struct esw *sw, uint16_t owner, const struct esw_flow *rule, FILE *f)
{
	esw_lock(sw);
	if (rule != NULL) {
		put_rule(sw, f, rule);
	} else {
		for (const struct esw_flow *r = sw->flow.ep[owner].first; r != NULL;
		     r = esw_flow_ctl(r)->next)
			put_rule(sw, f, r);
	}
	esw_unlock(sw);
}
