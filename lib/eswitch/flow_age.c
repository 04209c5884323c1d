/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * Ages of rules: found by a wheel of one-second slots, so that a million of them cost nothing while
 * they are young.
 *
 * The data path only notes when a frame came. An age lies in the slot of the second in which it
 * would be over if no frame came; then it is looked at, and put where the note says.
 */
#include <errno.h>

#include <rte_errno.h>

#include "flow_table.h"

static struct esw_flow_age **
slot_of(struct esw *sw, uint32_t second)
{
	return &sw->flow.wheel[second % ESW_FLOW_WHEEL];
}

static void
list_add(struct esw_flow_age **list, struct esw_flow_age *a)
{
	a->prev = NULL;
	a->next = *list;
	if (a->next != NULL)
		a->next->prev = a;
	*list = a;
}

static void
list_remove(struct esw_flow_age **list, struct esw_flow_age *a)
{
	if (a->prev != NULL)
		a->prev->next = a->next;
	else
		*list = a->next;
	if (a->next != NULL)
		a->next->prev = a->prev;
}

/* Stamps are whole seconds: it is over only when more than `timeout` of them differ. */
static void
wheel_add(struct esw *sw, struct esw_flow_age *a)
{
	a->due = __atomic_load_n(&a->last, __ATOMIC_RELAXED) + a->timeout + 1;
	if ((int32_t)(a->due - sw->flow.wheel_at) <= 0)
		a->due = sw->flow.wheel_at + 1;
	list_add(slot_of(sw, a->due), a);
}

void
esw_flow_age_start(struct esw *sw, struct esw_flow_age *a, uint16_t owner, uint32_t timeout,
		   void *context)
{
	if (sw->flow.wheel_at == 0)
		sw->flow.wheel_at = esw_fdb_now(&sw->fdb);
	a->last = esw_fdb_now(&sw->fdb);
	a->timeout = timeout;
	a->owner = owner;
	a->context = context;
	a->aged = false;
	wheel_add(sw, a);
}

void
esw_flow_age_stop(struct esw *sw, struct esw_flow_age *a)
{
	struct esw_flow_ep *e = &sw->flow.ep[a->owner];

	if (a->aged) {
		list_remove(&e->aged, a);
		e->n_aged--;
	} else {
		list_remove(slot_of(sw, a->due), a);
	}
}

/* Look at one second's slot. */
static void
slot_turn(struct esw *sw, uint32_t second, uint32_t now)
{
	struct esw_flow_age *a = *slot_of(sw, second), *next;

	for (; a != NULL; a = next) {
		struct esw_flow_ep *e = &sw->flow.ep[a->owner];

		next = a->next;
		if ((int32_t)(a->due - now) > 0)
			continue; /* another turn of the wheel */
		list_remove(slot_of(sw, second), a);
		if ((int32_t)(now - __atomic_load_n(&a->last, __ATOMIC_RELAXED)) <=
		    (int32_t)a->timeout) {
			wheel_add(sw, a);
			continue;
		}
		a->aged = true;
		list_add(&e->aged, a);
		e->n_aged++;
		e->news = true;
	}
}

static void
wheel_turn(struct esw *sw)
{
	uint32_t now = esw_fdb_now(&sw->fdb);
	uint32_t behind = now - sw->flow.wheel_at;

	if (sw->flow.wheel_at == 0)
		return; /* no age ever */
	for (uint32_t i = RTE_MIN(behind, (uint32_t)ESW_FLOW_WHEEL); i > 0; i--) {
		sw->flow.wheel_at = now - i + 1;
		slot_turn(sw, now - i + 1, now);
	}
}

bool
esw_flow_age_tick(struct esw *sw, uint16_t owner)
{
	bool news;

	esw_lock(sw);
	wheel_turn(sw);
	news = sw->flow.ep[owner].news;
	sw->flow.ep[owner].news = false;
	esw_unlock(sw);
	return news;
}

uint32_t
esw_flow_aged_get(struct esw *sw, uint16_t owner, void **context, uint32_t n)
{
	const struct esw_flow_age *a;
	uint32_t total, i = 0;

	esw_lock(sw);
	wheel_turn(sw);
	for (a = sw->flow.ep[owner].aged; a != NULL && i < n; a = a->next)
		context[i++] = a->context;
	total = sw->flow.ep[owner].n_aged;
	sw->flow.ep[owner].news = false;
	esw_unlock(sw);
	return total;
}

static void
get_locked(struct esw *sw, const struct esw_flow_age *a, uint32_t *idle_s, bool *aged)
{
	uint32_t last = __atomic_load_n(&a->last, __ATOMIC_RELAXED), now = esw_fdb_now(&sw->fdb);

	wheel_turn(sw);
	*idle_s = (int32_t)(now - last) > 0 ? now - last : 0; /* cores' clocks differ a little */
	*aged = a->aged;
}

int
esw_flow_age_get(struct esw *sw, struct esw_flow *rule, uint32_t *idle_s, bool *aged)
{
	const struct esw_flow_age *a = esw_flow_ctl(rule)->age;

	if (a == NULL)
		return -ENOENT;
	esw_lock(sw);
	get_locked(sw, a, idle_s, aged);
	esw_unlock(sw);
	return 0;
}

struct esw_flow_age *
esw_flow_age_create(struct esw *sw, uint16_t owner, uint32_t timeout, void *context,
		    struct esw_err *err)
{
	struct esw_flow_age *a;

	esw_lock(sw);
	a = esw_flow_mem_get(sw, sizeof(*a));
	if (a != NULL)
		esw_flow_age_start(sw, a, owner, timeout, context != NULL ? context : a);
	esw_unlock(sw);
	if (a == NULL) {
		esw_err_set(err, -ENOMEM, "no memory for an age");
		rte_errno = ENOMEM;
	}
	return a;
}

int
esw_flow_age_destroy(struct esw *sw, struct esw_flow_age *a, struct esw_err *err)
{
	uint32_t refs;
	int rc = 0;

	esw_lock(sw);
	refs = __atomic_load_n(&a->refs, __ATOMIC_RELAXED);
	if (refs != 0) {
		rc = esw_err_set(err, -EBUSY, "the age is used by %u rules", refs);
	} else {
		esw_flow_age_stop(sw, a);
		esw_flow_mem_retire(sw, a, sizeof(*a));
	}
	esw_unlock(sw);
	return rc;
}

void
esw_flow_age_update(struct esw *sw, struct esw_flow_age *a, uint32_t timeout)
{
	esw_lock(sw);
	esw_flow_age_stop(sw, a);
	esw_flow_age_start(sw, a, a->owner, timeout != 0 ? timeout : a->timeout, a->context);
	esw_unlock(sw);
}

void
esw_flow_age_shared_get(struct esw *sw, struct esw_flow_age *a, uint32_t *idle_s, bool *aged)
{
	esw_lock(sw);
	get_locked(sw, a, idle_s, aged);
	esw_unlock(sw);
}
