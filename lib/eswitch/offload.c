/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#include <errno.h>
#include <string.h>

#include <rte_ip.h>
#include <rte_tcp.h>
#include <rte_udp.h>

#include "offload.h"

#define HEADERS_MAX 256 /* L2, L3 and L4 headers that a request may name */
#define L2_MAX (RTE_ETHER_HDR_LEN + 2 * ESW_TAG_LEN)
#define SEGSZ_MIN 48 /* least MSS that makes sense (Linux's TCP_MIN_SND_MSS); bounds the segments */
#define L4_MAX 60    /* longest TCP header */

/*
 * The EtherType that l2_len says is the last, behind exactly the tags that are there; 0 if not
 * so.
 */
static uint16_t
type_before_l3(const struct rte_mbuf *m)
{
	const uint8_t *p = rte_pktmbuf_mtod(m, const uint8_t *);
	uint16_t type = 0;

	for (uint32_t at = 2 * RTE_ETHER_ADDR_LEN; at + 2 <= m->l2_len; at += ESW_TAG_LEN) {
		memcpy(&type, p + at, sizeof(type));
		type = rte_be_to_cpu_16(type);
		if (!esw_is_tpid(type))
			return at + 2 == m->l2_len ? type : 0;
	}
	return 0;
}

/*
 * The headers that are to be written must lie in the first segment, which rte_pktmbuf_mtod can
 * reach, and be where the lengths say: what is written after the frame was judged (segments of a
 * TSO frame) must never touch addresses or tags.
 */
static bool
is_sane(const struct rte_mbuf *m, uint32_t l4)
{
	uint32_t need = m->l2_len + m->l3_len + l4;
	bool v4 = (m->ol_flags & RTE_MBUF_F_TX_IPV4) != 0;
	bool v6 = (m->ol_flags & RTE_MBUF_F_TX_IPV6) != 0;

	if (v4 == v6 || m->l2_len < RTE_ETHER_HDR_LEN || m->l2_len > L2_MAX || need > m->data_len)
		return false;
	if (type_before_l3(m) != (v4 ? RTE_ETHER_TYPE_IPV4 : RTE_ETHER_TYPE_IPV6))
		return false;
	return m->l3_len >= (v4 ? sizeof(struct rte_ipv4_hdr) : sizeof(struct rte_ipv6_hdr)) &&
	       *rte_pktmbuf_mtod_offset(m, const uint8_t *, m->l2_len) >> 4 == (v4 ? 4 : 6);
}

/*
 * Octets from the L4 header to the end of the datagram, by the IP header: a short frame has padding
 * behind it (IEEE 802.3 4.2.3.3) that is no part of it. 0 if the lengths contradict each other.
 */
static uint32_t
l4_octets(const struct rte_mbuf *m, bool v4, uint32_t l2_len, uint32_t l3_len)
{
	const uint8_t *ip = rte_pktmbuf_mtod_offset(m, const uint8_t *, l2_len);
	uint32_t len;

	if (v4)
		len = rte_be_to_cpu_16(((const struct rte_ipv4_hdr *)ip)->total_length);
	else
		len = rte_be_to_cpu_16(((const struct rte_ipv6_hdr *)ip)->payload_len) +
		      (uint32_t)sizeof(struct rte_ipv6_hdr);
	return len > l3_len && len <= m->pkt_len - l2_len ? len - l3_len : 0;
}

static bool
is_sane_l4(const struct rte_mbuf *m, uint32_t l4)
{
	return is_sane(m, l4) &&
	       l4_octets(m, (m->ol_flags & RTE_MBUF_F_TX_IPV4) != 0, m->l2_len, m->l3_len) >= l4;
}

static int
check_l4(const struct rte_mbuf *m)
{
	uint64_t l4 = m->ol_flags & RTE_MBUF_F_TX_L4_MASK;

	if (l4 == RTE_MBUF_F_TX_SCTP_CKSUM)
		return -ENOTSUP;
	if (l4 == RTE_MBUF_F_TX_TCP_CKSUM && !is_sane_l4(m, sizeof(struct rte_tcp_hdr)))
		return -EINVAL;
	if (l4 == RTE_MBUF_F_TX_UDP_CKSUM && !is_sane_l4(m, sizeof(struct rte_udp_hdr)))
		return -EINVAL;
	return 0;
}

