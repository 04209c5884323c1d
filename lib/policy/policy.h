/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _ESW_POLICY_H_
#define _ESW_POLICY_H_

/*
 * What one VF may do, as a value.
 *
 * A policy is copied in, judged whole, applied whole and read back equal to what was written. It
 * holds no pointer, so it can lie in shared memory, be compared field by field and be sent as text.
 * Field names follow "ip link set ... vf N", rte_pmd_ixgbe and VFd, so that users guess them right.
 *
 * What surprises:
 * - an unset address (all zero) in `mac` is not a policy that a device accepts: devices fill in
 *   the address that they derive from their seed and the VF index before they validate;
 * - `macs` are further SOURCE addresses that the VF may use; two VFs may share one (VRRP), but none
 *   may be another VF's `mac` (which only the device can check: a policy knows one VF);
 * - the native VLAN of a trunk need not be in its list: a frame that the VF tags with it
 *   itself is then foreign (see the truth table in doc/guides/nics/eswitch.rst);
 * - `mtu` counts what follows the Ethernet header and the outermost tag: an inner tag counts.
 *
 * Nothing in this library knows DPDK ports, devices or the e-switch. All functions are pure but for
 * their output arguments, hence safe from any thread as long as the caller owns those.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <rte_ether.h>

#include "err.h"

#define ESW_POLICY_MACS_MAX 64 /* further addresses of one VF; the 82576 has 24 for all VFs */
#define ESW_MTU_MIN 68         /* RFC 791: every host forwards 68 octets */
#define ESW_MTU_MAX 65521      /* 65535 less an Ethernet header: what an mbuf's data_len can hold */
#define ESW_VID_MAX 4094       /* IEEE 802.1Q-2018 9.6: 0 = no VLAN, 4095 reserved */
#define ESW_TPID_CTAG 0x8100   /* IEEE 802.1Q C-VLAN tag */
#define ESW_TPID_STAG 0x88a8   /* IEEE 802.1ad S-VLAN tag */

/*
 * Room for the canonical text of any field with its NUL. The longest is a trunk of every VID but
 * each third: two numbers of four digits with their signs per three VIDs, about 13000 octets.
 */
#define ESW_POLICY_TEXT_MAX 16384

enum esw_vlan_mode {
	ESW_VLAN_OFF,    /* untagged only */
	ESW_VLAN_ACCESS, /* one VLAN, tag added and removed by the e-switch */
	ESW_VLAN_TRUNK,  /* the listed VLANs, tags kept; untagged is the native VLAN */
	ESW_VLAN_ALL,    /* everything, unchanged */
};

struct esw_vlan {
	enum esw_vlan_mode mode;
	uint16_t vid;       /* access: 1 to 4094; otherwise 0 */
	uint16_t native;    /* trunk: 1 to 4094, 0 = none; otherwise 0 */
	uint16_t tpid;      /* access: ESW_TPID_CTAG or ESW_TPID_STAG, host order; otherwise CTAG */
	bool qos_set;       /* access: the priority is given here, not taken from the frame */
	uint8_t qos;        /* access with qos_set: 0 to 7; otherwise 0 */
	uint64_t trunk[64]; /* trunk: bit VID % 64 of word VID / 64; otherwise all zero */
};

enum esw_link_mode { ESW_LINK_AUTO, ESW_LINK_UP, ESW_LINK_DOWN };

/* The fields, in the order in which they are listed, written and explained. */
enum esw_policy_field {
	ESW_F_MAC,
	ESW_F_MACS,
	ESW_F_SPOOFCHK,
	ESW_F_VLAN,
	ESW_F_MTU,
	ESW_F_MTU_CHANGE,
	ESW_F_MAC_CHANGE,
	ESW_F_TRUST,
	ESW_F_LINK,
	ESW_F_ISOLATE,
	ESW_F_COUNT
};
#define ESW_F_BIT(f) (UINT64_C(1) << (f))
#define ESW_F_ALL (ESW_F_BIT(ESW_F_COUNT) - 1)

struct esw_policy {
	struct rte_ether_addr mac;
	uint16_t n_macs;
	struct rte_ether_addr
		macs[ESW_POLICY_MACS_MAX]; /* sorted, no duplicates, none equal to mac */
	bool spoofchk;
	struct esw_vlan vlan;
	uint16_t mtu;    /* octets */
	bool mtu_change; /* true = allow */
	bool mac_change; /* true = allow */
	bool trust;
	enum esw_link_mode link;
	bool isolate;
};

/* A policy of which only some fields are said: one section of a file, one "set" command. */
struct esw_policy_patch {
	uint64_t fields; /* ESW_F_BIT of every field that `value` says */
	struct esw_policy value;
};

/* What the device allows; validation names these as the range. */
struct esw_policy_limits {
	uint16_t mtu_max; /* the PF's MTU: the largest value of `mtu` */
	uint64_t
		fields; /* fields that the device enforces; any other must have its default value */
	const char *device; /* name of the device for messages, e.g. "net_eswitch" */
};

/* Basics. */

/* The policy of a VF of which nothing is said: `mac` zero, mtu 1500, spoofchk on, the rest off. */
void esw_policy_default(struct esw_policy *p);

/* ESW_F_BIT of every field in which a and b differ. */
uint64_t esw_policy_diff(const struct esw_policy *a, const struct esw_policy *b);

/* Write the fields that `patch` says over `p`; an access VLAN replaces a trunk list whole. */
void esw_policy_patch_apply(struct esw_policy *p, const struct esw_policy_patch *patch);

