/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * The calls of applications: every argument is judged here, so that a device sees only its own VFs,
 * no NULL, and no call after it has gone.
 */
#include <errno.h>
#include <string.h>

#include "switchdev.h"

/* Hold d and read what it is; on success swd_release() must follow. */
static int
enter(struct swd_dev *d, struct swd_info *info, struct esw_err *err)
{
	int ret;

	memset(info, 0, sizeof(*info));
	if (d == NULL)
		return esw_err_set(err, -EINVAL, "device: NULL is none");
	if (!swd_hold(d))
		return esw_err_set(err, -ENODEV, "device: it has been removed");
	ret = d->ops->info_get(d->dev, info);
	if (ret < 0) {
		esw_err_set(err, ret, "device %s does not answer: %s", d->name, strerror(-ret));
		swd_release(d);
		return ret;
	}
	return 0;
}

static int
check_vf(const struct swd_dev *d, const struct swd_info *info, int vf, struct esw_err *err)
{
	if (vf >= 0 && vf < info->nb_vfs)
		return 0;
	if (info->nb_vfs == 0)
		return esw_err_set(err, -ERANGE, "vf: %d does not exist, %s has no VF", vf,
				   d->name);
	return esw_err_set(err, -ERANGE, "vf: %d is out of range 0 to %u of %s", vf,
			   info->nb_vfs - 1, d->name);
}

static int
enter_vf(struct swd_dev *d, uint16_t vf, struct esw_err *err)
{
	struct swd_info info;
	int ret;

	ret = enter(d, &info, err);
	if (ret < 0)
		return ret;
	ret = check_vf(d, &info, vf, err);
	if (ret < 0)
		swd_release(d);
	return ret;
}

int
swd_info_get(struct swd_dev *d, struct swd_info *info)
{
	int ret;

	if (info == NULL)
		return -EINVAL;
	ret = enter(d, info, NULL);
	if (ret == 0)
		swd_release(d);
	return ret;
}

int
swd_policy_get(struct swd_dev *d, uint16_t vf, struct esw_policy *p, struct esw_err *err)
{
	int ret;

	if (p == NULL)
		return esw_err_set(err, -EINVAL, "policy: NULL is none");
	ret = enter_vf(d, vf, err);
	if (ret < 0)
		return ret;
	ret = d->ops->policy_get(d->dev, vf, p);
	if (ret < 0)
		esw_err_set(err, ret, "policy of VF %u of %s cannot be read: %s", vf, d->name,
			    strerror(-ret));
	swd_release(d);
	return ret;
}

int
swd_policy_set(struct swd_dev *d, uint16_t vf, const struct esw_policy *p, struct esw_err *err)
{
	int ret;

	if (p == NULL)
		return esw_err_set(err, -EINVAL, "policy: NULL is none");
	ret = enter_vf(d, vf, err);
	if (ret < 0)
		return ret;
	ret = d->ops->policy_set(d->dev, vf, p, err);
	swd_release(d);
	return ret;
}

int
swd_policy_patch(struct swd_dev *d, uint16_t vf, const struct esw_policy_patch *patch,
		 struct esw_err *err)
{
	int ret;

	if (patch == NULL)
		return esw_err_set(err, -EINVAL, "policy: NULL is none");
	if ((patch->fields & ~ESW_F_ALL) != 0)
		return esw_err_set(err, -EINVAL, "fields: 0x%llx is out of range 0 to 0x%llx",
				   (unsigned long long)patch->fields,
				   (unsigned long long)ESW_F_ALL);
	ret = enter_vf(d, vf, err);
	if (ret < 0)
		return ret;
	if (patch->fields != 0)
		ret = d->ops->policy_patch(d->dev, vf, patch, err);
	swd_release(d);
	return ret;
}

int
swd_vf_info_get(struct swd_dev *d, uint16_t vf, struct swd_vf_info *info, struct esw_err *err)
{
	int ret;

	if (info == NULL)
		return esw_err_set(err, -EINVAL, "info: NULL is none");
	ret = enter_vf(d, vf, err);
	if (ret < 0)
		return ret;
	memset(info, 0, sizeof(*info));
	info->vf_port = -1;
	info->rep_port = -1;
	ret = d->ops->vf_info_get(d->dev, vf, info);
	if (ret < 0)
		esw_err_set(err, ret, "state of VF %u of %s cannot be read: %s", vf, d->name,
			    strerror(-ret));
	swd_release(d);
	return ret;
}

/* A VF index or one of SWD_PORT_*. */
static int
enter_port(struct swd_dev *d, int port)
{
	struct swd_info info;
	int ret;

	ret = enter(d, &info, NULL);
	if (ret < 0)
		return ret;
	if (port >= SWD_PORT_REP(0))
		ret = check_vf(d, &info, port - SWD_PORT_REP(0), NULL);
	else if (port != SWD_PORT_PF && port != SWD_PORT_WIRE)
		ret = check_vf(d, &info, port, NULL);
	if (ret < 0)
		swd_release(d);
	return ret;
}

int
swd_counters_get(struct swd_dev *d, int port, struct swd_counter *c, unsigned int n)
{
	int ret;

	if (c == NULL && n != 0)
		return -EINVAL;
	ret = enter_port(d, port);
	if (ret < 0)
		return ret;
	ret = d->ops->counters_get(d->dev, port, c, n);
	swd_release(d);
	return ret;
}

int
swd_flows_get(struct swd_dev *d, int port)
{
	int ret = enter_port(d, port);

	if (ret < 0)
		return ret;
	if (port == SWD_PORT_WIRE)
		ret = 0;
	else
		ret = d->ops->flows_get != NULL ? d->ops->flows_get(d->dev, port) : -ENOTSUP;
	swd_release(d);
	return ret;
}

int
swd_fdb_get(struct swd_dev *d, struct swd_fdb_entry *e, unsigned int n)
{
	struct swd_info info;
	int ret;

	if (e == NULL && n != 0)
		return -EINVAL;
	ret = enter(d, &info, NULL);
	if (ret < 0)
		return ret;
	ret = d->ops->fdb_get != NULL ? d->ops->fdb_get(d->dev, e, n) : -ENOTSUP;
	swd_release(d);
	return ret;
}

int
swd_fdb_flush(struct swd_dev *d)
{
	struct swd_info info;
	int ret;

	ret = enter(d, &info, NULL);
	if (ret < 0)
		return ret;
	ret = d->ops->fdb_flush != NULL ? d->ops->fdb_flush(d->dev) : -ENOTSUP;
	swd_release(d);
	return ret;
}

/* Is port_id the PF, a VF or a representor of this one? */
static bool
has_port(struct swd_dev *d, uint16_t port_id, int *vf)
{
	struct swd_vf_info vi;
	struct swd_info info;

	if (d->pf_port == port_id) {
		*vf = SWD_PORT_PF;
		return true;
	}
	if (swd_info_get(d, &info) < 0)
		return false;
	for (uint16_t i = 0; i < info.nb_vfs; i++) {
		if (swd_vf_info_get(d, i, &vi, NULL) < 0)
			continue;
		if (vi.rep_port == port_id || vi.vf_port == port_id) {
			*vf = i;
			return true;
		}
	}
	return false;
}

struct swd_dev *
swd_by_port(uint16_t port_id, int *vf)
{
	struct swd_dev *d;
	int found;

	for (d = swd_next(NULL); d != NULL; d = swd_next(d)) {
		if (!swd_hold(d))
			break;
		if (has_port(d, port_id, &found)) {
			swd_release(d);
			if (vf != NULL)
				*vf = found;
			return d;
		}
		swd_release(d);
	}
	return NULL;
}
