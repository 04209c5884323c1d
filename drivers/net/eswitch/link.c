/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/*
 * Carriers of PF and VF ports, and the tick that watches them.
 *
 * A VF's carrier changes by its policy, by the wire, by a port behind the wire, from any process.
 * Nobody can call back into an application from there, so each process looks ten times a second,
 * in EAL's interrupt thread, and tells its own applications (RTE_ETH_EVENT_INTR_LSC). The same
 * tick lets ports behind the e-switch follow, and looks for flow rules that have aged. It ends by
 * itself when the last port and device are gone.
 *
 * What surprises: link events of representors come from that thread too, also where the change was
 * made by a call of the application's: its callback may wait for a thread that waits for the one
 * that calls.
 *
 * Thread-safety: `lock` guards the lists; neither it nor that of the devices is ever held while an
 * application's callback runs.
 */
#include <errno.h>
#include <pthread.h>

#include <rte_alarm.h>

#include "backing.h"
#include "flow_ops.h"
#include "log.h"
#include "port.h"
#include "representor.h"

#define TICK_US 100000
#define SOON_US 1000

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static bool watched[RTE_MAX_ETHPORTS];
/*
 * Carrier of the last event of each port. What lies in shared memory is of no use for that: the
 * first process to look would take the event from all others.
 */
static bool told[RTE_MAX_ETHPORTS];
static bool pending[RTE_MAX_ETHPORTS]; /* events of representors that are still to be told */
static bool armed;

/* What the port's user sees: its own switch, and the endpoint's carrier. */
bool
esn_link_now(const struct esn_port *p)
{
	if (p->admin_down || p->nic->dead)
		return false;
	return esn_port_is_pf(p) ? esw_wire_link_get(p->nic->sw) :
				   esw_vf_link_get(p->nic->sw, p->vf);
}

static int
link_set(struct rte_eth_dev *dev, bool up)
{
	const struct rte_eth_link link = {
		.link_speed = up ? esn_port(dev)->nic->speed : RTE_ETH_SPEED_NUM_NONE,
		.link_duplex = RTE_ETH_LINK_FULL_DUPLEX,
		.link_autoneg = RTE_ETH_LINK_FIXED,
		.link_status = up ? RTE_ETH_LINK_UP : RTE_ETH_LINK_DOWN,
	};

	return rte_eth_linkstatus_set(dev, &link);
}

int
esn_link_update(struct rte_eth_dev *dev, int wait)
{
	RTE_SET_USED(wait);
	return link_set(dev, dev->data->dev_started != 0 && esn_link_now(esn_port(dev)));
}

/* The VF's own switch: nothing goes in or out while it is off. */
static int
admin_set(struct rte_eth_dev *dev, bool up)
{
	struct esn_port *p = esn_port(dev);
	uint16_t i;

	if (p->admin_down == !up)
		return 0;
	p->admin_down = !up;
	for (i = 0; i < dev->data->nb_rx_queues && dev->data->dev_started != 0; i++)
		if (dev->data->rx_queue_state[i] == RTE_ETH_QUEUE_STATE_STARTED)
			(up ? esw_rxq_start : esw_rxq_stop)(dev->data->rx_queues[i]);
	for (i = 0; i < dev->data->nb_tx_queues && dev->data->dev_started != 0; i++)
		if (dev->data->tx_queue_state[i] == RTE_ETH_QUEUE_STATE_STARTED)
			(up ? esw_txq_start : esw_txq_stop)(dev->data->tx_queues[i]);
	esn_link_update(dev, 0);
	return 0;
}

int
esn_link_up(struct rte_eth_dev *dev)
{
	return admin_set(dev, true);
}

int
esn_link_down(struct rte_eth_dev *dev)
{
	return admin_set(dev, false);
}

/* Has a started port's carrier changed since its application was told? */
static bool
link_changed(uint16_t port_id)
{
	struct rte_eth_dev *dev = &rte_eth_devices[port_id];
	struct esn_port *p;
	bool up;

	if (dev->data == NULL || dev->data->dev_private == NULL || dev->data->dev_started == 0)
		return false;
	p = esn_port(dev);
	up = esn_link_now(p);
	link_set(dev, up);
	if (told[port_id] == up)
		return false;
	told[port_id] = up;
	return dev->data->dev_conf.intr_conf.lsc != 0;
}

static void
pending_add(uint16_t port_id)
{
	pthread_mutex_lock(&lock);
	pending[port_id] = true;
	pthread_mutex_unlock(&lock);
}

/* @return is there any device? */
static bool
reps_refresh(void)
{
	struct esn_dev *d;
	uint16_t vf;
	int port_id;
	bool any;

	esn_dev_lock();
	for (d = esn_dev_next(NULL); d != NULL; d = esn_dev_next(d))
		for (vf = 0; vf < d->nic->nb_vfs; vf++) {
			if (d->nic->vf[vf].rep_port == ESN_PORT_NONE)
				continue;
			port_id = rep_refresh_quietly(&d->sd, vf);
			if (port_id >= 0)
				pending_add(port_id);
		}
	any = esn_dev_next(NULL) != NULL;
	esn_dev_unlock();
	return any;
}

/* No lock is held: see the top of this file. */
static void
pending_tell(void)
{
	uint16_t i;
	bool tell;

	for (i = 0; i < RTE_MAX_ETHPORTS; i++) {
		pthread_mutex_lock(&lock);
		tell = pending[i];
		pending[i] = false;
		pthread_mutex_unlock(&lock);
		if (tell && rte_eth_dev_is_valid_port(i) != 0)
			rte_eth_dev_callback_process(&rte_eth_devices[i], RTE_ETH_EVENT_INTR_LSC,
						     NULL);
	}
}

static void
tick(void *arg)
{
	uint16_t i;
	bool any;

	RTE_SET_USED(arg);
	esn_backing_tick();
	any = reps_refresh();
	pthread_mutex_lock(&lock);
	for (i = 0; i < RTE_MAX_ETHPORTS; i++) {
		any = any || watched[i];
		if (watched[i] && link_changed(i))
			pending[i] = true;
	}
	armed = any && rte_eal_alarm_set(TICK_US, tick, NULL) == 0;
	pthread_mutex_unlock(&lock);
	pending_tell();
	esn_flow_aged_tick();
}

void
esn_tick_arm(void)
{
	pthread_mutex_lock(&lock);
	if (!armed)
		armed = rte_eal_alarm_set(TICK_US, tick, NULL) == 0;
	pthread_mutex_unlock(&lock);
}

void
esn_tick_add(uint16_t port_id)
{
	pthread_mutex_lock(&lock);
	watched[port_id] = true;
	told[port_id] = false;
	pending[port_id] = false;
	pthread_mutex_unlock(&lock);
	esn_tick_arm();
}

void
esn_tick_del(uint16_t port_id)
{
	pthread_mutex_lock(&lock);
	watched[port_id] = false;
	pthread_mutex_unlock(&lock);
}

static void
soon(void *arg)
{
	RTE_SET_USED(arg);
	esn_backing_tick();
	pending_tell();
}

void
esn_link_tell(uint16_t port_id)
{
	pending_add(port_id);
	esn_tick_soon();
}

void
esn_tick_soon(void)
{
	rte_eal_alarm_set(SOON_US, soon, NULL);
}
