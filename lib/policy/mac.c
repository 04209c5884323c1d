/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/*
 * MAC addresses of a policy: their text, and the sorted list `macs`.
 *
 * rte_ether_unformat_addr() is not used: it also takes three groups of four digits, and single
 * digits, where a typo is more likely than the wish.
 */
#include <errno.h>
#include <string.h>

#include "internal.h"

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static bool
mac_octets(struct esw_word w, struct rte_ether_addr *mac)
{
	const char sep = w.len > 2 ? w.s[2] : '\0';
	unsigned int i;
	int hi, lo;

	if (w.len != ESW_MAC_TEXT_LEN || (sep != ':' && sep != '-'))
		return false;
	for (i = 0; i < RTE_ETHER_ADDR_LEN; i++) {
		hi = hex_digit(w.s[3 * i]);
		lo = hex_digit(w.s[3 * i + 1]);
		if (hi < 0 || lo < 0)
			return false;
		if (i + 1 < RTE_ETHER_ADDR_LEN && w.s[3 * i + 2] != sep)
			return false;
		mac->addr_bytes[i] = (uint8_t)(hi << 4 | lo);
	}
	return true;
}

int
esw_mac_check(const struct rte_ether_addr *mac, struct esw_err *err)
{
	if (rte_is_zero_ether_addr(mac))
		return esw_err_set(err, -EINVAL,
				   ESW_MAC_FMT
				   " is no address: a unicast address that is not zero is needed",
				   ESW_MAC_ARG(mac));
	if (rte_is_multicast_ether_addr(mac))
		return esw_err_set(err, -EINVAL, ESW_MAC_FMT " is %s: a unicast address is needed",
				   ESW_MAC_ARG(mac),
				   rte_is_broadcast_ether_addr(mac) ? "broadcast" : "multicast");
	return 0;
}

int
esw_mac_parse(struct esw_word w, struct rte_ether_addr *mac, struct esw_err *err)
{
	if (!mac_octets(w, mac))
		return esw_err_set(err, -EINVAL,
				   "\"%.*s\" is not an address of the form 02:00:00:00:00:01",
				   ESW_WORD_ARG(w));
	return esw_mac_check(mac, err);
}

int
esw_policy_macs_add(struct esw_policy *p, const struct rte_ether_addr *mac, struct esw_err *err)
{
	unsigned int i = 0;
	int ret = esw_mac_check(mac, err);

	if (ret != 0)
		return ret;
	if (p->n_macs >= ESW_POLICY_MACS_MAX)
		return esw_err_set(err, -ENOSPC,
				   ESW_MAC_FMT " is one too many: 0 to %u further addresses",
				   ESW_MAC_ARG(mac), ESW_POLICY_MACS_MAX);
	while (i < p->n_macs && memcmp(&p->macs[i], mac, sizeof(*mac)) < 0)
		i++;
	if (i < p->n_macs && rte_is_same_ether_addr(&p->macs[i], mac))
		return esw_err_set(err, -EEXIST, ESW_MAC_FMT " is listed twice", ESW_MAC_ARG(mac));
	memmove(&p->macs[i + 1], &p->macs[i], (p->n_macs - i) * sizeof(*mac));
	p->macs[i] = *mac;
	p->n_macs++;
	return 0;
}

int
esw_macs_parse(struct esw_policy *p, struct esw_word text, struct esw_err *err)
{
	const char *s = text.s, *end = text.s + text.len, *comma;
	struct rte_ether_addr mac = { .addr_bytes = { 0 } };
	int ret;

	p->n_macs = 0;
	if (esw_word_is(text, "none"))
		return 0;
	do {
		comma = memchr(s, ',', (size_t)(end - s));
		if (comma == NULL)
			comma = end;
		ret = esw_mac_parse(esw_word_trim(s, (size_t)(comma - s)), &mac, err);
		if (ret == 0)
			ret = esw_policy_macs_add(p, &mac, err);
		if (ret != 0)
			return ret;
		s = comma + 1;
	} while (comma != end);
	return 0;
}

int
esw_macs_check(const struct esw_policy *p, struct esw_err *err)
{
	unsigned int i;
	int ret, order;

	if (p->n_macs > ESW_POLICY_MACS_MAX)
		return esw_err_set(err, -EINVAL, "%u addresses are out of range 0 to %u", p->n_macs,
				   ESW_POLICY_MACS_MAX);
	for (i = 0; i < p->n_macs; i++) {
		ret = esw_mac_check(&p->macs[i], err);
		if (ret != 0)
			return ret;
		if (rte_is_same_ether_addr(&p->macs[i], &p->mac))
			return esw_err_set(err, -EINVAL, ESW_MAC_FMT " is the VF's own mac already",
					   ESW_MAC_ARG(&p->mac));
		order = i == 0 ? -1 : memcmp(&p->macs[i - 1], &p->macs[i], sizeof(p->macs[i]));
		if (order >= 0)
			return esw_err_set(err, -EINVAL, ESW_MAC_FMT " is %s",
					   ESW_MAC_ARG(&p->macs[i]),
					   order == 0 ? "listed twice" : "not in ascending order");
	}
	return 0;
}

void
esw_macs_print(const struct esw_policy *p, struct esw_out *o)
{
	unsigned int i;

	if (p->n_macs == 0)
		esw_out_add(o, "none");
	for (i = 0; i < p->n_macs && i < ESW_POLICY_MACS_MAX; i++)
		esw_out_add(o, "%s" ESW_MAC_FMT, i == 0 ? "" : ",", ESW_MAC_ARG(&p->macs[i]));
}
