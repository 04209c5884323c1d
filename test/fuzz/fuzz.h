/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _FUZZ_H_
#define _FUZZ_H_

/*
 * What the fuzzing programs of policies share. A broken promise aborts, which libFuzzer reports
 * with the input that broke it, as it does for what the sanitizers find.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static inline void
promise(bool kept, const char *what, const char *detail)
{
	if (kept)
		return;
	fprintf(stderr, "promise broken: %s: %s\n", what, detail);
	abort();
}

/* A refusal is a negative errno and one line of a sentence. */
static inline void
promise_refusal(int ret, const struct esw_err *err)
{
	const char *s;

	promise(ret < 0, "a refusal is negative", err->msg);
	promise(err->msg[0] != '\0', "a refusal has a sentence", "it is empty");
	for (s = err->msg; *s != '\0'; s++)
		promise((unsigned char)*s >= 0x20 && *s != 0x7f, "one line", err->msg);
}

/*
 * What a parser took is a policy. Only the rules on addresses can still be broken: `mac` may be
 * unset, and be the same as one of `macs`.
 */
static inline void
promise_valid(const struct esw_policy *p)
{
	const struct esw_policy_limits all = { .mtu_max = ESW_MTU_MAX, .fields = ESW_F_ALL };
	struct esw_err err = { "" };

	if (esw_policy_validate(p, &all, &err) != 0)
		promise(strncmp(err.msg, "mac", 3) == 0 && strstr(err.msg, "order") == NULL,
			"what is parsed is valid", err.msg);
}

static inline void
promise_same(const struct esw_policy *a, const struct esw_policy *b, const char *form)
{
	promise(esw_policy_diff(a, b) == 0, "what is written is read", form);
}

#endif /* _FUZZ_H_ */
