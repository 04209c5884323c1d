/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * The VLAN tables of doc/semantics.md, sections 3.5 and 4.4, row by row, on octets.
 */
#include <string.h>

#include "model.h"

static unsigned int
type_of(const struct model_bytes *f)
{
	return f->b[12] * 256u + f->b[13];
}

static unsigned int
tci_of(const struct model_bytes *f)
{
	return f->b[14] * 256u + f->b[15];
}

static unsigned int
vid_of(const struct model_bytes *f)
{
	return tci_of(f) % 4096;
}

static unsigned int
pcp_of(const struct model_bytes *f)
{
	return tci_of(f) / 8192;
}

bool
model_tagged(const struct model_bytes *f)
{
	return type_of(f) == 0x8100 || type_of(f) == 0x88a8;
}

/*
 * A tag that can be read: a frame loses its outer tag on its way, and may then end inside the next.
 */
static bool
whole_tag(const struct model_bytes *f)
{
	return model_tagged(f) && f->n >= 18;
}

int
model_vlan_of(const struct model_bytes *f)
{
	if (!whole_tag(f))
		return MODEL_NO_VLAN;
	if (type_of(f) == 0x88a8)
		return MODEL_SVLAN + (int)vid_of(f);
	return (int)vid_of(f);
}

int32_t
model_l3_len(const struct model *m, const struct model_bytes *f)
{
	int32_t len = (int32_t)f->n - 14;

	if (model_tagged(f) && m->broken != MODEL_BREAK_MTU_TAG)
		len -= 4;
	return len;
}

void
model_tag_put(struct model_bytes *f, uint16_t tpid, uint16_t tci)
{
	memmove(f->b + 16, f->b + 12, f->n - 12);
	f->b[12] = tpid / 256;
	f->b[13] = tpid % 256;
	f->b[14] = tci / 256;
	f->b[15] = tci % 256;
	f->n += 4;
}

static void
tag_take(struct model_bytes *f)
{
	memmove(f->b + 12, f->b + 16, f->n - 16);
	f->n -= 4;
}

/* The tag becomes one of another VLAN; its DEI stays. */
static void
tag_change(struct model_bytes *f, unsigned int pcp, unsigned int vid)
{
	unsigned int dei = (tci_of(f) / 4096) % 2;
	unsigned int tci = pcp * 8192 + dei * 4096 + vid;

	f->b[14] = tci / 256;
	f->b[15] = tci % 256;
}

/* A second tag right behind the first, of which only the EtherType counts. */
static bool
double_tagged(const struct model_bytes *f)
{
	unsigned int inner = f->b[16] * 256u + f->b[17];

	return whole_tag(f) && (inner == 0x8100 || inner == 0x88a8);
}

/* A priority-tagged frame that hides another tag is a VLAN that the VF chose itself. */
static bool
hops(const struct model *m, const struct model_bytes *f)
{
	return double_tagged(f) && m->broken != MODEL_BREAK_HOP_IN;
}

static bool
in_off(const struct model *m, struct model_bytes *f)
{
	if (!model_tagged(f))
		return true;
	if (type_of(f) == 0x88a8 || vid_of(f) != 0 || hops(m, f))
		return false;
	if (m->broken != MODEL_BREAK_PRIO_OFF)
		tag_take(f);
	return true;
}

static bool
in_access_q(const struct model *m, const struct esw_vlan *v, struct model_bytes *f)
{
	bool use_q = v->qos_set && m->broken != MODEL_BREAK_QOS;

	if (!model_tagged(f)) {
		model_tag_put(f, 0x8100, (use_q ? v->qos : 0) * 8192 + v->vid);
		return true;
	}
	if (type_of(f) == 0x88a8)
		return false;
	if (vid_of(f) != 0)
		return m->broken == MODEL_BREAK_ACCESS_OWN && vid_of(f) == v->vid;
	if (hops(m, f))
		return false;
	if (m->broken == MODEL_BREAK_PCP)
		tag_change(f, use_q ? v->qos : 0, v->vid);
	else
		tag_change(f, use_q ? v->qos : pcp_of(f), v->vid);
	return true;
}

