/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _ESN_SWD_H_
#define _ESN_SWD_H_

/*
 * The data path of the software NIC's representors, as struct swd_ops wants it (see switchdev.h for
 * each). `dev` is a struct esn_dev, `queue` the e-switch's own queue. Internal to swd*.c.
 */
#include "nic.h"

int esn_rep_rxq_setup(void *dev, uint16_t vf, uint16_t qid, const struct swd_rep_rxq_conf *conf,
		      void **queue, struct esw_err *err);
int esn_rep_txq_setup(void *dev, uint16_t vf, uint16_t qid, uint16_t nb_desc, int socket_id,
		      void **queue, struct esw_err *err);
void esn_rep_rxq_release(void *queue);
void esn_rep_txq_release(void *queue);
int esn_rep_start(void *dev, uint16_t vf);
int esn_rep_stop(void *dev, uint16_t vf);
uint32_t esn_rep_rxq_count(void *queue);
int esn_rep_offloads_set(void *queue, uint64_t offloads);
void esn_rep_port_set(void *dev, uint16_t vf, int port_id);

#endif /* _ESN_SWD_H_ */
