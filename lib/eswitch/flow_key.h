/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _ESW_FLOW_KEY_H_
#define _ESW_FLOW_KEY_H_

/*
 * What flow rules can match of a frame: its header fields in a fixed place each.
 *
 * Two levels of headers: the frame's own, and those of the frame inside a VXLAN header. Fields are
 * octets as they lie in the frame (network byte order), so that a value of rte_flow is copied and
 * never converted. What a frame does not have is zero. A level is an array of 64-bit words at the
 * same time: a mask that touches few words makes a cheap look-up, hence fields that are matched
 * together lie together.
 *
 * What surprises: `l3` and `l4` say that a *whole* header is there. A cut-off or nonsensical IPv4
 * header leaves l3 zero although the EtherType says IPv4; a later fragment has l4 zero. Only the
 * first ESW_FLOW_LOOK octets of a frame are looked at. IPv6 extension headers other than a fragment
 * header in the first place are not walked: `proto` is then theirs, and l4 zero. An IPv6 frame with
 * a fragment header is a fragment also where that says offset 0 and no more (RFC 6946). L4 goes by
 * the protocol number alone: ICMPv6 in IPv4 is ICMPv6. A VXLAN header is one whatever its flags.
 *
 * Thread-safety: pure functions.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <rte_common.h>

#define ESW_FLOW_LOOK 256        /* octets of a frame that are looked at */
#define ESW_FLOW_VXLAN_PORT 4789 /* RFC 7348 8; UDP destination that means VXLAN */

#define ESW_FLOW_L3_ARP 1
#define ESW_FLOW_L3_IPV4 4
#define ESW_FLOW_L3_IPV6 6

/* esw_flow_hdr.bits */
#define ESW_FLOW_VLAN 0x01       /* a tag */
#define ESW_FLOW_VLAN2 0x02      /* a second tag */
#define ESW_FLOW_FRAG 0x04       /* a fragment of an IP datagram, the first one included */
#define ESW_FLOW_FRAG_LATER 0x08 /* not the first */
#define ESW_FLOW_FRAG_EXT 0x10   /* IPv6: a fragment header follows the base header */
#define ESW_FLOW_VXLAN 0x20      /* a whole VXLAN header and a whole inner Ethernet header follow */

struct esw_flow_hdr {
	/* word 0 */
	uint8_t dst[6];
	uint16_t type; /* the first EtherType: a TPID if there is a tag */
	/* word 1 */
	uint8_t src[6];
	uint16_t type1; /* EtherType behind the first tag */
	/* word 2 */
	uint16_t tci;  /* of the outer tag */
	uint16_t tci1; /* of the second */
	uint8_t l3;    /* ESW_FLOW_L3_* of a whole header, else 0 */
	uint8_t l4;    /* protocol of a whole ICMP, TCP, UDP, SCTP or ICMPv6 header, else 0 */
	uint8_t proto; /* IPv4 protocol, IPv6 next header of the base header */
	uint8_t bits;  /* ESW_FLOW_VLAN ... */
	/* words 3 to 6 */
	union {
		struct {
			uint32_t src4, dst4;
		};
		struct {
			uint8_t src6[16], dst6[16];
		};
		struct {
			uint32_t spa, tpa; /* ARP: sender and target protocol address */
			uint8_t sha[6];
			uint16_t arp_op;
			uint8_t tha[6];
			uint16_t arp_pad;
		};
	};
	/* word 7 */
	uint16_t sport, dport; /* TCP, UDP, SCTP; ICMP: type and code, identifier */
	uint8_t tcp_off;       /* TCP data offset octet */
	uint8_t tcp_flags;
	uint16_t frag; /* IPv4 flags and fragment offset; IPv6 fragment header's offset field */
	/* word 8 */
	uint8_t tos;    /* IPv4; of IPv6 see vtc_flow */
	uint8_t ttl;    /* IPv4 time to live, IPv6 hop limit */
	uint16_t type2; /* EtherType behind the second tag */
	union {
		uint32_t vtc_flow; /* IPv6 version, traffic class, flow label */
		struct {
			uint16_t ip_len, ip_id; /* IPv4 */
		};
	};
	/* word 9 */
	uint8_t vni[3];
	uint8_t vx_flags;
	uint8_t ver_ihl;   /* IPv4 */
	uint8_t frag_next; /* IPv6 fragment header: next header */
	uint16_t icmp_seq;
};

#define ESW_FLOW_HDR_WORDS (sizeof(struct esw_flow_hdr) / sizeof(uint64_t))
#define ESW_FLOW_WORDS (2 * ESW_FLOW_HDR_WORDS)

union esw_flow_key {
	struct esw_flow_hdr h[2]; /* outer, inner */
	uint64_t w[ESW_FLOW_WORDS];
};

/*
 * How deep a frame must be read for a set of masks:
 * - L2: addresses, EtherTypes, tags with their bits: words 0, 1, 2 and 8 of the outer level; what
 *   else lies in them (l3, l4, proto, ...) is zero;
 * - L4: all of the outer level but the VXLAN header's fields and bit, which are zero;
 * - INNER: everything.
 */
enum esw_flow_depth { ESW_FLOW_L2, ESW_FLOW_L4, ESW_FLOW_INNER };

/* The least depth that fills in all that `mask` looks at. */
enum esw_flow_depth esw_flow_depth_of(const union esw_flow_key *mask);

/*
 * Where the headers of one level lie, for edits; offsets in octets from the frame's start,
 * UINT16_MAX = there is none, or it is deeper than was read. l2 is 0 for the outer level; inner is
 * that of the frame inside the VXLAN header.
 */
struct esw_flow_at {
	uint16_t l2, l3, l4, inner;
};

/*
 * Read a frame's headers.
 * @param p    the frame from octet 0, contiguous
 * @param n    octets at p: the whole frame or ESW_FLOW_LOOK, if that is less; at least 14
 * @param k    out: the words of `depth` are written, all of them; others are not touched
 * @param at   out: where the outer headers lie; NULL if nobody asks
 */
void esw_flow_key_read(const uint8_t *p, uint32_t n, enum esw_flow_depth depth,
		       union esw_flow_key *k, struct esw_flow_at *at);

#endif /* _ESW_FLOW_KEY_H_ */