static bool
in_access_ad(const struct model *m, const struct esw_vlan *v, struct model_bytes *f)
{
	bool use_q = v->qos_set && m->broken != MODEL_BREAK_QOS;
	uint16_t tpid = m->broken == MODEL_BREAK_STAG ? 0x8100 : 0x88a8;

	if (!model_tagged(f)) {
		model_tag_put(f, tpid, (use_q ? v->qos : 0) * 8192 + v->vid);
		return true;
	}
	if (type_of(f) == 0x88a8)
		return false;
	model_tag_put(f, tpid, (use_q ? v->qos : pcp_of(f)) * 8192 + v->vid);
	return true;
}

static bool
listed(const struct esw_vlan *v, unsigned int vid)
{
	return (v->trunk[vid / 64] >> (vid % 64)) % 2 == 1;
}

static bool
in_trunk(const struct model *m, const struct esw_vlan *v, struct model_bytes *f)
{
	unsigned int native = m->broken == MODEL_BREAK_NATIVE_IN ? 0 : v->native;

	if (!model_tagged(f)) {
		if (native == 0)
			return false;
		model_tag_put(f, 0x8100, native);
		return true;
	}
	if (type_of(f) == 0x88a8)
		return m->broken == MODEL_BREAK_SVLAN && listed(v, vid_of(f));
	if (vid_of(f) == 0) {
		if (native == 0 || hops(m, f))
			return false;
		tag_change(f, pcp_of(f), native);
		return true;
	}
	if (m->broken == MODEL_BREAK_NATIVE_LIST && vid_of(f) == v->native)
		return true;
	return listed(v, vid_of(f));
}

bool
model_vlan_in(const struct model *m, unsigned int i, struct model_bytes *f)
{
	const struct esw_vlan *v = &m->vf[i].policy.vlan;

	switch (v->mode) {
	case ESW_VLAN_OFF:
		return in_off(m, f);
	case ESW_VLAN_ACCESS:
		return v->tpid == ESW_TPID_STAG ? in_access_ad(m, v, f) : in_access_q(m, v, f);
	case ESW_VLAN_TRUNK:
		return in_trunk(m, v, f);
	case ESW_VLAN_ALL:
		return true;
	}
	return false;
}

bool
model_vlan_member(const struct model *m, unsigned int i, int vlan)
{
	const struct esw_vlan *v = &m->vf[i].policy.vlan;

	switch (v->mode) {
	case ESW_VLAN_OFF:
		return vlan == MODEL_NO_VLAN;
	case ESW_VLAN_ACCESS:
		if (v->tpid == ESW_TPID_STAG)
			return vlan == MODEL_SVLAN + v->vid;
		return vlan == v->vid;
	case ESW_VLAN_TRUNK:
		if (vlan == MODEL_NO_VLAN)
			return false;
		if (vlan >= MODEL_SVLAN) {
			if (m->broken != MODEL_BREAK_SVLAN)
				return false;
			vlan -= MODEL_SVLAN;
		}
		if (m->broken == MODEL_BREAK_TRUNK_OUT)
			return true;
		return vlan == v->native || listed(v, vlan);
	case ESW_VLAN_ALL:
		return true;
	}
	return false;
}

/* The VF's own filter, which its application turned on. */
static bool
filter_takes(const struct model *m, const struct model_vf *vf, const struct model_bytes *f)
{
	int vlan = model_vlan_of(f);

	if (!vf->filter || m->broken == MODEL_BREAK_FILTER)
		return true;
	if (vlan == MODEL_NO_VLAN || vlan >= MODEL_SVLAN)
		return true;
	return vf->filter_vid[vlan];
}

bool
model_vlan_out(const struct model *m, unsigned int i, struct model_bytes *f)
{
	const struct esw_vlan *v = &m->vf[i].policy.vlan;
	int vlan = model_vlan_of(f);
	bool take = false, customer = false;

	if (!model_vlan_member(m, i, vlan))
		return false;
	switch (v->mode) {
	case ESW_VLAN_OFF:
		take = whole_tag(f);
		break;
	case ESW_VLAN_ACCESS:
		take = true;
		customer = v->tpid == ESW_TPID_STAG;
		break;
	case ESW_VLAN_TRUNK:
		take = vlan == v->native && m->broken != MODEL_BREAK_NATIVE_OUT;
		break;
	case ESW_VLAN_ALL:
		break;
	}
	if (take) {
		tag_take(f);
		if (model_tagged(f) && !customer && m->broken != MODEL_BREAK_HOP_OUT)
			return false;
	}
	return filter_takes(m, &m->vf[i], f);
}
