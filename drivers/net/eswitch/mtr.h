/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _ESN_MTR_H_
#define _ESN_MTR_H_

/*
 * rte_mtr of the PF's, VFs' and representors' ports: profiles, policies, meters.
 *
 * Ids are per port, and so are the tables that they are looked up in, which lie in the primary
 * process's own memory and go when the port closes. The meters themselves are the e-switch's
 * (flow_meter.h), in shared memory: frames of secondaries are metered as well.
 *
 * What surprises: profiles and policies are values. A meter is made of one of each, and counts as
 * their user, so that neither can be deleted while a meter says that it has it.
 *
 * Thread-safety: all from any thread; a lock inside, which no burst takes.
 */
#include <stdbool.h>
#include <stdint.h>

#include <ethdev_driver.h>

#include "flow_meter.h"

/* ethdev's operation mtr_ops_get, and what it gives. */
extern const struct rte_mtr_ops esn_mtr_ops;
int esn_mtr_ops_get(struct rte_eth_dev *dev, void *ops);

/* For rules. The port's meter of that number, or NULL; not to be destroyed meanwhile. */
struct esw_flow_meter *esn_mtr_find(const struct rte_eth_dev *dev, uint32_t mtr_id);
/* Whether one more rule may have it: it is there, and is shared or has none yet. */
bool esn_mtr_is_free(const struct rte_eth_dev *dev, uint32_t mtr_id);

/* The port of this endpoint is closed, and its rules are gone: so are its meters. */
void esn_mtr_close(struct esw *sw, uint16_t ep);

#endif /* _ESN_MTR_H_ */
