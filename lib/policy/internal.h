/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _ESW_POLICY_INTERNAL_H_
#define _ESW_POLICY_INTERNAL_H_

/*
 * What the files of lib/policy share. Nothing outside of it includes this.
 *
 * Functions named _parse and _check write sentences WITHOUT the field's name in front: the one
 * caller that knows the field puts it there, so that no sentence names it twice.
 */
#include <inttypes.h>

#include <jansson.h>

#include "policy.h"
#include "text.h"

/* Lower case, as "ip link" prints; RTE_ETHER_ADDR_PRT_FMT is upper case. */
#define ESW_MAC_FMT "%02x:%02x:%02x:%02x:%02x:%02x"
#define ESW_MAC_ARG(m) \
	(m)->addr_bytes[0], (m)->addr_bytes[1], (m)->addr_bytes[2], (m)->addr_bytes[3], \
		(m)->addr_bytes[4], (m)->addr_bytes[5]
#define ESW_MAC_TEXT_LEN 17

/* mac.c: one address, and the list `macs` of a policy. */
int esw_mac_check(const struct rte_ether_addr *mac, struct esw_err *err);
int esw_mac_parse(struct esw_word w, struct rte_ether_addr *mac, struct esw_err *err);
int esw_macs_check(const struct esw_policy *p, struct esw_err *err);
int esw_macs_parse(struct esw_policy *p, struct esw_word text, struct esw_err *err);
void esw_macs_print(const struct esw_policy *p, struct esw_out *o);

/* vlan.c. `vlan` is undefined after a failed parse. */
extern const struct esw_list_rule esw_vlan_list_rule;
bool esw_vlan_equal(const struct esw_vlan *a, const struct esw_vlan *b);
const char *esw_vlan_mode_name(enum esw_vlan_mode mode);
int esw_vlan_mode_by_name(struct esw_word w, enum esw_vlan_mode *mode, struct esw_err *err);
int esw_vlan_check(const struct esw_vlan *v, struct esw_err *err);
int esw_vlan_parse(struct esw_word text, struct esw_vlan *v, struct esw_err *err);
void esw_vlan_print(const struct esw_vlan *v, struct esw_out *o);
const char *esw_vlan_proto_name(uint16_t tpid);
int esw_vlan_proto_by_name(struct esw_word w, uint16_t *tpid, struct esw_err *err);

/* The first range of listed VLANs at or after VID `from`; false when there is none. */
bool esw_vlan_next_range(const struct esw_vlan *v, uint32_t from, uint16_t *lo, uint16_t *hi);

/* field.c: -EEXIST, naming the field, when the patch says it already. */
int esw_policy_field_once(const struct esw_policy_patch *patch, enum esw_policy_field f,
			  struct esw_err *err);

/* json_vlan.c: `vlan` as an object; NULL out of memory. */
json_t *esw_vlan_to_json(const struct esw_vlan *v);
int esw_vlan_from_json(json_t *obj, struct esw_vlan *v, struct esw_err *err);

/* json.c: one key of an object; the sentence names the key. */
int esw_policy_json_member(struct esw_policy_patch *patch, const char *key, json_t *value,
			   struct esw_err *err);

/* file.c: a file while it is read, in either form. */
#define ESW_LINE_MAX (ESW_POLICY_TEXT_MAX + 256) /* octets without line end: a field and its name */

struct esw_file {
	const char *name;
	uint16_t nb_vfs;
	bool has_default;
	struct esw_policy_patch def;
	struct esw_policy_patch *vfs; /* nb_vfs elements */
	/* The section that is being read. */
	bool in_default;
	unsigned int nb_selected;      /* VFs that it names */
	uint64_t selected[65536 / 64]; /* bit per VF */
	struct esw_policy_patch section;
};

/*
 * Open a section: "default", or the VFs of a list ("4-7"). The one before must be closed.
 * @return 0; -EINVAL; -ERANGE VF index past the end
 */
int esw_file_section_default(struct esw_file *f, struct esw_err *err);
int esw_file_section_vfs(struct esw_file *f, struct esw_word list, struct esw_err *err);

/* May the open section say this field? Addresses belong to one VF only. */
int esw_file_may_say(const struct esw_file *f, const char *field, struct esw_err *err);

/* Has another VF of the file the address that the open section just said? -EINVAL then. */
int esw_file_mac_once(const struct esw_file *f, struct esw_err *err);

/* Lay what the section said over the VFs that it names. */
void esw_file_section_close(struct esw_file *f);

/* Put "FILE:LINE: " in front; line 0: "FILE: ". A long path loses its front, not the reason. */
void esw_file_err_at(const struct esw_file *f, unsigned int line, struct esw_err *err);

/* file_ini.c and file_json.c. @return 0 or -errno with the complete sentence */
int esw_file_parse_ini(struct esw_file *f, const char *text, size_t len, struct esw_err *err);
int esw_file_parse_json(struct esw_file *f, const char *text, size_t len, struct esw_err *err);

#endif /* _ESW_POLICY_INTERNAL_H_ */
