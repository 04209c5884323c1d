/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#include <errno.h>
#include <pthread.h>
#include <search.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "flow_port.h"
#include "log.h"
#include "mtr_table.h"

static TAILQ_HEAD(, esn_mtr_port) ports = TAILQ_HEAD_INITIALIZER(ports);
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

int
esn_mtr_no(struct rte_mtr_error *error, int code, enum rte_mtr_error_type type, const void *cause,
	   const char *fmt, ...)
{
	static __thread char msg[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(msg, sizeof(msg), fmt, ap);
	va_end(ap);
	return -rte_mtr_error_set(error, code, type, cause, msg);
}

/* Lock held. */
static struct esn_mtr_port *
find(const struct esw *sw, uint16_t ep)
{
	struct esn_mtr_port *p;

	TAILQ_FOREACH(p, &ports, next)
		if (p->sw == sw && p->ep == ep)
			return p;
	return NULL;
}

int
esn_mtr_enter(const struct rte_eth_dev *dev, struct esn_mtr_port **port,
	      struct rte_mtr_error *error)
{
	struct esn_flow_port of;
	struct esn_mtr_port *p;

	if (rte_eal_process_type() != RTE_PROC_PRIMARY)
		return esn_mtr_no(error, ENOTSUP, RTE_MTR_ERROR_TYPE_UNSPECIFIED, NULL,
				  "meters are made by the primary process only");
	if (esn_flow_port_get(dev, &of, NULL) != 0)
		return esn_mtr_no(error, ENODEV, RTE_MTR_ERROR_TYPE_UNSPECIFIED, NULL,
				  "the representor's device has been removed");
	pthread_mutex_lock(&lock);
	p = find(of.sw, of.ep);
	if (p == NULL) {
		p = calloc(1, sizeof(*p));
		if (p == NULL) {
			pthread_mutex_unlock(&lock);
			return esn_mtr_no(error, ENOMEM, RTE_MTR_ERROR_TYPE_UNSPECIFIED, NULL,
					  "no memory for the tables of a port");
		}
		p->sw = of.sw;
		p->ep = of.ep;
		TAILQ_INSERT_TAIL(&ports, p, next);
	}
	*port = p;
	return 0;
}

void
esn_mtr_leave(void)
{
	pthread_mutex_unlock(&lock);
}

static int
by_id(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

void *
esn_mtr_get(const struct esn_mtr_set *s, uint32_t id)
{
	void **node = tfind(&id, &s->root, by_id);

	return node == NULL ? NULL : *node;
}

void *
esn_mtr_add(struct esn_mtr_set *s, const struct esn_mtr_kind *k, uint32_t id, int *ret,
	    struct rte_mtr_error *error)
{
	void *thing;

	if (esn_mtr_get(s, id) != NULL) {
		*ret = esn_mtr_no(error, EEXIST, k->id_type, NULL, "%s %u is there already",
				  k->name, id);
		return NULL;
	}
	if (s->n >= ESN_MTR_MAX) {
		*ret = esn_mtr_no(error, ENOSPC, k->id_type, NULL,
				  "%s %u: the port has %u, the limit", k->name, id, ESN_MTR_MAX);
		return NULL;
	}
	thing = calloc(1, k->size);
	if (thing != NULL)
		*(uint32_t *)thing = id;
	if (thing == NULL || tsearch(thing, &s->root, by_id) == NULL) {
		free(thing);
		*ret = esn_mtr_no(error, ENOMEM, k->id_type, NULL, "no memory for %s %u", k->name,
				  id);
		return NULL;
	}
	s->n++;
	*ret = 0;
	return thing;
}

void
esn_mtr_del(struct esn_mtr_set *s, void *thing)
{
	tdelete(thing, &s->root, by_id);
	s->n--;
	free(thing);
}

/* What a process that is stopped inside a burst may still use is left to it. */
static void
meter_free(void *thing)
{
	struct esn_mtr *m = thing;
	struct esw_err err = { .msg = "" };

	if (esw_flow_meter_destroy(m->sw, m->meter, &err) != 0)
		ESN_LOG(WARNING, "meter %u of a closed port stays: %s", m->id, err.msg);
	free(m);
}

void
esn_mtr_close(struct esw *sw, uint16_t ep)
{
	struct esn_mtr_port *p;

	pthread_mutex_lock(&lock);
	p = find(sw, ep);
	if (p != NULL)
		TAILQ_REMOVE(&ports, p, next);
	pthread_mutex_unlock(&lock);
	if (p == NULL)
		return;
	tdestroy(p->meters.root, meter_free);
	tdestroy(p->policies.root, free);
	tdestroy(p->profiles.root, free);
	free(p);
}

/* Without making tables: a rule that names a meter of a port that has none is no reason to. */
static const struct esn_mtr *
find_meter(const struct rte_eth_dev *dev, uint32_t id)
{
	const struct esn_mtr_port *p;
	struct esn_flow_port of;

	if (esn_flow_port_get(dev, &of, NULL) != 0)
		return NULL;
	p = find(of.sw, of.ep);
	return p == NULL ? NULL : esn_mtr_get(&p->meters, id);
}

struct esw_flow_meter *
esn_mtr_find(const struct rte_eth_dev *dev, uint32_t mtr_id)
{
	struct esw_flow_meter *meter = NULL;
	const struct esn_mtr *m;

	pthread_mutex_lock(&lock);
	m = find_meter(dev, mtr_id);
	if (m != NULL)
		meter = m->meter;
	pthread_mutex_unlock(&lock);
	return meter;
}

bool
esn_mtr_is_free(const struct rte_eth_dev *dev, uint32_t mtr_id)
{
	const struct esn_mtr *m;
	bool is_free;

	pthread_mutex_lock(&lock);
	m = find_meter(dev, mtr_id);
	is_free = m != NULL && (m->shared || esw_flow_meter_refs(m->meter) == 0);
	pthread_mutex_unlock(&lock);
	return is_free;
}
