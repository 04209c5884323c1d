/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#include <errno.h>
#include <string.h>

#include <rte_ip.h>
#include <rte_thash.h>

#include "rss.h"

#define TUPLE_WORDS 10 /* IPv6 addresses and ports, in 32-bit words */

/*
 * Octets of the L4 ports, or -1: fragments other than the first have none (RFC 791), nor has
 * anything but TCP and UDP.
 */
static int
ports_at(uint32_t types, uint8_t proto, int l4)
{
	if (proto == IPPROTO_TCP && (types & ESW_RSS_TCP) != 0)
		return l4;
	if (proto == IPPROTO_UDP && (types & ESW_RSS_UDP) != 0)
		return l4;
	return -1;
}

static unsigned int
words(const struct rte_mbuf *m, uint32_t at, unsigned int n, uint32_t *out)
{
	uint8_t buf[32];
	const uint8_t *p;

	if (at + n * 4 > m->pkt_len)
		return 0;
	p = rte_pktmbuf_read(m, at, n * 4, buf);
	if (p == NULL)
		return 0;
	for (unsigned int i = 0; i < n; i++) {
		memcpy(&out[i], p + 4 * i, 4);
		out[i] = rte_be_to_cpu_32(out[i]);
	}
	return n;
}

static unsigned int
tuple_ipv4(uint32_t types, const struct rte_mbuf *m, uint32_t l3, uint32_t *t)
{
	struct rte_ipv4_hdr buf;
	const struct rte_ipv4_hdr *ip;
	unsigned int n;
	int l4;

	if ((types & ESW_RSS_IPV4) == 0 || l3 + sizeof(buf) > m->pkt_len)
		return 0;
	ip = rte_pktmbuf_read(m, l3, sizeof(buf), &buf);
	n = words(m, l3 + offsetof(struct rte_ipv4_hdr, src_addr), 2, t);
	l4 = ports_at(types, ip->next_proto_id, l3 + (ip->version_ihl & 0xf) * 4);
	if (l4 >= 0 && (rte_be_to_cpu_16(ip->fragment_offset) & 0x3fff) == 0)
		n += words(m, l4, 1, t + n);
	return n;
}

static unsigned int
tuple_ipv6(uint32_t types, const struct rte_mbuf *m, uint32_t l3, uint32_t *t)
{
	struct rte_ipv6_hdr buf;
	const struct rte_ipv6_hdr *ip;
	unsigned int n;
	int l4;

	if ((types & ESW_RSS_IPV6) == 0 || l3 + sizeof(buf) > m->pkt_len)
		return 0;
	ip = rte_pktmbuf_read(m, l3, sizeof(buf), &buf);
	n = words(m, l3 + offsetof(struct rte_ipv6_hdr, src_addr), 8, t);
	l4 = ports_at(types, ip->proto, l3 + sizeof(buf));
	if (l4 >= 0)
		n += words(m, l4, 1, t + n);
	return n;
}

uint32_t
esw_rss_hash(const struct esw_ep *ep, const struct rte_mbuf *m, bool *hashed)
{
	uint32_t t[TUPLE_WORDS] = { 0 }, types = ep->rss.types, at = 12;
	unsigned int n = 0;
	uint16_t type = 0, buf;

	for (unsigned int tags = 0; tags < 3 && at + 2 <= m->pkt_len; tags++) {
		const uint16_t *p = rte_pktmbuf_read(m, at, 2, &buf);

		memcpy(&type, p, sizeof(type));
		type = rte_be_to_cpu_16(type);
		at += 2;
		if (!esw_is_tpid(type))
			break;
		at += 2;
	}
	if (type == RTE_ETHER_TYPE_IPV4)
		n = tuple_ipv4(types, m, at, t);
	else if (type == RTE_ETHER_TYPE_IPV6)
		n = tuple_ipv6(types, m, at, t);
	if (n == 0 && (types & ESW_RSS_ETH) != 0)
		n = words(m, 0, 3, t);
	*hashed = n != 0;
	return n == 0 ? 0 : rte_softrss_be(t, n, ep->rss_key_be);
}

int
esw_rss_set(struct esw *sw, uint16_t ep, const struct esw_rss *rss, struct esw_err *err)
{
	uint32_t known = ESW_RSS_IPV4 | ESW_RSS_IPV6 | ESW_RSS_TCP | ESW_RSS_UDP | ESW_RSS_ETH;

	if (ep >= sw->nb_ep)
		return esw_err_set(err, -EINVAL, "rss: no such endpoint");
	if ((rss->types & ~known) != 0)
		return esw_err_set(err, -ENOTSUP, "rss: hash types 0x%x are not known",
				   rss->types & ~known);
	for (unsigned int i = 0; i < ESW_RETA_SIZE; i++)
		if (rss->reta[i] >= ESW_QUEUES_MAX)
			return esw_err_set(err, -EINVAL,
					   "rss: reta[%u] = %u is out of range 0 to %u", i,
					   rss->reta[i], ESW_QUEUES_MAX - 1);
	esw_lock(sw);
	/*
	 * A frame that is hashed meanwhile may go by either key: to one queue or another, never
	 * astray.
	 */
	sw->ep[ep].rss = *rss;
	rte_convert_rss_key((const uint32_t *)(uintptr_t)rss->key,
			    (uint32_t *)(uintptr_t)sw->ep[ep].rss_key_be, ESW_RSS_KEY_LEN);
	esw_unlock(sw);
	return 0;
}

int
esw_rss_get(const struct esw *sw, uint16_t ep, struct esw_rss *rss)
{
	if (ep >= sw->nb_ep)
		return -EINVAL;
	esw_lock(sw);
	*rss = sw->ep[ep].rss;
	esw_unlock(sw);
	return 0;
}
