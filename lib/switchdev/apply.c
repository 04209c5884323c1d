/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * A policy file applied to all VFs of a device, all or nothing.
 *
 * A device judges one VF at a time, so an order matters where an address moves from one VF to
 * another: the one that gives it up must go first. Passes over the VFs find that order without
 * knowing the device's reasons. Going back in the reverse order passes through the same states,
 * each of which the device has already accepted once.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "switchdev.h"

/* The work on one VF. */
struct step {
	struct esw_policy was, will;
	bool pending;
};

struct plan {
	struct swd_dev *d;
	struct swd_info info;
	struct step *steps; /* nb_vfs, by VF index */
	uint16_t *done;     /* VF indices in the order in which they were set */
	uint16_t n_done;
};

/* What every VF has and will have; nothing changes. */
static int
plan_fill(struct plan *pl, const struct esw_policy_patch *patches, struct esw_err *err)
{
	int ret;

	for (uint16_t vf = 0; vf < pl->info.nb_vfs; vf++) {
		struct step *s = &pl->steps[vf];

		ret = swd_policy_get(pl->d, vf, &s->was, err);
		if (ret < 0)
			return ret;
		s->will = s->was;
		esw_policy_patch_apply(&s->will, &patches[vf]);
		/* A zero address means "the one that the device derives": that it has. */
		if (rte_is_zero_ether_addr(&s->will.mac))
			s->will.mac = s->was.mac;
		s->pending = esw_policy_diff(&s->was, &s->will) != 0;
	}
	return 0;
}

static bool
lists_mac(const struct esw_policy *p, const struct rte_ether_addr *mac)
{
	if (rte_is_same_ether_addr(&p->mac, mac))
		return true;
	for (uint16_t i = 0; i < p->n_macs; i++) {
		if (rte_is_same_ether_addr(&p->macs[i], mac))
			return true;
	}
	return false;
}

/* No VF may have or list the `mac` of another. */
static int
check_unique(const struct plan *pl, uint16_t vf, struct esw_err *err)
{
	const struct rte_ether_addr *mac = &pl->steps[vf].will.mac;
	char text[SWD_MAC_TEXT_LEN];

	for (uint16_t other = 0; other < pl->info.nb_vfs; other++) {
		/* Those whom the file does not touch are the device's business. */
		if (other == vf || (!pl->steps[vf].pending && !pl->steps[other].pending) ||
		    !lists_mac(&pl->steps[other].will, mac))
			continue;
		swd_mac_text(mac, text);
		return esw_err_set(err, -EEXIST, "vf %u: mac: %s is also an address of VF %u", vf,
				   text, other);
	}
	return 0;
}

static int
plan_check(const struct plan *pl, struct esw_err *err)
{
	const struct esw_policy_limits lim = {
		.mtu_max = pl->info.pf_mtu,
		.fields = pl->info.policy_fields,
		.device = pl->info.driver != NULL ? pl->info.driver : pl->d->name,
	};
	int ret;

	for (uint16_t vf = 0; vf < pl->info.nb_vfs; vf++) {
		if (pl->steps[vf].pending) {
			ret = esw_policy_validate(&pl->steps[vf].will, &lim, err);
			if (ret < 0) {
				esw_err_prefix(err, "vf %u: ", vf);
				return ret;
			}
		}
		ret = check_unique(pl, vf, err);
		if (ret < 0)
			return ret;
	}
	return 0;
}

/* One pass. @return VFs that were set; *last is 0 or why the last refused one was */
static uint16_t
plan_pass(struct plan *pl, int *last, struct esw_err *err)
{
	uint16_t progress = 0;

	*last = 0;
	for (uint16_t vf = 0; vf < pl->info.nb_vfs; vf++) {
		struct step *s = &pl->steps[vf];
		int ret;

		if (!s->pending)
			continue;
		ret = swd_policy_set(pl->d, vf, &s->will, err);
		if (ret < 0) {
			esw_err_prefix(err, "vf %u: ", vf);
			*last = ret;
			/* Only a taken address can become free by setting another VF. */
			if (ret != -EEXIST)
				return 0;
			continue;
		}
		s->pending = false;
		pl->done[pl->n_done++] = vf;
		progress++;
	}
	return progress;
}

static void
plan_undo(struct plan *pl, struct esw_err *err)
{
	struct esw_err why;

	while (pl->n_done > 0) {
		uint16_t vf = pl->done[--pl->n_done];

		if (swd_policy_set(pl->d, vf, &pl->steps[vf].was, &why) < 0)
			esw_err_prefix(err, "VF %u keeps its new policy (%s); ", vf, why.msg);
	}
}

static int
plan_run(struct plan *pl, struct esw_err *err)
{
	int ret;

	while (plan_pass(pl, &ret, err) > 0 && ret < 0)
		;
	if (ret < 0)
		plan_undo(pl, err);
	return ret;
}

static int
apply(struct plan *pl, const char *path, struct esw_err *err)
{
	struct esw_policy_patch *patches;
	int ret;

	/* One more than needed: a device without VFs is no lack of memory. */
	patches = calloc(pl->info.nb_vfs + 1, sizeof(*patches));
	pl->steps = calloc(pl->info.nb_vfs + 1, sizeof(*pl->steps));
	pl->done = calloc(pl->info.nb_vfs + 1, sizeof(*pl->done));
	if (patches == NULL || pl->steps == NULL || pl->done == NULL) {
		ret = esw_err_set(err, -ENOMEM, "policy file %s: out of memory for %u VFs", path,
				  pl->info.nb_vfs);
		goto out;
	}
	ret = esw_policy_file_load(path, pl->info.nb_vfs, patches, err);
	if (ret < 0)
		goto out;
	ret = plan_fill(pl, patches, err);
	if (ret < 0)
		goto out;
	ret = plan_check(pl, err);
	if (ret < 0) {
		esw_err_prefix(err, "%s: ", path);
		goto out;
	}
	ret = plan_run(pl, err);
	if (ret < 0)
		esw_err_prefix(err, "%s: ", path);
out:
	free(pl->done);
	free(pl->steps);
	free(patches);
	return ret;
}

int
swd_policy_file_apply(struct swd_dev *d, const char *path, struct esw_err *err)
{
	struct plan pl = { .d = d };
	int ret;

	if (d == NULL || path == NULL)
		return esw_err_set(err, -EINVAL, "policy file: NULL is none");
	if (!swd_hold(d))
		return esw_err_set(err, -ENODEV, "device: it has been removed");
	ret = swd_info_get(d, &pl.info);
	if (ret < 0)
		esw_err_set(err, ret, "device %s does not answer: %s", d->name, strerror(-ret));
	else
		ret = apply(&pl, path, err);
	swd_release(d);
	return ret;
}
