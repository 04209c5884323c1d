/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _ESW_ERR_H_
#define _ESW_ERR_H_

/*
 * One refusal: a negative errno for the program and one sentence for the person.
 *
 * The sentence names the field, the value and the allowed range, e.g.
 * "mtu: 67 is out of range 68 to 9216". Every layer passes the same struct down, so the layer
 * that knows the reason writes it and the layer that talks to the user logs it, once.
 *
 * A NULL struct esw_err is allowed everywhere: the caller then gets the errno alone.
 * No shared state: as thread-safe as the struct that the caller owns.
 */
#include <stddef.h>

struct esw_err {
	char msg[256]; /* one sentence, no newline; cut at the end when longer */
};

/*
 * Write the sentence and hand the errno back, so that a refusal is one statement:
 * return esw_err_set(err, -EINVAL, "mtu: %u is out of range %u to %u", v, lo, hi);
 *
 * @param err   where the sentence goes, or NULL
 * @param code  negative errno, returned unchanged
 */
int esw_err_set(struct esw_err *err, int code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * Put more context in front of a sentence that is already there: "policy.ini:7: " + msg.
 * Nothing happens for err == NULL.
 */
void esw_err_prefix(struct esw_err *err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif /* _ESW_ERR_H_ */