/*
 * Put one address into `macs`, in its place in the order.
 * @return 0; -EINVAL not unicast or zero; -EEXIST listed already; -ENOSPC 64 are listed. The
 *         sentence does not start with a field name, and `p` is unchanged on error.
 */
int esw_policy_macs_add(struct esw_policy *p, const struct rte_ether_addr *mac,
			struct esw_err *err);

/*
 * Is this a policy at all, and one that the device can enforce? Checks every field and the rules
 * between fields; the sentence names the first field that is wrong.
 * @param lim  not NULL; its `device` may be NULL
 * @return 0; -EINVAL out of range or inconsistent; -ENOTSUP a field that the device lacks
 */
int esw_policy_validate(const struct esw_policy *p, const struct esw_policy_limits *lim,
			struct esw_err *err);

/* Names and text. */

/* "mac", "macs", "spoofchk", "vlan", "mtu", "mtu-change", ... ; NULL out of range. */
const char *esw_policy_field_name(enum esw_policy_field f);

/*
 * @return the field; -ENOENT with a sentence that lists the known names; -ENOTSUP for a field of
 *         the design that this release does not enforce (max-tx-rate, mirror, ...)
 */
int esw_policy_field_by_name(const char *name, struct esw_err *err);

/*
 * Parse one value ("access 100 qos 3", "allow", "02:00:00:00:00:01,02:...") into the patch.
 * Several spellings are taken where users have several habits (on/yes/true/1/enable, deny/off ...);
 * the canonical one is written. `macs` takes "none". A field that the patch already says is an
 * error (a line given twice in a file is a mistake). The patch is unchanged on error.
 * `mtu` is held against 68 to ESW_MTU_MAX here; the device's own limit is for validation.
 * @return 0, -EINVAL with a sentence, -EEXIST said twice
 */
int esw_policy_field_parse(struct esw_policy_patch *patch, enum esw_policy_field f,
			   const char *text, struct esw_err *err);

/*
 * Canonical text of one field, NUL-terminated; parsing it gives the same value back (but for an
 * unset `mac`, which is written as zeros and refused by the parser).
 * @return length as snprintf does (>= len: cut; ESW_POLICY_TEXT_MAX is always enough), or -EINVAL
 *         for an `f` out of range
 */
int esw_policy_field_print(const struct esw_policy *p, enum esw_policy_field f, char *buf,
			   size_t len);

/*
 * JSON: one object, keys = field names; what is written is what is read. `spoofchk`, `trust` and
 * `isolate` are true or false, `mtu` is a number, `macs` an array of strings, `vlan` an object:
 *   {"mode": "access", "vid": 100, "qos": 3, "proto": "802.1q"}
 *   {"mode": "trunk", "trunk": [{"id": 42}, {"minID": 100, "maxID": 103}], "native": 42}
 * (the trunk list is written as sriov-cni writes it). Each field is also read from a string with
 * its text form. An unset `mac` is left out.
 */

/* @return malloc'd text to free(), or NULL out of memory; `indent` 0 to 31 spaces, 0 = one line */
char *esw_policy_json_print(const struct esw_policy *p, unsigned int indent);

/*
 * The patch is unchanged on error; unknown keys and keys said twice are refused.
 * @param len  octets of `text`, which needs no NUL
 * @return 0, -EINVAL with a sentence that names key and value, -ENOTSUP as field_by_name,
 *         -EEXIST a field that the patch says already
 */
int esw_policy_json_parse(struct esw_policy_patch *patch, const char *text, size_t len,
			  struct esw_err *err);

/*
 * A whole file, INI ("[vf 0]", "[vf 4-7]", "[vf 1,3]", "[default]", field = value, # and ; start
 * comments) or JSON ({"default": {...}, "vfs": {"0": {...}, "4-7": {...}}}), told apart by the
 * first character. patches[i] is [default], wherever it stands, overlaid with every section that
 * names VF i, in file order. `mac` and `macs` are refused in [default] and in sections for several
 * VFs.
 * Only a file with one [default] and no field twice in a section is read: the rest are mistakes.
 * @param patches  nb_vfs elements, written only on success; unsaid fields hold their default
 * @return 0; -errno of open/read; -EFBIG over 16 MiB; -EINVAL with "FILE:LINE: field: ...";
 *         -ENOTSUP as field_by_name; -ERANGE VF index past the end; -ENOMEM
 */
int esw_policy_file_load(const char *path, uint16_t nb_vfs, struct esw_policy_patch *patches,
			 struct esw_err *err);

/* The same from memory; `name` stands for the file in messages. */
int esw_policy_file_parse(const char *name, const char *text, size_t len, uint16_t nb_vfs,
			  struct esw_policy_patch *patches, struct esw_err *err);

/*
 * A whole file in INI form for nb_vfs policies; an unset `mac` is left out.
 * @return malloc'd text to free(), or NULL out of memory
 */
char *esw_policy_file_print(const struct esw_policy *policies, uint16_t nb_vfs);

/* Bits of a VLAN list. */
static inline bool
esw_vlan_trunk_has(const struct esw_vlan *v, uint16_t vid)
{
	return vid < 4096 && ((v->trunk[vid / 64] >> (vid % 64)) & 1) != 0;
}

static inline void
esw_vlan_trunk_add(struct esw_vlan *v, uint16_t vid)
{
	v->trunk[vid / 64] |= UINT64_C(1) << (vid % 64);
}

#endif /* _ESW_POLICY_H_ */
