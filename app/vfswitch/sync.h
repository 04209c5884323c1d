/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _VSW_SYNC_H_
#define _VSW_SYNC_H_

/*
 * Keeps what the bridge knows equal to the VFs' policy, whoever changed it (the file, telemetry, an
 * operation on a representor): VLAN membership, isolation, and the VFs' own addresses as static
 * entries.
 *
 * The e-switch itself follows a change at once; the bridge follows at the next call, a fraction of
 * a second later. Until then it may flood to a VF that the e-switch no longer lets have the frame.
 *
 * Thread-safety: one thread at a time, while workers run.
 */
#include "bridge.h"

struct vsw_sync {
	struct vsw_bridge *bridge;
	uint16_t n_vfs;
	struct esw_policy *policy; /* of each VF, as the bridge knows it */
	bool *known;
};

/* @return 0, -ENOMEM with a sentence */
int vsw_sync_create(struct vsw_sync *s, struct vsw_bridge *b, struct esw_err *err);
void vsw_sync_destroy(struct vsw_sync *s);

/* Read all policies and take over what changed. @return 0, or the device's errno with a sentence */
int vsw_sync_run(struct vsw_sync *s, struct esw_err *err);

#endif /* _VSW_SYNC_H_ */
