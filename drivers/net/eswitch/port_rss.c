/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/*
 * RSS of a port: ethdev's hash types, key and redirection table in the e-switch's terms.
 *
 * The e-switch knows "hash IPv4", "hash IPv6" and "with the ports of TCP" or UDP for both
 * families. Asking for TCP over IPv4 alone therefore also spreads other IPv4 packets by their
 * addresses: no packet goes to a queue where it would not be looked for, since which one is the
 * hash's choice anyway.
 */
#include <errno.h>
#include <string.h>

#include "log.h"
#include "port.h"

/* Microsoft, "Verifying the RSS Hash Calculation": the key with published test vectors. */
const uint8_t esn_rss_key[ESW_RSS_KEY_LEN] = {
	0x6d, 0x5a, 0x56, 0xda, 0x25, 0x5b, 0x0e, 0xc2, 0x41, 0x67, 0x25, 0x3d, 0x43, 0xa3,
	0x8f, 0xb0, 0xd0, 0xca, 0x2b, 0xcb, 0xae, 0x7b, 0x30, 0xb4, 0x77, 0xcb, 0x2d, 0xa3,
	0x80, 0x30, 0xf2, 0x0c, 0x6a, 0x42, 0xb7, 0x3b, 0xbe, 0xac, 0x01, 0xfa,
};

uint32_t
esn_rss_types_of(uint64_t hf)
{
	uint32_t t = 0;

	if ((hf & (ESN_RSS_IP4 | RTE_ETH_RSS_NONFRAG_IPV4_TCP | RTE_ETH_RSS_NONFRAG_IPV4_UDP)) != 0)
		t |= ESW_RSS_IPV4;
	if ((hf & (ESN_RSS_IP6 | RTE_ETH_RSS_NONFRAG_IPV6_TCP | RTE_ETH_RSS_NONFRAG_IPV6_UDP |
		   RTE_ETH_RSS_IPV6_TCP_EX | RTE_ETH_RSS_IPV6_UDP_EX)) != 0)
		t |= ESW_RSS_IPV6;
	if ((hf & ESN_RSS_TCP) != 0)
		t |= ESW_RSS_TCP;
	if ((hf & ESN_RSS_UDP) != 0)
		t |= ESW_RSS_UDP;
	if ((hf & RTE_ETH_RSS_L2_PAYLOAD) != 0)
		t |= ESW_RSS_ETH;
	return t;
}

static int
conf_take(struct esw_rss *rss, const struct rte_eth_rss_conf *c, struct esw_err *err)
{
	if ((c->rss_hf & ~ESN_RSS_ALL) != 0)
		return esw_err_set(err, -EINVAL, "rss_hf: %#" PRIx64 " has types beyond %#" PRIx64,
				   c->rss_hf, (uint64_t)ESN_RSS_ALL);
	if (c->rss_key != NULL && c->rss_key_len != 0 && c->rss_key_len != ESW_RSS_KEY_LEN)
		return esw_err_set(err, -EINVAL, "rss_key_len: %u is not %u", c->rss_key_len,
				   ESW_RSS_KEY_LEN);
	if (c->rss_key != NULL)
		memcpy(rss->key, c->rss_key, ESW_RSS_KEY_LEN);
	rss->types = esn_rss_types_of(c->rss_hf);
	return 0;
}

int
esn_rss_configure(struct rte_eth_dev *dev, struct esw_err *err)
{
	struct esn_port *p = esn_port(dev);
	const struct rte_eth_conf *c = &dev->data->dev_conf;
	struct esw_rss rss = { .types = 0 };
	uint16_t i;
	int ret = 0;

	memcpy(rss.key, esn_rss_key, sizeof(esn_rss_key));
	if (c->rxmode.mq_mode == RTE_ETH_MQ_RX_RSS) {
		ret = conf_take(&rss, &c->rx_adv_conf.rss_conf, err);
		for (i = 0; i < ESW_RETA_SIZE && dev->data->nb_rx_queues > 0; i++)
			rss.reta[i] = i % dev->data->nb_rx_queues;
	}
	if (ret != 0)
		return ret;
	p->rss = rss;
	p->rss_hf = c->rxmode.mq_mode == RTE_ETH_MQ_RX_RSS ? c->rx_adv_conf.rss_conf.rss_hf : 0;
	return 0;
}

