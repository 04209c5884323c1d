/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#include <errno.h>
#include <string.h>

#include <rte_errno.h>
#include <rte_malloc.h>
#include <rte_string_fns.h>

#include "device.h"
#include "flow_table.h"

RTE_LOG_REGISTER(esw_logtype, lib.eswitch, NOTICE);

#define FDB_DEFAULT 32768
#define AGE_DEFAULT 300 /* IEEE 802.1Q-2018 table 8-6: recommended ageing time */

/*
 * The last holder died inside a control call. What is published is whole (each a single store), but
 * policy, gates and MAC table may be of different moments: make them one again.
 */
static void
mend(struct esw *sw)
{
	ESW_LOG(WARNING, "%s: a process died inside a control call; what it began is finished",
		sw->conf.name);
	for (uint16_t i = 0; i < sw->conf.nb_vfs; i++)
		if (sw->out[esw_ep_vf(i)].rules != NULL)
			esw_vf_publish(sw, i, true);
	for (uint16_t ep = 0; ep < sw->nb_ep; ep++)
		esw_out_update(sw, ep);
}

static bool
locked(const struct esw *sw, int rc)
{
	pthread_mutex_t *m = (pthread_mutex_t *)(uintptr_t)&sw->lock;

	if (rc == EOWNERDEAD) {
		pthread_mutex_consistent(m);
		mend((struct esw *)(uintptr_t)sw);
		rc = 0;
	}
	return rc == 0;
}

void
esw_lock(const struct esw *sw)
{
	locked(sw, pthread_mutex_lock((pthread_mutex_t *)(uintptr_t)&sw->lock));
}

bool
esw_trylock(const struct esw *sw)
{
	return locked(sw, pthread_mutex_trylock((pthread_mutex_t *)(uintptr_t)&sw->lock));
}

void
esw_unlock(const struct esw *sw)
{
	pthread_mutex_unlock((pthread_mutex_t *)(uintptr_t)&sw->lock);
}

static int
lock_init(pthread_mutex_t *m)
{
	pthread_mutexattr_t a;
	int rc;

	if (pthread_mutexattr_init(&a) != 0)
		return -ENOMEM;
	pthread_mutexattr_setpshared(&a, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&a, PTHREAD_MUTEX_ROBUST);
	rc = -pthread_mutex_init(m, &a);
	pthread_mutexattr_destroy(&a);
	return rc;
}

/*
 * Locally administered unicast (IEEE 802-2014 8.4) from seed and index: 02:SS:SS:SS:KK:II, a hash
 * of the seed in the middle, so that two devices rarely meet, and the index in the low octets, so
 * that no two VFs of one device ever do. The PF is index 0xffff.
 */
static void
mac_derive(uint32_t seed, uint16_t index, struct rte_ether_addr *mac)
{
	uint64_t h = (seed + UINT64_C(1)) * UINT64_C(0x9e3779b97f4a7c15);

	h ^= h >> 29;
	mac->addr_bytes[0] = 0x02;
	mac->addr_bytes[1] = (uint8_t)(h >> 40);
	mac->addr_bytes[2] = (uint8_t)(h >> 32);
	mac->addr_bytes[3] = (uint8_t)(h >> 24);
	mac->addr_bytes[4] = (uint8_t)(index >> 8);
	mac->addr_bytes[5] = (uint8_t)index;
}

static int
conf_check(const struct esw_conf *c, struct esw_err *err)
{
	if (c->nb_vfs > ESW_VFS_MAX)
		return esw_err_set(err, -EINVAL, "vfs: %u is out of range 0 to %u", c->nb_vfs,
				   ESW_VFS_MAX);
	if (c->mtu_max < ESW_MTU_MIN || c->mtu_max > ESW_MTU_MAX)
		return esw_err_set(err, -EINVAL, "mtu: %u is out of range %u to %u", c->mtu_max,
				   ESW_MTU_MIN, ESW_MTU_MAX);
	if (c->pf_mtu != 0 && (c->pf_mtu < ESW_MTU_MIN || c->pf_mtu > c->mtu_max))
		return esw_err_set(err, -EINVAL, "PF mtu: %u is out of range %u to %u", c->pf_mtu,
				   ESW_MTU_MIN, c->mtu_max);
	if (c->mode != ESW_MODE_SWITCHDEV && c->mode != ESW_MODE_VEB)
		return esw_err_set(err, -EINVAL, "mode: %d is neither switchdev nor veb", c->mode);
	return 0;
}

static void *
array(size_t n, size_t size, int socket_id)
{
	return rte_zmalloc_socket("esw", n * size, RTE_CACHE_LINE_SIZE, socket_id);
}

static int
alloc_tables(struct esw *sw)
{
	int sk = sw->conf.socket_id;
	uint16_t n = sw->conf.nb_vfs;

	sw->gate = array(sw->nb_ep, sizeof(*sw->gate), sk);
	sw->own = array(sw->nb_ep, sizeof(*sw->own), sk);
	sw->out = array(sw->nb_ep, sizeof(*sw->out), sk);
	sw->ep = array(sw->nb_ep, sizeof(*sw->ep), sk);
	sw->vf = array(RTE_MAX(n, 1), sizeof(*sw->vf), sk);
	sw->tx_by_id = array(sw->nb_tx_ids, sizeof(void *), sk);
	if (sw->gate == NULL || sw->own == NULL || sw->out == NULL || sw->ep == NULL ||
	    sw->vf == NULL || sw->tx_by_id == NULL)
		return -ENOMEM;
	for (uint16_t i = 0; i < n; i++) {
		for (unsigned int k = 0; k < 2; k++) {
			sw->vf[i].rules[k] = array(1, sizeof(struct esw_rules), sk);
			if (sw->vf[i].rules[k] == NULL)
				return -ENOMEM;
		}
	}
	if (esw_flow_init(sw) != 0)
		return -ENOMEM;
	return esw_fdb_init(&sw->fdb, sw->conf.fdb_entries, sw->conf.fdb_age_s, sw->nb_ep, sk);
}

