/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _ESN_MTR_TABLE_H_
#define _ESN_MTR_TABLE_H_

/*
 * What a port's rte_mtr calls work on. Internal to mtr*.c; between esn_mtr_enter() and
 * esn_mtr_leave() the caller has the lock of all tables.
 */
#include <stddef.h>
#include <sys/queue.h>

#include <rte_mtr_driver.h>

#include "mtr.h"

#define ESN_MTR_MAX 16384 /* of each kind, per port */
#define ESN_MTR_STATS 8   /* bits of enum rte_mtr_stats_type */

/* Things by number; each begins with its uint32_t id. */
struct esn_mtr_set {
	void *root; /* tsearch(3) */
	uint32_t n;
};

struct esn_mtr_profile {
	uint32_t id;
	uint32_t users;
	struct esw_flow_meter_conf conf; /* all but what becomes of colours */
};

struct esn_mtr_policy {
	uint32_t id;
	uint32_t users;
	bool drop[ESW_FLOW_COLORS];
};

struct esn_mtr {
	uint32_t id;
	bool shared;
	struct esn_mtr_profile *profile;
	struct esn_mtr_policy *policy;
	struct esw *sw;
	struct esw_flow_meter *meter;
	uint64_t mask;                /* of RTE_MTR_STATS_*: what is told */
	uint64_t base[ESN_MTR_STATS]; /* counters, by bit, when they were enabled or cleared */
};

struct esn_mtr_port {
	TAILQ_ENTRY(esn_mtr_port) next;
	struct esw *sw;
	uint16_t ep;
	struct esn_mtr_set profiles, policies, meters;
};

/* A refusal in one statement; the sentence holds until the thread's next. @return -code */
int esn_mtr_no(struct rte_mtr_error *error, int code, enum rte_mtr_error_type type,
	       const void *cause, const char *fmt, ...) __attribute__((format(printf, 5, 6)));

/* The port's tables with the lock of all, or a negative errno, a refusal, and no lock. */
int esn_mtr_enter(const struct rte_eth_dev *dev, struct esn_mtr_port **port,
		  struct rte_mtr_error *error);
void esn_mtr_leave(void);

/* NULL: there is none. */
void *esn_mtr_get(const struct esn_mtr_set *s, uint32_t id);
/* A kind of thing, for a person, and how rte_mtr calls its number. */
struct esn_mtr_kind {
	const char *name;
	enum rte_mtr_error_type id_type;
	size_t size;
};
/* A thing of zeros with that id; NULL with *ret a negative errno, and a refusal. */
void *esn_mtr_add(struct esn_mtr_set *s, const struct esn_mtr_kind *k, uint32_t id, int *ret,
		  struct rte_mtr_error *error);
void esn_mtr_del(struct esn_mtr_set *s, void *thing);

/* mtr_profile.c: operations of struct rte_mtr_ops. */
int esn_mtr_profile_add(struct rte_eth_dev *dev, uint32_t id, struct rte_mtr_meter_profile *p,
			struct rte_mtr_error *error);
int esn_mtr_profile_delete(struct rte_eth_dev *dev, uint32_t id, struct rte_mtr_error *error);
int esn_mtr_policy_validate(struct rte_eth_dev *dev, struct rte_mtr_meter_policy_params *p,
			    struct rte_mtr_error *error);
int esn_mtr_policy_add(struct rte_eth_dev *dev, uint32_t id, struct rte_mtr_meter_policy_params *p,
		       struct rte_mtr_error *error);
int esn_mtr_policy_delete(struct rte_eth_dev *dev, uint32_t id, struct rte_mtr_error *error);

/* mtr_stats.c: the same. */
int esn_mtr_stats_update(struct rte_eth_dev *dev, uint32_t id, uint64_t mask,
			 struct rte_mtr_error *error);
int esn_mtr_stats_read(struct rte_eth_dev *dev, uint32_t id, struct rte_mtr_stats *stats,
		       uint64_t *mask, int clear, struct rte_mtr_error *error);
int esn_mtr_stats_mask_check(uint64_t mask, struct rte_mtr_error *error);

/*
 * mtr.c: esn_mtr_enter(), and a meter of the port; without it -ENOENT, a refusal, and no lock.
 */
int esn_mtr_enter_meter(const struct rte_eth_dev *dev, uint32_t id, struct esn_mtr_port **port,
			struct esn_mtr **m, struct rte_mtr_error *error);

#endif /* _ESN_MTR_TABLE_H_ */
