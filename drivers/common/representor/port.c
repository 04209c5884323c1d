/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* The life of a representor: made, attached, found, refreshed, destroyed. */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>

#include <rte_malloc.h>

#include "internal.h"

RTE_LOG_REGISTER(rep_logtype, pmd.net.eswitch.representor, NOTICE);

/*
 * A policy may change, by telemetry say, while the port is closed: ethdev frees the port's data
 * without asking. Held while somebody else than the port's owner looks at it.
 */
static pthread_mutex_t close_lock = PTHREAD_MUTEX_INITIALIZER;

struct create_args {
	struct swd_dev *sd;
	uint16_t vf;
	uint16_t pf_port;
	uint16_t domain_id;
	const struct rte_ether_addr *mac;
};

static int
make_name(const struct rte_device *dev, uint16_t vf, char *name, size_t len)
{
	int n = snprintf(name, len, "%s_representor_vf%u", dev->name, vf);

	return n > 0 && (size_t)n < len ? 0 : -ENAMETOOLONG;
}

/* Is this slot of the process's port table one of ours, and in use? */
bool
rep_is_ours(const struct rte_eth_dev *dev)
{
	return dev->state == RTE_ETH_DEV_ATTACHED && dev->dev_ops == &rep_ops;
}

/* What only the primary process fills in: the data is shared. */
static int
init_data(struct rte_eth_dev *dev, const struct create_args *a)
{
	struct rte_eth_dev_data *data = dev->data;
	struct rep_port *rp = data->dev_private;

	data->mac_addrs = rte_zmalloc_socket("rep_mac", sizeof(*data->mac_addrs), 0,
					     dev->device->numa_node);
	if (data->mac_addrs == NULL)
		return -ENOMEM;
	data->mac_addrs[0] = *a->mac;
	data->dev_flags |= RTE_ETH_DEV_REPRESENTOR | RTE_ETH_DEV_INTR_LSC;
	if (a->sd->ops->rep_flow_ops != NULL)
		data->dev_flags |= RTE_ETH_DEV_FLOW_OPS_THREAD_SAFE;
	data->representor_id = a->vf;
	data->backer_port_id = a->pf_port;
	data->numa_node = dev->device->numa_node;
	data->dev_link.link_speed = RTE_ETH_SPEED_NUM_NONE;
	data->dev_link.link_duplex = RTE_ETH_LINK_FULL_DUPLEX;
	data->dev_link.link_autoneg = RTE_ETH_LINK_FIXED;
	rp->vf = a->vf;
	rp->pf_port = a->pf_port;
	rp->domain_id = a->domain_id;
	return 0;
}

static int
init_port(struct rte_eth_dev *dev, void *arg)
{
	const struct create_args *a = arg;
	const struct swd_ops *ops = a->sd->ops;
	int ret;

	if (rte_eal_process_type() == RTE_PROC_PRIMARY) {
		ret = init_data(dev, a);
		if (ret < 0)
			return ret;
	}
	rep_carrier_forget(dev->data->port_id);
	dev->process_private = a->sd;
	dev->dev_ops = &rep_ops;
	rep_burst_set(dev, ops);
	/* The NEW event comes next, and who listens may ask the device for its ports. */
	if (ops->rep_port_set != NULL)
		ops->rep_port_set(a->sd->dev, a->vf, dev->data->port_id);
	return 0;
}

bool
rep_exists(const struct rte_device *dev, uint16_t vf)
{
	char name[RTE_ETH_NAME_MAX_LEN];

	return dev != NULL && make_name(dev, vf, name, sizeof(name)) == 0 &&
	       rte_eth_dev_allocated(name) != NULL;
}

/* Is there room for one more port of that name? */
static int
check_slot(const struct rte_device *dev, uint16_t vf, char *name, size_t len, struct esw_err *err)
{
	if (make_name(dev, vf, name, len) < 0)
		return esw_err_set(err, -ENAMETOOLONG,
				   "representor: the port of VF %u would have a name longer than "
				   "%zu: %s_representor_vf%u",
				   vf, len - 1, dev->name, vf);
	if (rte_eth_dev_allocated(name) != NULL)
		return esw_err_set(err, -EEXIST, "representor: %s exists already", name);
	if (rte_eth_dev_count_total() >= RTE_MAX_ETHPORTS)
		return esw_err_set(err, -ENOSPC,
				   "representor: no port is left for VF %u, DPDK was built for %u "
				   "ports (PFs, VFs, representors and others together)",
				   vf, RTE_MAX_ETHPORTS);
	return 0;
}

