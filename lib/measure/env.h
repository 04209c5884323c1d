/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _MSR_ENV_H_
#define _MSR_ENV_H_

/*
 * Where a figure was measured: without it a figure cannot be compared with another.
 *
 * Everything is read from the running system; what cannot be read is null in the report, never
 * guessed. Conditions known to spoil measurements become warnings (conditions.h).
 *
 * Thread-safety: call from one thread.
 */

#include <jansson.h>

/**
 * The environment as a JSON object; EAL must be initialised (for the TSC frequency).
 *
 * @param warnings  JSON array to which sentences are appended
 * @return a new reference, or NULL when out of memory
 */
json_t *msr_env(json_t *warnings);

#endif /* _MSR_ENV_H_ */
