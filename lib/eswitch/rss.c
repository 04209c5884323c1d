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

/* A frame's first octets. */
struct head {
	const uint8_t *p;
	uint32_t n;
};

static unsigned int
words(const struct head *h, uint32_t at, unsigned int n, uint32_t *out)
{
	if (at + n * 4 > h->n)
		return 0;
	for (unsigned int i = 0; i < n; i++) {
		memcpy(&out[i], h->p + at + 4 * i, 4);
		out[i] = rte_be_to_cpu_32(out[i]);
	}
	return n;
}

static unsigned int
tuple_ipv4(uint32_t types, const struct head *h, uint32_t l3, uint32_t *t)
{
	struct rte_ipv4_hdr ip;
	unsigned int n;
	int l4;

	if ((types & ESW_RSS_IPV4) == 0 || l3 + sizeof(ip) > h->n)
		return 0;
	memcpy(&ip, h->p + l3, sizeof(ip));
	n = words(h, l3 + offsetof(struct rte_ipv4_hdr, src_addr), 2, t);
	l4 = ports_at(types, ip.next_proto_id, l3 + (ip.version_ihl & 0xf) * 4);
	if (l4 >= 0 && (rte_be_to_cpu_16(ip.fragment_offset) & 0x3fff) == 0)
		n += words(h, l4, 1, t + n);
	return n;
}

static unsigned int
tuple_ipv6(uint32_t types, const struct head *h, uint32_t l3, uint32_t *t)
{
	struct rte_ipv6_hdr ip;
	unsigned int n;
	int l4;

	if ((types & ESW_RSS_IPV6) == 0 || l3 + sizeof(ip) > h->n)
		return 0;
	memcpy(&ip, h->p + l3, sizeof(ip));
	n = words(h, l3 + offsetof(struct rte_ipv6_hdr, src_addr), 8, t);
	l4 = ports_at(types, ip.proto, l3 + sizeof(ip));
	if (l4 >= 0)
		n += words(h, l4, 1, t + n);
	return n;
}

static uint32_t
hash_by(uint32_t types, const uint8_t *key_be, const struct head *h, bool *hashed)
{
	uint32_t t[TUPLE_WORDS] = { 0 }, at = 12;
	unsigned int n = 0;
	uint16_t type = 0;

	for (unsigned int tags = 0; tags < 3 && at + 2 <= h->n; tags++) {
		memcpy(&type, h->p + at, sizeof(type));
		type = rte_be_to_cpu_16(type);
		at += 2;
		if (!esw_is_tpid(type))
			break;
		at += 2;
	}
	if (type == RTE_ETHER_TYPE_IPV4)
		n = tuple_ipv4(types, h, at, t);
	else if (type == RTE_ETHER_TYPE_IPV6)
		n = tuple_ipv6(types, h, at, t);
	if (n == 0 && (types & ESW_RSS_ETH) != 0)
		n = words(h, 0, 3, t);
	*hashed = n != 0;
	return n == 0 ? 0 : rte_softrss_be(t, n, key_be);
}

uint32_t
esw_rss_hash(const struct esw_ep *ep, const uint8_t *p, uint32_t n, bool *hashed)
{
	const struct head h = { .p = p, .n = n };

	return hash_by(ep->rss.types, ep->rss_key_be, &h, hashed);
}

uint32_t
esw_rss_hash_rule(const struct esw_ep *ep, const struct esw_flow_rss *rule, const uint8_t *p,
		  uint32_t n, uint32_t *hash, bool *hashed)
{
	const struct head h = { .p = p, .n = n };
	uint32_t types = rule->types != 0 ? rule->types : ep->rss.types;
	uint8_t key_be[ESW_RSS_KEY_LEN] __rte_aligned(4);
	const uint8_t *key = ep->rss_key_be;

	if (rule->key_set) { /* rare, and a rule's memory is read-only */
		rte_convert_rss_key((const uint32_t *)(uintptr_t)rule->key,
				    (uint32_t *)(uintptr_t)key_be, ESW_RSS_KEY_LEN);
		key = key_be;
	}
	*hash = hash_by(types, key, &h, hashed);
	return *hash;
}

static uint64_t
reversed(uint64_t v, unsigned int bits)
{
	uint64_t r = 0;

	for (unsigned int i = 0; i < bits; i++)
		r |= (v >> i & 1) << (bits - 1 - i);
	return r;
}

/* What fast_spread.h needs of the key and the table. */
static void
fan_make(struct esw_ep *ep)
{
	uint64_t window;

	for (unsigned int i = 0; i < RTE_DIM(ep->rss_rev); i++) {
		memcpy(&window, &ep->rss.key[4 * i], sizeof(window));
		ep->rss_rev[i] = reversed(rte_be_to_cpu_64(window), 64);
	}
	for (unsigned int i = 0; i < ESW_RETA_SIZE; i++)
		ep->rss_fan[reversed(i, 7)] = (uint8_t)ep->rss.reta[i];
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
	fan_make(&sw->ep[ep]);
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
