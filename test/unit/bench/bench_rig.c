/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include "bench_rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "frame.h"

char bench_rig_err[512];

int
bench_rig_parse(struct bench_options *o, const char *line)
{
	static char copy[512];
	char *argv[64] = { (char[]){ "eswitch-bench" } }, *save = NULL;
	int argc = 1;

	snprintf(copy, sizeof(copy), "--tx 0 --seed 1 %s", line);
	for (char *w = strtok_r(copy, " ", &save); w != NULL; w = strtok_r(NULL, " ", &save))
		argv[argc++] = w;
	bench_rig_err[0] = '\0';
	return bench_options_parse(o, argc, argv, bench_rig_err, sizeof(bench_rig_err));
}

/* Digits parted by commas. */
static unsigned int
list(const char *text, uint16_t *index)
{
	unsigned int n = 0;

	for (char *end; *text != '\0'; text = *end == ',' ? end + 1 : end)
		index[n++] = (uint16_t)strtoul(text, &end, 10);
	return n;
}

void
bench_rig_ports(struct bench_ports *ports, unsigned int n, const char *tx, const char *rx)
{
	memset(ports, 0, sizeof(*ports));
	ports->n = ports->n_tx = ports->n_rx = n;
	for (unsigned int i = 0; i < n; i++) {
		struct bench_port *p = &ports->port[i];

		p->id = UINT16_MAX; /* none: nothing may be asked of it */
		p->mtu = BENCH_RIG_MTU;
		p->pool = rig_pool();
		p->mac = (struct rte_ether_addr){ { 0x02, 0xaa, 0, 0, 0, (uint8_t)(i + 1) } };
		snprintf(p->name, sizeof(p->name), "port%u", i);
		ports->tx[i] = ports->rx[i] = (uint16_t)i;
	}
	if (tx != NULL)
		ports->n_tx = list(tx, ports->tx);
	if (rx != NULL)
		ports->n_rx = list(rx, ports->rx);
}

void
bench_rig_traffic(struct bench_traffic *t, struct bench_ports *ports, struct bench_options *o,
		  const char *line)
{
	struct bench_size size = { .max_len = 60, .mix = { .n = 1, .total = 1 } };

	size.mix.entry[0].pkt_len = 60;
	size.mix.entry[0].weight = 1;
	if (bench_rig_parse(o, line) != 0 ||
	    bench_traffic_open(t, ports, o, bench_rig_err, sizeof(bench_rig_err)) != 0)
		fail_msg("%s: %s", line, bench_rig_err);
	bench_traffic_size(t, &size);
	bench_traffic_begin(t);
}

struct rte_mbuf *
bench_rig_fill(struct bench_traffic *t, unsigned int s, uint64_t tsc)
{
	struct rte_mbuf *m = rte_pktmbuf_alloc(rig_pool());

	assert_non_null(m);
	bench_traffic_fill(t, s, &m, 1, (double)tsc, 0);
	return m;
}

struct msr_label
bench_rig_label(const struct rte_mbuf *m)
{
	const uint8_t *frame = rte_pktmbuf_mtod(m, const uint8_t *);
	const uint32_t at = MSR_FRAME_ETH_LEN + (frame[12] == 0x81 ? MSR_FRAME_TAG_LEN : 0);
	struct msr_label label;

	assert_int_equal(m->pkt_len, m->data_len);
	assert_int_equal(msr_frame_verify(frame + at, m->pkt_len - at,
					  m->pkt_len - (at - MSR_FRAME_ETH_LEN), &label),
			 MSR_FRAME_OK);
	return label;
}

const struct bench_stream *
bench_rig_stream(const struct bench_traffic *t, const struct rte_mbuf *m)
{
	const uint32_t number = bench_rig_label(m).stream;

	assert_true(number < t->n_streams);
	return &t->stream[number];
}