/* All or nothing; a port that is stopped takes it at its start. */
static int
apply(struct rte_eth_dev *dev, const struct esw_rss *rss)
{
	struct esn_port *p = esn_port(dev);
	struct esw_err err;
	int ret;

	if (dev->data->dev_started != 0) {
		ret = esw_rss_set(p->nic->sw, p->ep, rss, &err);
		if (ret != 0) {
			ESN_LOG(ERR, "%s: RSS: %s", dev->data->name, err.msg);
			return ret;
		}
	}
	p->rss = *rss;
	return 0;
}

int
esn_rss_hash_update(struct rte_eth_dev *dev, struct rte_eth_rss_conf *conf)
{
	struct esn_port *p = esn_port(dev);
	struct esw_rss rss = p->rss;
	struct esw_err err;
	int ret = conf_take(&rss, conf, &err);

	if (ret != 0) {
		ESN_LOG(ERR, "%s: %s", dev->data->name, err.msg);
		return ret;
	}
	ret = apply(dev, &rss);
	if (ret == 0)
		p->rss_hf = conf->rss_hf;
	return ret;
}

int
esn_rss_hash_conf_get(struct rte_eth_dev *dev, struct rte_eth_rss_conf *conf)
{
	const struct esn_port *p = esn_port(dev);

	conf->rss_hf = p->rss_hf;
	if (conf->rss_key != NULL) {
		if (conf->rss_key_len < ESW_RSS_KEY_LEN)
			return -EINVAL;
		memcpy(conf->rss_key, p->rss.key, ESW_RSS_KEY_LEN);
	}
	conf->rss_key_len = ESW_RSS_KEY_LEN;
	return 0;
}

int
esn_rss_reta_update(struct rte_eth_dev *dev, struct rte_eth_rss_reta_entry64 *reta, uint16_t n)
{
	struct esn_port *p = esn_port(dev);
	struct esw_rss rss = p->rss;
	uint16_t i;

	if (n != ESW_RETA_SIZE)
		return -EINVAL;
	for (i = 0; i < n; i++) {
		const struct rte_eth_rss_reta_entry64 *e = &reta[i / RTE_ETH_RETA_GROUP_SIZE];

		if ((e->mask & RTE_BIT64(i % RTE_ETH_RETA_GROUP_SIZE)) == 0)
			continue;
		rss.reta[i] = e->reta[i % RTE_ETH_RETA_GROUP_SIZE];
		if (rss.reta[i] >= dev->data->nb_rx_queues) {
			ESN_LOG(ERR, "%s: reta[%u]: queue %u is out of range 0 to %u",
				dev->data->name, i, rss.reta[i], dev->data->nb_rx_queues - 1);
			return -EINVAL;
		}
	}
	return apply(dev, &rss);
}

int
esn_rss_reta_query(struct rte_eth_dev *dev, struct rte_eth_rss_reta_entry64 *reta, uint16_t n)
{
	const struct esn_port *p = esn_port(dev);
	uint16_t i;

	if (n != ESW_RETA_SIZE)
		return -EINVAL;
	for (i = 0; i < n; i++) {
		struct rte_eth_rss_reta_entry64 *e = &reta[i / RTE_ETH_RETA_GROUP_SIZE];

		if ((e->mask & RTE_BIT64(i % RTE_ETH_RETA_GROUP_SIZE)) != 0)
			e->reta[i % RTE_ETH_RETA_GROUP_SIZE] = p->rss.reta[i];
	}
	return 0;
}
