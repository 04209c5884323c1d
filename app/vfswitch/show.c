/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "show.h"

/* ECMA-48: cursor home, clear to the end of line, clear to the end of screen. */
#define TTY_HOME "\033[H"
#define TTY_LINE_END "\033[K\n"
#define TTY_REST "\033[J"

/* 1234567 -> "1.23M": three figures that matter. */
static const char *
short_number(double v, char *buf, size_t len)
{
	static const char units[] = " kMGT";
	unsigned int u = 0;

	while (v >= 999.5 && u < sizeof(units) - 2) {
		v /= 1000;
		u++;
	}
	snprintf(buf, len, "%.*f%.*s",
		 u == 0 || v >= 99.95 ? 0 :
		 v >= 9.995           ? 1 :
					2,
		 v, u > 0, &units[u]);
	return buf;
}

/* " tx_spoof 10, sw_hairpin 2"; the empty string if nothing was dropped */
static void
drops(const struct vsw_row *row, char *buf, size_t len)
{
	size_t at = 0;

	buf[0] = '\0';
	for (unsigned int i = 0; i < row->n && at < len; i++) {
		if (row->counter[i].drop && row->counter[i].value > 0)
			at += snprintf(&buf[at], len - at, " %s %" PRIu64, row->counter[i].name,
				       row->counter[i].value);
	}
	for (int d = 0; d < VSW_DROP_COUNT && at < len; d++) {
		if (row->sw.drop[d] > 0)
			at += snprintf(&buf[at], len - at, " %s %" PRIu64, vsw_drop_name(d),
				       row->sw.drop[d]);
	}
}

/* In lower case, as "ip link" and the policy file have it. */
static const char *
mac_text(const struct rte_ether_addr *mac, char *buf, size_t len)
{
	const uint8_t *b = mac->addr_bytes;

	snprintf(buf, len, "%02x:%02x:%02x:%02x:%02x:%02x", b[0], b[1], b[2], b[3], b[4], b[5]);
	return buf;
}

static const char *
port_name(const struct vsw_row *row, char *buf, size_t len)
{
	if (row->vf == SWD_PORT_WIRE)
		snprintf(buf, len, "uplink");
	else
		snprintf(buf, len, "vf %d", row->vf);
	return buf;
}

static void
table_row(const struct vsw_row *row)
{
	char name[16], mac[RTE_ETHER_ADDR_FMT_SIZE] = "-", mtu[8] = "-", why[512], n[4][16];

	drops(row, why, sizeof(why));
	if (row->vf != SWD_PORT_WIRE) {
		mac_text(&row->info.mac, mac, sizeof(mac));
		snprintf(mtu, sizeof(mtu), "%u", row->info.mtu);
	}
	printf("%-7s %-4s %-17s %-20.20s %5s %8s %8s %8s %8s %s" TTY_LINE_END,
	       port_name(row, name, sizeof(name)), row->link ? "up" : "down", mac,
	       row->vf == SWD_PORT_WIRE ? "-" : row->vlan, mtu,
	       short_number(row->tx_pps, n[0], sizeof(n[0])),
	       short_number(row->tx_bps, n[1], sizeof(n[1])),
	       short_number(row->rx_pps, n[2], sizeof(n[2])),
	       short_number(row->rx_bps, n[3], sizeof(n[3])), why);
}

static void
show_table(const struct vsw_report *r)
{
	const struct swd_info *info = &r->bridge->ports->info;

	printf(TTY_HOME "%s: %u VFs, %s mode, uplink %s, up %.0f s" TTY_LINE_END, info->name,
	       info->nb_vfs, r->bridge->forward ? "switchdev" : "VEB",
	       info->uplink[0] != '\0' ? info->uplink : "none", r->uptime);
	printf("addresses: %u known, %" PRIu64 " learned, %" PRIu64 " moved, %" PRIu64
	       " aged, %" PRIu64 " evicted, %" PRIu64 " refused" TTY_LINE_END TTY_LINE_END,
	       r->fdb.entries, r->fdb.learned, r->fdb.moved, r->fdb.aged, r->fdb.evicted,
	       r->fdb.refused);
	printf("%-7s %-4s %-17s %-20s %5s %8s %8s %8s %8s %s" TTY_LINE_END, "port", "link", "mac",
	       "vlan", "mtu", "tx pkt/s", "tx bit/s", "rx pkt/s", "rx bit/s", " dropped");
	for (uint16_t i = 0; i < r->n_rows; i++)
		table_row(&r->row[i]);
	printf(TTY_REST);
}

