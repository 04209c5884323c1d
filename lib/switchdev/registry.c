/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * The devices of this process.
 *
 * The lock guards the list and the counts of calls under way, never a call itself: an operation may
 * come back here (a device that looks itself up), and may take as long as it likes.
 */
#include <errno.h>
#include <sched.h>
#include <string.h>

#include <rte_spinlock.h>

#include "switchdev.h"
#include "telemetry.h"

static TAILQ_HEAD(, swd_dev) devices = TAILQ_HEAD_INITIALIZER(devices);
static rte_spinlock_t devices_lock = RTE_SPINLOCK_INITIALIZER;

static bool
is_listed(const struct swd_dev *d)
{
	const struct swd_dev *i;

	TAILQ_FOREACH(i, &devices, next) {
		if (i == d)
			return true;
	}
	return false;
}

static struct swd_dev *
find_name(const char *name)
{
	struct swd_dev *i;

	TAILQ_FOREACH(i, &devices, next) {
		if (strcmp(i->name, name) == 0)
			return i;
	}
	return NULL;
}

static struct swd_dev *
find_pf_port(uint16_t port_id)
{
	struct swd_dev *i;

	TAILQ_FOREACH(i, &devices, next) {
		if (i->pf_port == port_id)
			return i;
	}
	return NULL;
}

static bool
is_complete(const struct swd_dev *d)
{
	const struct swd_ops *ops;

	if (d == NULL || d->ops == NULL || d->name[0] == '\0' ||
	    memchr(d->name, '\0', sizeof(d->name)) == NULL)
		return false;
	ops = d->ops;
	return ops->info_get != NULL && ops->policy_get != NULL && ops->policy_set != NULL &&
	       ops->policy_patch != NULL && ops->vf_info_get != NULL && ops->counters_get != NULL;
}

int
swd_register(struct swd_dev *d)
{
	int ret = 0;

	if (!is_complete(d))
		return -EINVAL;
	ret = swd_telemetry_init();
	if (ret < 0)
		return ret;

	rte_spinlock_lock(&devices_lock);
	if (is_listed(d) || find_name(d->name) != NULL || find_pf_port(d->pf_port) != NULL) {
		ret = -EEXIST;
	} else {
		d->users = 0;
		d->writable = false;
		TAILQ_INSERT_TAIL(&devices, d, next);
	}
	rte_spinlock_unlock(&devices_lock);
	return ret;
}

void
swd_unregister(struct swd_dev *d)
{
	rte_spinlock_lock(&devices_lock);
	if (is_listed(d)) {
		TAILQ_REMOVE(&devices, d, next);
		/* Nobody finds it now; those who hold it finish. */
		while (d->users > 0) {
			rte_spinlock_unlock(&devices_lock);
			sched_yield();
			rte_spinlock_lock(&devices_lock);
		}
	}
	rte_spinlock_unlock(&devices_lock);
}

bool
swd_hold(struct swd_dev *d)
{
	bool listed;

	rte_spinlock_lock(&devices_lock);
	listed = is_listed(d);
	if (listed)
		d->users++;
	rte_spinlock_unlock(&devices_lock);
	return listed;
}

struct swd_dev *
swd_hold_name(const char *name)
{
	struct swd_dev *d;

	if (name == NULL)
		return NULL;
	rte_spinlock_lock(&devices_lock);
	d = find_name(name);
	if (d != NULL)
		d->users++;
	rte_spinlock_unlock(&devices_lock);
	return d;
}

struct swd_dev *
swd_hold_pf_port(uint16_t port_id)
{
	struct swd_dev *d;

	rte_spinlock_lock(&devices_lock);
	d = find_pf_port(port_id);
	if (d != NULL)
		d->users++;
	rte_spinlock_unlock(&devices_lock);
	return d;
}

void
swd_release(struct swd_dev *d)
{
	rte_spinlock_lock(&devices_lock);
	d->users--;
	rte_spinlock_unlock(&devices_lock);
}

struct swd_dev *
swd_by_name(const char *name)
{
	struct swd_dev *d = swd_hold_name(name);

	if (d != NULL)
		swd_release(d);
	return d;
}

struct swd_dev *
swd_by_pf_port(uint16_t port_id)
{
	struct swd_dev *d = swd_hold_pf_port(port_id);

	if (d != NULL)
		swd_release(d);
	return d;
}

struct swd_dev *
swd_next(struct swd_dev *d)
{
	struct swd_dev *n = NULL;

	rte_spinlock_lock(&devices_lock);
	if (d == NULL)
		n = TAILQ_FIRST(&devices);
	else if (is_listed(d))
		n = TAILQ_NEXT(d, next);
	rte_spinlock_unlock(&devices_lock);
	return n;
}

void
swd_telemetry_allow_write(struct swd_dev *d, bool on)
{
	rte_spinlock_lock(&devices_lock);
	if (is_listed(d))
		d->writable = on;
	rte_spinlock_unlock(&devices_lock);
}

bool
swd_telemetry_may_write(struct swd_dev *d)
{
	bool writable;

	rte_spinlock_lock(&devices_lock);
	writable = is_listed(d) && d->writable;
	rte_spinlock_unlock(&devices_lock);
	return writable;
}
