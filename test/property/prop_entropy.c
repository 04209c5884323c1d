/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * UDP source ports that the e-switch chose by a hash: the model knows only where they are. They
 * lie in 49152 to 65535 (RFC 7348 5), and equal inner frames have equal ones.
 */
#include <string.h>

#include "prop.h"

#define PORT_MIN 49152

static uint64_t
fingerprint(const uint8_t *b, uint32_t n)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325); /* FNV-1a */
	uint32_t i;

	for (i = 0; i < n; i++)
		h = (h ^ b[i]) * UINT64_C(0x100000001b3);
	return h;
}

static bool
port_good(struct prop_world *w, const uint8_t *b, uint32_t len, const struct model_any *any)
{
	const uint8_t *p = b + len - any->to_end;
	unsigned int port = p[0] * 256u + p[1];
	uint64_t f = fingerprint(b + len - any->inner, any->inner);
	unsigned int k = f % PROP_PORTS_SEEN;

	if (port < PORT_MIN) {
		prop_fail(w, "source port %u in front of VXLAN", port);
		return false;
	}
	if (w->seen[k].fingerprint == f && w->seen[k].port != port) {
		prop_fail(w, "source ports %u and %u for the same inner frame", port,
			  w->seen[k].port);
		return false;
	}
	w->seen[k].fingerprint = f;
	w->seen[k].port = port;
	return true;
}

static bool
inside(const struct model_any *a, uint32_t len)
{
	return a->to_end <= len && a->to_end >= 2 && a->inner < a->to_end;
}

/* Are these the octets that the model says, but for what it can't know? */
bool
prop_octets_equal(const struct prop_wait *x, const uint8_t *got, uint32_t len)
{
	uint32_t at = 0, i, end;

	if (x->len != len)
		return false;
	if (x->n_any == 0)
		return memcmp(x->bytes, got, len) == 0;
	while (at < len) { /* up to the next port that is not known */
		end = len;
		for (i = 0; i < x->n_any; i++) {
			uint32_t port = len - x->any[i].to_end;

			if (inside(&x->any[i], len) && port >= at && port < end)
				end = port;
		}
		if (memcmp(x->bytes + at, got + at, end - at) != 0)
			return false;
		at = end + 2;
	}
	return true;
}

bool
prop_ports_good(struct prop_world *w, const struct prop_wait *x, const uint8_t *got)
{
	unsigned int i;

	for (i = 0; i < x->n_any; i++) {
		if (inside(&x->any[i], x->len) && !port_good(w, got, x->len, &x->any[i]))
			return false;
	}
	return true;
}
