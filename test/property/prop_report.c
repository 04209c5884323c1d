/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * A mismatch, told so that a person can see it and run it again.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "prop.h"

#define HEX_MAX 96

static const char *
ep_name(const struct prop_world *w, unsigned int ep, char text[32])
{
	if (ep == MODEL_WIRE)
		return "wire";
	if (ep == MODEL_PF)
		return "PF";
	if (model_is_vf(&w->m, ep))
		snprintf(text, 32, "VF %u", ep - MODEL_VF(0));
	else
		snprintf(text, 32, "representor %u", ep - MODEL_REP(&w->m, 0));
	return text;
}

void
prop_hex(const char *what, const uint8_t *b, uint32_t n)
{
	uint32_t i;

	printf("  %s, %u octets:", what, n);
	for (i = 0; i < n && i < HEX_MAX; i++)
		printf("%s%02x", i == 6 || i == 12 || i % 16 == 14 ? " " : "", b[i]);
	printf("%s\n", n > HEX_MAX ? " ..." : "");
}

static void
print_frame(const struct prop_world *w, unsigned int i)
{
	const struct prop_frame *f = &w->frame[i];
	char text[32];
	unsigned int k;

	printf("frame %u of the burst: pkt_len %u, %u segments%s", i, f->in.pkt_len, f->segs,
	       f->in.overrun ? ", a segment beyond its buffer" : "");
	if (f->in.insert)
		printf(", tag 0x%04x to be inserted", f->in.insert_tci);
	printf("\n  segments:%s\n", f->shape);
	prop_hex("sent", f->in.bytes, f->in.len);
	printf("  model: %s\n", esw_fate_name(f->out.tx));
	for (k = 0; k < f->out.n; k++) {
		printf("  model: %s: %s\n", ep_name(w, f->out.to[k].ep, text),
		       esw_fate_name(f->out.to[k].fate));
		if (f->out.to[k].bytes != NULL)
			prop_hex("  delivers", f->out.to[k].bytes, f->out.to[k].len);
	}
}

static void
print_world(const struct prop_world *w)
{
	static struct esw_policy policies[MODEL_VFS];
	unsigned int i;
	char *text;

	for (i = 0; i < w->m.n_vfs; i++)
		policies[i] = w->m.vf[i].policy;
	text = esw_policy_file_print(policies, w->m.n_vfs);
	printf("%s", text != NULL ? text : "(no policy text)\n");
	free(text);
	for (i = 0; i < w->m.n_vfs; i++) {
		const struct model_vf *v = &w->m.vf[i];

		printf("VF %u: asked mtu %u promisc %d allmulti %d filter %d, %u addresses, "
		       "%u multicasts; backed %d, representor's mtu %u\n",
		       i, v->mtu, v->promisc, v->allmulti, v->filter, v->n_macs, v->n_mcast,
		       v->backed, v->rep_mtu);
	}
	for (i = 0; i < model_eps(&w->m); i++) {
		char name[32];

		printf("%u %s: started %d, %u queues, flags 0x%x, %u octets per buffer (%s)\n", i,
		       ep_name(w, i, name), w->port[i].started, w->port[i].n_rxq, w->port[i].flags,
		       w->m.port[i].room, w->port[i].mp != NULL ? w->port[i].mp->name : "-");
	}
}

static void
print_rules(const struct prop_world *w)
{
	unsigned int ep;

	printf("%u flow rules, tunnels with ports that the e-switch chooses: %d\n", w->n_rules,
	       w->entropy);
	for (ep = 0; ep < model_eps(&w->m); ep++) {
		esw_flow_dump(w->sw, ep, NULL, stdout);
		if (w->m.isolated[ep])
			printf("endpoint %u is isolated by esw_flow_isolate\n", ep);
	}
}

void
prop_fail(struct prop_world *w, const char *fmt, ...)
{
	bool first = !w->failed;
	unsigned int i;
	char name[32];
	va_list ap;

	w->failed = true;
	if (w->conf->quiet)
		return;
	if (first) {
		printf("MISMATCH: seed %" PRIu64 " round %" PRIu64 " frame %" PRIu64
		       ", mode %s, wire %s, PF promiscuous %d, PF mtu %u\n",
		       w->conf->seed, w->round, w->sent, w->m.veb ? "VEB" : "switchdev",
		       w->m.wire_up ? "up" : "down", w->m.pf_promisc, w->m.pf_mtu);
		printf("last control call: %s\n", w->last);
		print_world(w);
		if (w->n > 0)
			printf("sender: %s\n", ep_name(w, w->from, name));
		if (w->flows)
			print_rules(w);
		for (i = 0; i < w->n; i++)
			print_frame(w, i);
	}
	printf("MISMATCH: ");
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n");
	if (first)
		printf("replay: property --seed %" PRIu64 " --round %" PRIu64 "%s%s%s\n",
		       w->conf->seed, w->round, w->conf->single ? " --single" : "",
		       w->conf->broken != MODEL_RIGHT ? " --break " : "",
		       w->conf->broken != MODEL_RIGHT ? model_break_name(w->conf->broken) : "");
}
