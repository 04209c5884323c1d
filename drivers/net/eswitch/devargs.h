/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _ESN_DEVARGS_H_
#define _ESN_DEVARGS_H_

/*
 * Device arguments of net_eswitch_pf and net_eswitch_vf, as values.
 *
 * Every key is judged, and an unknown one refused: a mistyped "polcy=" must not leave VFs without
 * their policy. Nothing here touches a device; the text is copied, because the bus replaces it
 * when representors are asked for later. Pure functions but for their output.
 */
#include <stdbool.h>
#include <stdint.h>
#include <limits.h>

#include <rte_ethdev.h>

#include "esw.h"

#define ESN_SPEED_DEFAULT 100000 /* Mbit/s */
#define ESN_MTU_DEFAULT 9216     /* octets; what most NICs call jumbo */

/* A port that stands behind a VF. */
struct esn_attach {
	uint16_t vf;
	char port[RTE_ETH_NAME_MAX_LEN];
};

struct esn_pf_args {
	uint16_t vfs;
	enum esw_mode mode;
	uint32_t speed; /* Mbit/s */
	uint16_t mtu;   /* octets, the device's maximum */
	uint32_t seed;
	bool seed_set;
	bool telemetry_writes;
	uint32_t fdb_entries; /* 0 = the e-switch's default */
	uint32_t age_s;       /* 0 = the e-switch's default */
	char policy[PATH_MAX];
	char uplink[RTE_ETH_NAME_MAX_LEN];
	uint16_t n_attach;
	struct esn_attach attach[RTE_MAX_ETHPORTS];
	bool reps[ESW_VFS_MAX]; /* representors asked for */
};

struct esn_vf_args {
	char pf[RTE_ETH_NAME_MAX_LEN];
	uint16_t vf;
};

/*
 * @param text  may be NULL or empty
 * @return 0, or -EINVAL with a sentence that names key, value and range
 */
int esn_pf_args_parse(struct esn_pf_args *a, const char *text, struct esw_err *err);
int esn_vf_args_parse(struct esn_vf_args *a, const char *text, struct esw_err *err);

/*
 * Only the representors that `text` asks for (its other keys are not looked at): reps[i] becomes
 * true.
 * @return their number, or -EINVAL with a sentence
 */
int esn_args_representors(const char *text, uint16_t nb_vfs, bool *reps, struct esw_err *err);

/* "net_eswitch_pf0": the driver's name and a number, nothing else. @return 0 or -EINVAL */
int esn_name_check(const char *name, const char *driver, struct esw_err *err);

/* A speed that ethdev can express. */
bool esn_speed_valid(uint32_t mbps);

#endif /* _ESN_DEVARGS_H_ */