static void
show_lines(const struct vsw_report *r)
{
	char name[16], why[512], mac[RTE_ETHER_ADDR_FMT_SIZE];

	for (uint16_t i = 0; i < r->n_rows; i++) {
		const struct vsw_row *row = &r->row[i];

		drops(row, why, sizeof(why));
		printf("%.1f %s %s", r->uptime, port_name(row, name, sizeof(name)),
		       row->link ? "up" : "down");
		if (row->vf != SWD_PORT_WIRE) {
			mac_text(&row->info.mac, mac, sizeof(mac));
			printf(" mac %s vlan %s mtu %u", mac, row->vlan, row->info.mtu);
		}
		printf(" tx %.0f pkt/s %.0f bit/s rx %.0f pkt/s %.0f bit/s%s%s\n", row->tx_pps,
		       row->tx_bps, row->rx_pps, row->rx_bps, why[0] != '\0' ? " dropped" : "",
		       why);
	}
}

static json_t *
json_row(const struct vsw_row *row)
{
	char name[16], mac[RTE_ETHER_ADDR_FMT_SIZE];
	json_t *o, *c = json_object();

	for (unsigned int i = 0; i < row->n; i++)
		json_object_set_new(c, row->counter[i].name, json_integer(row->counter[i].value));
	json_object_set_new(c, "sw_rx", json_integer(row->sw.rx));
	json_object_set_new(c, "sw_tx", json_integer(row->sw.tx));
	json_object_set_new(c, "sw_flooded", json_integer(row->sw.flooded));
	for (int d = 0; d < VSW_DROP_COUNT; d++)
		json_object_set_new(c, vsw_drop_name(d), json_integer(row->sw.drop[d]));
	o = json_pack("{s:s, s:b, s:f, s:f, s:f, s:f, s:o}", "port",
		      port_name(row, name, sizeof(name)), "link", row->link, "tx_pps",
		      round(row->tx_pps), "tx_bps", round(row->tx_bps), "rx_pps",
		      round(row->rx_pps), "rx_bps", round(row->rx_bps), "counters", c);
	if (o == NULL || row->vf == SWD_PORT_WIRE)
		return o;
	mac_text(&row->info.mac, mac, sizeof(mac));
	json_object_set_new(o, "vf", json_integer(row->vf));
	json_object_set_new(o, "mac", json_string(mac));
	json_object_set_new(o, "vlan", json_string(row->vlan));
	json_object_set_new(o, "mtu", json_integer(row->info.mtu));
	json_object_set_new(o, "attached", json_string(row->info.attached));
	return o;
}

/* jansson's setters refuse NULL quietly; an object that is missing altogether shows at the end. */
static int
show_json(const struct vsw_report *r)
{
	json_t *o, *ports = json_array();
	int ret = -ENOMEM;

	for (uint16_t i = 0; i < r->n_rows; i++)
		json_array_append_new(ports, json_row(&r->row[i]));
	o = json_pack("{s:s, s:f, s:f, s:{s:I, s:I, s:I, s:I, s:I, s:I}, s:o}", "pf",
		      r->bridge->ports->info.name, "uptime", r->uptime, "interval", r->interval,
		      "fdb", "entries", (json_int_t)r->fdb.entries, "learned",
		      (json_int_t)r->fdb.learned, "moved", (json_int_t)r->fdb.moved, "aged",
		      (json_int_t)r->fdb.aged, "evicted", (json_int_t)r->fdb.evicted, "refused",
		      (json_int_t)r->fdb.refused, "ports", ports);
	if (o != NULL && json_array_size(ports) == r->n_rows) {
		json_dumpf(o, stdout, JSON_COMPACT | JSON_REAL_PRECISION(6));
		putchar('\n');
		ret = 0;
	}
	json_decref(o);
	return ret;
}

int
vsw_show(const struct vsw_report *r, enum vsw_show how)
{
	int ret = 0;

	switch (how) {
	case VSW_SHOW_TABLE:
		show_table(r);
		break;
	case VSW_SHOW_LINES:
		show_lines(r);
		break;
	case VSW_SHOW_JSON:
		ret = show_json(r);
		break;
	}
	if (ret == 0 && fflush(stdout) != 0)
		ret = -errno;
	return ret;
}