static int
check_tso(const struct rte_mbuf *m)
{
	uint64_t l4 = m->ol_flags & RTE_MBUF_F_TX_L4_MASK;

	if (l4 != 0 && l4 != RTE_MBUF_F_TX_TCP_CKSUM)
		return -EINVAL;
	if (m->l4_len < sizeof(struct rte_tcp_hdr) || m->l4_len > L4_MAX ||
	    m->tso_segsz < SEGSZ_MIN || !is_sane(m, m->l4_len) || esw_tso_headers(m) >= m->pkt_len)
		return -EINVAL;
	return 0;
}

int
esw_offload_check(const struct rte_mbuf *m)
{
	uint64_t asked = m->ol_flags & ESW_OL_MASK;

	if ((asked & ~ESW_OL_KNOWN) != 0)
		return -ENOTSUP;
	if ((asked & RTE_MBUF_F_TX_IP_CKSUM) != 0 &&
	    ((asked & RTE_MBUF_F_TX_IPV4) == 0 && (m->ol_flags & RTE_MBUF_F_TX_IPV4) == 0))
		return -EINVAL;
	if ((asked & RTE_MBUF_F_TX_IP_CKSUM) != 0 && !is_sane(m, 0))
		return -EINVAL;
	if ((asked & RTE_MBUF_F_TX_TCP_SEG) != 0)
		return check_tso(m);
	return check_l4(m);
}

static void
ip_cksum(struct rte_mbuf *m)
{
	struct rte_ipv4_hdr *ip = rte_pktmbuf_mtod_offset(m, struct rte_ipv4_hdr *, m->l2_len);
	uint16_t sum;

	ip->hdr_checksum = 0;
	/* Options count too (RFC 791 3.1), so l3_len and not the fixed 20 octets. */
	sum = rte_raw_cksum(ip, m->l3_len);
	ip->hdr_checksum = (uint16_t)~sum;
}

/*
 * Sum of `len` octets from `at`, folded. Not rte_raw_cksum_mbuf(): 22.11's cuts the sum of a
 * segment that begins at an odd octet to 16 bits before it swaps, and so loses the carries.
 */
static uint16_t
sum_segments(const struct rte_mbuf *m, uint32_t at, uint32_t len)
{
	uint32_t sum = 0, done = 0;

	for (; m != NULL && at >= m->data_len; m = m->next)
		at -= m->data_len;
	for (; m != NULL && done < len; m = m->next, at = 0) {
		uint32_t n = RTE_MIN(len - done, m->data_len - at);
		uint16_t part = rte_raw_cksum(rte_pktmbuf_mtod_offset(m, const void *, at), n);

		sum += (done & 1) != 0 ? rte_bswap16(part) : part; /* RFC 1071 2 (B) */
		done += n;
	}
	sum = (sum >> 16) + (sum & 0xffff);
	return (uint16_t)(sum + (sum >> 16));
}

/*
 * L4 checksum over the pseudo-header (RFC 9293 3.1, RFC 768, RFC 8200 8.1) and `len` octets from
 * the L4 header on, in however many segments.
 */
static void
l4_cksum(struct rte_mbuf *m, bool v4, uint32_t l2_len, uint32_t l3_len, uint32_t len, bool udp)
{
	uint32_t at = l2_len + l3_len;
	void *ip = rte_pktmbuf_mtod_offset(m, void *, l2_len);
	uint8_t proto = udp ? IPPROTO_UDP : IPPROTO_TCP;
	struct {
		rte_be32_t len;
		uint8_t zero[3], proto;
	} v6 = { .len = rte_cpu_to_be_32(len), .proto = proto };
	uint16_t *field = rte_pktmbuf_mtod_offset(m, uint16_t *,
						  at + (udp ? offsetof(struct rte_udp_hdr,
								       dgram_cksum) :
							      offsetof(struct rte_tcp_hdr, cksum)));
	uint32_t sum = 0;
	uint16_t raw;

	*field = 0;
	if (v4) {
		const struct rte_ipv4_hdr *h = ip;

		sum += rte_raw_cksum(&h->src_addr, 8);
		sum += rte_cpu_to_be_16(proto) + rte_cpu_to_be_16((uint16_t)len);
	} else {
		const struct rte_ipv6_hdr *h = ip;

		sum += rte_raw_cksum(&h->src_addr, 32);
		sum += rte_raw_cksum(&v6, sizeof(v6));
	}
	sum += sum_segments(m, at, len);
	sum = (sum >> 16) + (sum & 0xffff);
	sum += sum >> 16;
	raw = (uint16_t)~sum;
	*field = udp && raw == 0 ? 0xffff : raw; /* RFC 768: zero means none was computed */
}

