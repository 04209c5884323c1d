/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _BENCH_PORTLIST_H_
#define _BENCH_PORTLIST_H_

/* Port lists on the command line: "0,net_ring1,net_eswitch_vf[0-7]". EAL must be initialised. */

#include <stddef.h>
#include <stdint.h>

/**
 * @param option  name of the option, for errors
 * @param list    ports separated by commas: an ethdev id, a name, or a name with one [A-B] range
 * @param id      ethdev ids, in the order given
 * @param max     room in @p id
 * @return number of ports, or -EINVAL with @p err filled
 */
int bench_portlist(const char *option, const char *list, uint16_t *id, unsigned int max, char *err,
		   size_t errlen);

#endif /* _BENCH_PORTLIST_H_ */
