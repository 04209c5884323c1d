/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _TABLES_H_
#define _TABLES_H_

/*
 * The truth tables: one row, one frame, one outcome. The rows are data in the *.def files; the
 * e-switch, the reference model and the guide take the same rows.
 *
 * ROW(name, policy, state, from, frame, at, fate, tags)
 *
 * policy  what VF 0's policy says, "field = value; field = value"; behind a bar VF 1's. Fields
 *         not named have their defaults. The device allows an MTU of 9216.
 * state   what holds beside the policy, words parted by blanks, done in this order. "vf1." before a
 *         word means VF 1, "!" behind it that it must be refused with -EPERM:
 *         promisc, allmulti, mcast (list the frame word "mcast"), added (add the address
 *         "added"), mac=ADDRESS, mtu=N, filter-on, filter=VID (and filter-on), untrust (trust is
 *         taken away), rep-mtu=N, backed, stopped; for the device: wire-down, pf-promisc,
 *         stopped-wire, stopped-pf, veb
 * from    who sends: wire, pf, vf0, vf1, rep0, rep1
 * frame   words parted by blanks. Tags from outside in: C or S, the VID, p and the PCP, d for
 *         DEI: "S100p3 C7". "untagged" or nothing: no tag. src=ADDRESS, dst=ADDRESS: vf0, vf1,
 *         pf, macs, added, other, mcast, bcast, zero. l3=N: octets behind the Ethernet header
 *         and all tags, else 46. octets=N: cut there. Left out: the sender's own address
 *         ("other" for the wire and a representor), the address of the VF at which the row looks
 *         ("other" if it looks elsewhere).
 * at      the endpoint at which the fate is counted, once
 * fate    enum esw_fate without ESW_
 * tags    the tags of the frame that is delivered there, "untagged", or "-" for none delivered;
 *         "half" is a tag that the frame ends in
 *
 * The mode is switchdev where a representor sends or receives, or the frame is dropped at its
 * sender and the state does not say veb; else VEB.
 *
 * Thread-safety: none needed, all state is the caller's.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fate.h"
#include "policy.h"

#define TABLE_MTU_MAX 9216
#define TABLE_FRAME_MAX 16384
#define TABLE_TAGS_MAX 128

struct table_row {
	const char *table, *name, *policy, *state, *from, *frame, *at;
	enum esw_fate fate;
	const char *tags;
};

extern const struct table_row table_rows[];
extern const unsigned int table_rows_n;

enum table_ep { TABLE_WIRE, TABLE_PF, TABLE_VF0, TABLE_VF1, TABLE_REP0, TABLE_REP1, TABLE_EPS };

/*
 * What a switch with two VFs must be able to do for the rows to run; results are 0 or negative
 * errno.
 */
struct table_target {
	void *ctx;
	int (*policy_set)(void *ctx, unsigned int vf, const struct esw_policy *p);
	int (*wire_link)(void *ctx, bool up);
	int (*pf_promisc)(void *ctx, bool on);
	int (*stop)(void *ctx, enum table_ep ep);
	int (*promisc)(void *ctx, unsigned int vf, bool on);
	int (*allmulti)(void *ctx, unsigned int vf, bool on);
	int (*mcast)(void *ctx, unsigned int vf, const struct rte_ether_addr *mac);
	int (*mac_add)(void *ctx, unsigned int vf, const struct rte_ether_addr *mac);
	int (*mac_set)(void *ctx, unsigned int vf, const struct rte_ether_addr *mac);
	int (*mtu)(void *ctx, unsigned int vf, uint16_t mtu);
	int (*rep_mtu)(void *ctx, unsigned int vf, uint16_t mtu);
	int (*backed)(void *ctx, unsigned int vf, bool on);
	int (*filter_on)(void *ctx, unsigned int vf, bool on);
	int (*filter_set)(void *ctx, unsigned int vf, uint16_t vid);
	/*
	 * Send one frame and say what was counted at `at`: the only fate that rose there by one,
	 * or -1. A frame delivered at `at` is written to `got` (TABLE_FRAME_MAX octets), its
	 * length to got_len.
	 */
	int (*send)(void *ctx, enum table_ep from, const uint8_t *frame, uint32_t len,
		    enum table_ep at, uint8_t *got, uint32_t *got_len);
};

bool table_is_veb(const struct table_row *row);

/*
 * Run one row on a fresh switch in the mode of table_is_veb(), with all endpoints started, the
 * PF's address set to table_mac("pf"), and the VFs' policies still to be written.
 * @return 0, or -1 with a sentence in err
 */
int table_run(const struct table_row *row, const struct table_target *t, char *err, size_t errlen);

/* The address that a row means by a word; NULL for an unknown word. */
const struct rte_ether_addr *table_mac(const char *word);

/* Build the frame of a row; @return octets, or negative for text that is not a frame. */
int table_frame(const struct table_row *row, uint8_t frame[TABLE_FRAME_MAX]);

/* The tags of a frame as text, outermost first. */
void table_tags(const uint8_t *frame, uint32_t len, char text[TABLE_TAGS_MAX]);

int table_ep_by_name(const char *name);

#endif /* _TABLES_H_ */