/*
 * The pool for a copy of m: that of its data. NULL if its buffers have no room worth copying
 * into.
 */
static struct rte_mempool *
copy_pool(const struct rte_mbuf *m)
{
	struct rte_mempool *mp = m->pool;

	if (RTE_MBUF_CLONED(m))
		mp = rte_mbuf_from_indirect((struct rte_mbuf *)(uintptr_t)m)->pool;
	return rte_pktmbuf_data_room_size(mp) < RTE_PKTMBUF_HEADROOM + HEADERS_MAX ? NULL : mp;
}

/*
 * An mbuf whose header octets may be written, with room for a tag if one is asked for: itself, or
 * a copy.
 */
static struct rte_mbuf *
writable(struct rte_mbuf *m)
{
	struct rte_mbuf *c;
	bool tag = (m->ol_flags & RTE_MBUF_F_TX_VLAN) != 0;

	if (RTE_MBUF_DIRECT(m) && rte_mbuf_refcnt_read(m) == 1 &&
	    (!tag ||
	     (m->data_len >= 2 * RTE_ETHER_ADDR_LEN && rte_pktmbuf_headroom(m) >= ESW_TAG_LEN)))
		return m;
	c = copy_pool(m) != NULL ? rte_pktmbuf_copy(m, copy_pool(m), 0, UINT32_MAX) : NULL;
	if (c == NULL)
		return NULL;
	c->ol_flags = m->ol_flags & ~(RTE_MBUF_F_INDIRECT | RTE_MBUF_F_EXTERNAL);
	c->tx_offload = m->tx_offload;
	c->vlan_tci = m->vlan_tci;
	rte_pktmbuf_free(m);
	return c;
}

static int
insert_vlan(struct rte_mbuf *m)
{
	uint8_t *p;
	uint16_t tag[2] = { rte_cpu_to_be_16(ESW_TPID_CTAG), rte_cpu_to_be_16(m->vlan_tci) };

	if (m->data_len < 2 * RTE_ETHER_ADDR_LEN || rte_pktmbuf_headroom(m) < ESW_TAG_LEN)
		return -ENOMEM;
	p = (uint8_t *)rte_pktmbuf_prepend(m, ESW_TAG_LEN);
	memmove(p, p + ESW_TAG_LEN, 2 * RTE_ETHER_ADDR_LEN);
	memcpy(p + 2 * RTE_ETHER_ADDR_LEN, tag, sizeof(tag));
	m->l2_len += ESW_TAG_LEN;
	m->ol_flags &= ~RTE_MBUF_F_TX_VLAN;
	return 0;
}

static void
checksums(struct rte_mbuf *m, uint64_t *rx_flags)
{
	uint64_t l4 = m->ol_flags & RTE_MBUF_F_TX_L4_MASK;
	bool v4 = (m->ol_flags & RTE_MBUF_F_TX_IPV4) != 0;

	if ((m->ol_flags & RTE_MBUF_F_TX_IP_CKSUM) != 0) {
		ip_cksum(m);
		*rx_flags |= RTE_MBUF_F_RX_IP_CKSUM_GOOD;
	}
	if (l4 == RTE_MBUF_F_TX_TCP_CKSUM || l4 == RTE_MBUF_F_TX_UDP_CKSUM) {
		/* A TSO frame's IP length is not its own yet. */
		l4_cksum(m, v4, m->l2_len, m->l3_len,
			 (m->ol_flags & RTE_MBUF_F_TX_TCP_SEG) != 0 ?
				 m->pkt_len - m->l2_len - m->l3_len :
				 l4_octets(m, v4, m->l2_len, m->l3_len),
			 l4 == RTE_MBUF_F_TX_UDP_CKSUM);
		*rx_flags |= RTE_MBUF_F_RX_L4_CKSUM_GOOD;
	}
}