static void
free_tables(struct esw *sw)
{
	esw_flow_fini(sw);
	esw_fdb_fini(&sw->fdb);
	for (uint16_t i = 0; sw->vf != NULL && i < sw->conf.nb_vfs; i++)
		for (unsigned int k = 0; k < 2; k++)
			rte_free(sw->vf[i].rules[k]);
	rte_free(sw->tx_by_id);
	rte_free(sw->vf);
	rte_free(sw->ep);
	rte_free(sw->out);
	rte_free(sw->own);
	rte_free(sw->gate);
}

static void
set_defaults(struct esw *sw)
{
	mac_derive(sw->conf.seed, UINT16_MAX, &sw->pf_mac);
	sw->wire_link = true;
	for (uint16_t i = 0; i < sw->conf.nb_vfs; i++) {
		struct esw_policy *p = &sw->vf[i].policy;

		esw_policy_default(p);
		mac_derive(sw->conf.seed, i, &p->mac);
		p->mtu = RTE_MIN(p->mtu, sw->conf.mtu_max);
	}
}

/*
 * Patches first as values (so that MACs may be exchanged), then checked against each other, then
 * compiled.
 */
static int
apply_patches(struct esw *sw, const struct esw_policy_patch *patches, struct esw_err *err)
{
	uint16_t pf_mtu = RTE_MIN((uint16_t)RTE_ETHER_MTU, sw->conf.mtu_max);
	int rc;

	for (uint16_t i = 0; i < sw->conf.nb_vfs; i++) {
		uint16_t mtu;

		if (patches != NULL)
			esw_policy_patch_apply(&sw->vf[i].policy, &patches[i]);
		mtu = RTE_MIN(sw->vf[i].policy.mtu, sw->conf.mtu_max);
		pf_mtu = RTE_MAX(pf_mtu, mtu);
	}
	sw->pf_mtu = sw->conf.pf_mtu != 0 ? sw->conf.pf_mtu : pf_mtu;
	for (uint16_t i = 0; i < sw->conf.nb_vfs; i++) {
		rc = esw_vf_check(sw, i, &sw->vf[i].policy, err);
		if (rc != 0) {
			esw_err_prefix(err, "vf %u: ", i);
			return rc;
		}
	}
	for (uint16_t i = 0; i < sw->conf.nb_vfs; i++) {
		rc = esw_vf_publish(sw, i, true);
		if (rc != 0)
			return esw_err_set(err, rc, "vf %u: could not be set up: %s", i,
					   strerror(-rc));
	}
	rc = esw_mactable_sync(sw, ESW_EP_PF);
	return rc == 0 ? 0 :
			 esw_err_set(err, rc, "fdb: %u entries hold not even the static addresses",
				     sw->conf.fdb_entries);
}

struct esw *
esw_create(const struct esw_conf *conf, const struct esw_policy_patch *patches, struct esw_err *err)
{
	struct esw *sw;
	int rc = conf_check(conf, err);

	if (rc != 0)
		goto fail;
	sw = rte_zmalloc_socket("esw", sizeof(*sw), RTE_CACHE_LINE_SIZE, conf->socket_id);
	if (sw == NULL) {
		rc = esw_err_set(err, -ENOMEM, "no memory for an e-switch");
		goto fail;
	}
	sw->conf = *conf;
	sw->conf.fdb_entries = conf->fdb_entries != 0 ? conf->fdb_entries : FDB_DEFAULT;
	sw->conf.fdb_age_s = conf->fdb_age_s != 0 ? conf->fdb_age_s : AGE_DEFAULT;
	sw->nb_ep = ESW_EP_VF0 + 2 * conf->nb_vfs;
	sw->nb_tx_ids = RTE_MIN(sw->nb_ep * ESW_QUEUES_MAX, 2048);
	rc = lock_init(&sw->lock);
	if (rc == 0)
		rc = alloc_tables(sw);
	if (rc != 0) {
		esw_err_set(err, rc, "no memory for an e-switch of %u VFs and %u MAC entries",
			    conf->nb_vfs, sw->conf.fdb_entries);
		goto fail_tables;
	}
	esw_grace_init();
	esw_tx_select();
	set_defaults(sw);
	rc = apply_patches(sw, patches, err);
	if (rc == 0)
		return sw;
fail_tables:
	free_tables(sw);
	rte_free(sw);
fail:
	rte_errno = -rc;
	return NULL;
}

void
esw_free(struct esw *sw)
{
	if (sw == NULL)
		return;
	free_tables(sw);
	pthread_mutex_destroy(&sw->lock);
	rte_free(sw);
}

int
esw_attach(struct esw *sw)
{
	RTE_SET_USED(sw);
	esw_tx_select();
	return esw_grace_init();
}

const struct esw_conf *
esw_conf_get(const struct esw *sw)
{
	return &sw->conf;
}

uint16_t
esw_ep_rep(const struct esw *sw, uint16_t vf)
{
	return ESW_EP_VF0 + sw->conf.nb_vfs + vf;
}

uint16_t
esw_ep_count(const struct esw *sw)
{
	return sw->nb_ep;
}
