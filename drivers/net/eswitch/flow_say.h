/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _ESN_FLOW_SAY_H_
#define _ESN_FLOW_SAY_H_

/*
 * Refusals of flow calls: struct rte_flow_error, filled in.
 *
 * What surprises: ethdev hands the message on as a pointer and never copies it, so it must outlive
 * the call. A sentence without numbers is a string constant; one with numbers lies in a buffer of
 * the calling thread and holds until that thread's next refusal. Nothing is formatted for a rule
 * that is accepted.
 *
 * Thread-safety: a buffer for each thread.
 */
#include <errno.h>

#include <rte_flow.h>

/*
 * The refusal in one statement. A NULL error is allowed.
 * @param code   positive errno
 * @param cause  the object of that `type`: item, action, attributes, or a part of one
 * @return -code, with rte_errno = code
 */
int esn_flow_say(struct rte_flow_error *error, int code, enum rte_flow_error_type type,
		 const void *cause, const char *fmt, ...) __attribute__((format(printf, 5, 6)));

#endif /* _ESN_FLOW_SAY_H_ */