int
esw_offload_apply(struct rte_mbuf **mp, uint64_t *rx_flags)
{
	struct rte_mbuf *m;
	int rc = esw_offload_check(*mp);

	if (rc != 0)
		return rc;
	m = writable(*mp);
	if (m == NULL)
		return -ENOMEM;
	*mp = m;
	if ((m->ol_flags & RTE_MBUF_F_TX_VLAN) != 0) {
		rc = insert_vlan(m);
		if (rc != 0)
			return rc;
	}
	if ((m->ol_flags & RTE_MBUF_F_TX_TCP_SEG) != 0)
		m->ol_flags |= RTE_MBUF_F_TX_TCP_CKSUM | /* rte_mbuf_core.h: TCP_SEG implies both */
			       (m->ol_flags & RTE_MBUF_F_TX_IPV4 ? RTE_MBUF_F_TX_IP_CKSUM : 0);
	checksums(m, rx_flags);
	return 0;
}

uint32_t
esw_tso_count(const struct rte_mbuf *m)
{
	uint32_t payload = m->pkt_len - esw_tso_headers(m);

	return (payload + m->tso_segsz - 1) / m->tso_segsz;
}

/*
 * Headers of segment `index`: lengths, sequence, flags (RFC 9293 3.1: FIN and PSH on the last,
 * CWR on the first).
 */
static void
fix_headers(struct rte_mbuf *s, const struct rte_mbuf *m, uint32_t index, bool last)
{
	bool v4 = (m->ol_flags & RTE_MBUF_F_TX_IPV4) != 0;
	struct rte_tcp_hdr *tcp = rte_pktmbuf_mtod_offset(s, struct rte_tcp_hdr *,
							  m->l2_len + m->l3_len);

	if (v4) {
		struct rte_ipv4_hdr *ip = rte_pktmbuf_mtod_offset(s, struct rte_ipv4_hdr *,
								  m->l2_len);

		ip->total_length = rte_cpu_to_be_16(s->pkt_len - m->l2_len);
		ip->packet_id = rte_cpu_to_be_16(rte_be_to_cpu_16(ip->packet_id) + index);
		s->l2_len = m->l2_len;
		s->l3_len = m->l3_len;
		ip_cksum(s);
	} else {
		struct rte_ipv6_hdr *ip = rte_pktmbuf_mtod_offset(s, struct rte_ipv6_hdr *,
								  m->l2_len);

		ip->payload_len = rte_cpu_to_be_16(s->pkt_len - m->l2_len - sizeof(*ip));
	}
	tcp->sent_seq = rte_cpu_to_be_32(rte_be_to_cpu_32(tcp->sent_seq) + index * m->tso_segsz);
	if (!last)
		tcp->tcp_flags &= (uint8_t) ~(RTE_TCP_FIN_FLAG | RTE_TCP_PSH_FLAG);
	if (index != 0)
		tcp->tcp_flags &= (uint8_t)~RTE_TCP_CWR_FLAG;
	l4_cksum(s, v4, m->l2_len, m->l3_len, s->pkt_len - m->l2_len - m->l3_len, false);
}

struct rte_mbuf *
esw_tso_segment(const struct rte_mbuf *m, uint32_t index)
{
	struct rte_mempool *mp = copy_pool(m);
	uint32_t head = esw_tso_headers(m), at = head + index * m->tso_segsz;
	uint32_t len = RTE_MIN((uint32_t)m->tso_segsz, m->pkt_len - at);
	struct rte_mbuf *s, *payload;

	s = mp != NULL ? rte_pktmbuf_copy(m, mp, 0, head) : NULL;
	if (s == NULL)
		return NULL;
	payload = rte_pktmbuf_copy(m, mp, at, len);
	if (s->nb_segs != 1 || payload == NULL || rte_pktmbuf_chain(s, payload) != 0) {
		rte_pktmbuf_free(payload);
		rte_pktmbuf_free(s);
		return NULL;
	}
	s->ol_flags = 0;
	fix_headers(s, m, index, at + len == m->pkt_len);
	return s;
}
