/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _SWITCHDEV_TELEMETRY_H_
#define _SWITCHDEV_TELEMETRY_H_

/*
 * What the telemetry commands share: strict parameters, refusals, long text.
 *
 * Parameters come as one text, "net_eswitch_pf0,2,mtu=9000". A handler consumes it from the left;
 * what is left over at the end is a mistake and refused. A handler that refuses still returns 0: a
 * negative value would answer "null", which tells nobody why.
 *
 * Thread-safety: handlers run on telemetry's threads, several at once. They hold the device
 * that they work on, so that the PF cannot go meanwhile.
 */
#include <stdint.h>

#include <rte_telemetry.h>

#include "compat.h"
#include "switchdev.h"

#if ESW_DPDK_SINCE(23, 3)
#define tel_add_u64 rte_tel_data_add_dict_uint
#else
#define tel_add_u64 rte_tel_data_add_dict_u64
#endif

/* Answer with "error: " and the sentence. @return 0, for "return tel_refuse(...)" */
int tel_refuse(struct rte_tel_data *data, const struct esw_err *err);

/* The device that the next parameter names, held; NULL with a sentence. */
struct swd_dev *tel_pf_arg(const char **params, struct esw_err *err);

/* The VF index that the next parameter is, not held against the device. */
int tel_vf_arg(const char **params, uint16_t *vf, struct esw_err *err);

/* A decimal number of 0 to max, named `what` in the sentence. */
int tel_number(const char *text, uint32_t max, uint32_t *value, const char *what,
	       struct esw_err *err);

/*
 * Cut the next parameter off.
 * @return its length, 0 if there is none, -EINVAL if it does not fit or is empty between commas
 */
int tel_next_arg(const char **params, char *buf, size_t len, struct esw_err *err);

/* Refuse what is left over. */
int tel_last_arg(const char *params, struct esw_err *err);

/* Add text of any length: as a string, or as an array of strings if it does not fit into one. */
int tel_add_text(struct rte_tel_data *data, const char *key, const char *text);

/* "mac-change" -> "mac_change": 22.11 takes no '-' in a key. */
void tel_key(const char *name, char *key, size_t len);

/* Add one field of a policy under its key. */
int tel_add_field(struct rte_tel_data *data, const struct esw_policy *p, enum esw_policy_field f);

/* Handlers. */
int tel_flows(const char *cmd, const char *params, struct rte_tel_data *data);
int tel_vf(const char *cmd, const char *params, struct rte_tel_data *data);
int tel_vf_set(const char *cmd, const char *params, struct rte_tel_data *data);

/* registry.c */
bool swd_telemetry_may_write(struct swd_dev *d);

#endif /* _SWITCHDEV_TELEMETRY_H_ */
