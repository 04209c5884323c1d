/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _ESN_LOG_H_
#define _ESN_LOG_H_

/*
 * Log types of the software NIC: pmd.net.eswitch (control), .init (probe and remove), .backing
 * (ports behind the uplink and behind VFs). One line for each failure, none in the data path.
 */
#include <rte_log.h>

extern int esn_logtype;
extern int esn_logtype_init;
extern int esn_logtype_backing;

#define ESN_LOG_TO(type, level, fmt, ...) \
	rte_log(RTE_LOG_##level, type, "eswitch: " fmt "\n", ##__VA_ARGS__)
#define ESN_LOG(level, fmt, ...) ESN_LOG_TO(esn_logtype, level, fmt, ##__VA_ARGS__)
#define ESN_LOG_INIT(level, fmt, ...) ESN_LOG_TO(esn_logtype_init, level, fmt, ##__VA_ARGS__)
#define ESN_LOG_BACKING(level, fmt, ...) ESN_LOG_TO(esn_logtype_backing, level, fmt, ##__VA_ARGS__)

#endif /* _ESN_LOG_H_ */