int
rep_create(struct rte_device *dev, struct swd_dev *sd, uint16_t vf, uint16_t pf_port,
	   uint16_t domain_id, struct esw_err *err)
{
	struct create_args a = { .sd = sd, .vf = vf, .pf_port = pf_port, .domain_id = domain_id };
	char name[RTE_ETH_NAME_MAX_LEN];
	struct swd_vf_info vi;
	int ret;

	if (dev == NULL || sd == NULL)
		return esw_err_set(err, -EINVAL, "representor: NULL is no device");
	if (!swd_hold(sd))
		return esw_err_set(err, -ENODEV, "representor: its device has been removed");
	ret = swd_vf_info_get(sd, vf, &vi, err);
	if (ret < 0)
		goto out;
	ret = check_slot(dev, vf, name, sizeof(name), err);
	if (ret < 0)
		goto out;
	a.mac = &vi.mac;
	ret = rte_eth_dev_create(dev, name, sizeof(struct rep_port), NULL, NULL, init_port, &a);
	if (ret < 0)
		esw_err_set(err, ret, "representor: port %s cannot be made: %s", name,
			    rte_strerror(-ret));
out:
	swd_release(sd);
	return ret;
}

int
rep_attach_secondary(struct rte_device *dev, struct swd_dev *sd, uint16_t vf)
{
	struct create_args a = { .sd = sd, .vf = vf };
	char name[RTE_ETH_NAME_MAX_LEN];
	int ret;

	if (dev == NULL || sd == NULL)
		return -EINVAL;
	if (make_name(dev, vf, name, sizeof(name)) < 0)
		return -ENAMETOOLONG;
	if (!swd_hold(sd))
		return -ENODEV;
	ret = rte_eth_dev_create(dev, name, 0, NULL, NULL, init_port, &a);
	swd_release(sd);
	return ret;
}

void
rep_destroy_all(struct rte_device *dev, uint16_t pf_port)
{
	for (uint16_t i = 0; i < RTE_MAX_ETHPORTS; i++) {
		struct rte_eth_dev *ed = &rte_eth_devices[i];

		if (!rep_is_ours(ed) || ed->device != dev || ed->data->backer_port_id != pf_port)
			continue;
		/* A secondary may let go of a port that the primary has started. */
		if (rte_eal_process_type() == RTE_PROC_PRIMARY && ed->data->dev_started != 0)
			rte_eth_dev_stop(i);
		rte_eth_dev_close(i);
	}
}

/* The lock is held, or nobody closes the port meanwhile. */
static struct rte_eth_dev *
find(const struct swd_dev *sd, uint16_t vf)
{
	for (uint16_t i = 0; i < RTE_MAX_ETHPORTS; i++) {
		struct rte_eth_dev *ed = &rte_eth_devices[i];

		if (rep_is_ours(ed) && ed->process_private == sd && ed->data->representor_id == vf)
			return ed;
	}
	return NULL;
}

int
rep_port_id(const struct swd_dev *sd, uint16_t vf)
{
	const struct rte_eth_dev *ed = sd != NULL ? find(sd, vf) : NULL;

	return ed != NULL ? ed->data->port_id : -1;
}

int
rep_refresh_quietly(struct swd_dev *sd, uint16_t vf)
{
	struct rte_eth_dev *ed;
	int port_id = -1;

	if (sd == NULL)
		return -1;
	pthread_mutex_lock(&close_lock);
	ed = find(sd, vf);
	if (ed != NULL && rep_sync(ed, ed->data->dev_started != 0) > 0 &&
	    ed->data->dev_conf.intr_conf.lsc != 0)
		port_id = ed->data->port_id;
	pthread_mutex_unlock(&close_lock);
	return port_id;
}

/* The application's callback may do anything, also close the port. */
void
rep_refresh(struct swd_dev *sd, uint16_t vf)
{
	int port_id = rep_refresh_quietly(sd, vf);

	if (port_id >= 0)
		rte_eth_dev_callback_process(&rte_eth_devices[port_id], RTE_ETH_EVENT_INTR_LSC,
					     NULL);
}

void
rep_forget(struct rte_eth_dev *dev)
{
	pthread_mutex_lock(&close_lock);
	dev->process_private = NULL;
	pthread_mutex_unlock(&close_lock);
}
