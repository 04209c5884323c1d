/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_spinlock.h>

#include "telemetry.h"

/* Entries in one answer of /eswitch/fdb: with at most 72 characters each they fit into 16 KiB. */
#define FDB_PAGE 200

static int
tel_list(const char *cmd, const char *params, struct rte_tel_data *data)
{
	struct esw_err err;

	(void)cmd;
	if (tel_last_arg(params, &err) < 0)
		return tel_refuse(data, &err);
	rte_tel_data_start_array(data, RTE_TEL_STRING_VAL);
	for (struct swd_dev *d = swd_next(NULL); d != NULL; d = swd_next(d)) {
		if (!swd_hold(d))
			break;
		rte_tel_data_add_array_string(data, d->name);
		swd_release(d);
	}
	return 0;
}

static int
add_fields(struct rte_tel_data *data, uint64_t fields)
{
	struct rte_tel_data *names = rte_tel_data_alloc();

	if (names == NULL)
		return -ENOMEM;
	rte_tel_data_start_array(names, RTE_TEL_STRING_VAL);
	for (int f = 0; f < ESW_F_COUNT; f++) {
		if ((fields & ESW_F_BIT(f)) != 0)
			rte_tel_data_add_array_string(names, esw_policy_field_name(f));
	}
	return rte_tel_data_add_dict_container(data, "policy_fields", names, 0);
}

static int
add_info(struct rte_tel_data *data, struct swd_dev *d, const struct swd_info *info)
{
	rte_tel_data_start_dict(data);
	rte_tel_data_add_dict_string(data, "name", info->name);
	rte_tel_data_add_dict_string(data, "driver", info->driver != NULL ? info->driver : "");
	tel_add_u64(data, "pf_port", info->pf_port);
	tel_add_u64(data, "domain_id", info->domain_id);
	tel_add_u64(data, "vfs", info->nb_vfs);
	rte_tel_data_add_dict_string(data, "mode",
				     info->mode == SWD_MODE_VEB ? "veb" : "switchdev");
	tel_add_u64(data, "mtu", info->pf_mtu);
	tel_add_u64(data, "mtu_max", info->mtu_max);
	tel_add_u64(data, "speed_mbps", info->speed_mbps);
	rte_tel_data_add_dict_string(data, "wire_link", info->wire_link ? "up" : "down");
	rte_tel_data_add_dict_string(data, "uplink", info->uplink);
	rte_tel_data_add_dict_string(data, "control",
				     swd_telemetry_may_write(d) ? "telemetry" : "none");
	return add_fields(data, info->policy_fields);
}

static int
tel_pf(const char *cmd, const char *params, struct rte_tel_data *data)
{
	struct swd_info info = { 0 };
	struct esw_err err;
	struct swd_dev *d;
	int ret;

	(void)cmd;
	d = tel_pf_arg(&params, &err);
	if (d == NULL)
		return tel_refuse(data, &err);
	ret = tel_last_arg(params, &err);
	if (ret == 0) {
		ret = swd_info_get(d, &info);
		if (ret < 0)
			esw_err_set(&err, ret, "%s does not answer: %s", d->name, strerror(-ret));
	}
	ret = ret < 0 ? tel_refuse(data, &err) : add_info(data, d, &info);
	swd_release(d);
	return ret;
}

/* "pf", "wire", "rep3", "3"; nothing = the PF. */
static int
port_arg(const char **params, int *port, struct esw_err *err)
{
	bool is_rep;
	char text[16];
	uint32_t vf;
	int ret;

	ret = tel_next_arg(params, text, sizeof(text), err);
	if (ret < 0)
		return ret;
	if (ret == 0 || strcmp(text, "pf") == 0) {
		*port = SWD_PORT_PF;
		return 0;
	}
	if (strcmp(text, "wire") == 0) {
		*port = SWD_PORT_WIRE;
		return 0;
	}
	is_rep = strncmp(text, "rep", 3) == 0;
	ret = tel_number(is_rep ? text + 3 : text, UINT16_MAX, &vf,
			 "port (pf, wire, a VF index, or rep and a VF index)", err);
	if (ret == 0)
		*port = is_rep ? SWD_PORT_REP(vf) : (int)vf;
	return ret;
}

static int
stats_get(const char **params, struct swd_dev *d, struct swd_counter *c, struct esw_err *err)
{
	int port = SWD_PORT_PF;
	int ret;

	ret = port_arg(params, &port, err);
	if (ret == 0)
		ret = tel_last_arg(*params, err);
	if (ret < 0)
		return ret;
	ret = swd_counters_get(d, port, c, SWD_COUNTERS_MAX);
	if (ret == -ERANGE)
		return esw_err_set(err, ret, "vf: %d does not exist in %s",
				   port >= SWD_PORT_REP(0) ? port - SWD_PORT_REP(0) : port,
				   d->name);
	if (ret < 0)
		return esw_err_set(err, ret, "counters of %s cannot be read: %s", d->name,
				   strerror(-ret));
	return ret < SWD_COUNTERS_MAX ? ret : SWD_COUNTERS_MAX;
}

static int
tel_stats(const char *cmd, const char *params, struct rte_tel_data *data)
{
	struct swd_counter *c;
	struct esw_err err;
	struct swd_dev *d;
	int n;

	(void)cmd;
	d = tel_pf_arg(&params, &err);
	if (d == NULL)
		return tel_refuse(data, &err);
	c = calloc(SWD_COUNTERS_MAX, sizeof(*c));
	n = c != NULL ? stats_get(&params, d, c, &err) :
			esw_err_set(&err, -ENOMEM, "counters of %s: out of memory", d->name);
	swd_release(d);
	if (n < 0 || c == NULL) {
		tel_refuse(data, &err);
	} else {
		rte_tel_data_start_dict(data);
		for (int i = 0; i < n; i++)
			tel_add_u64(data, c[i].name, c[i].value);
	}
	free(c);
	return 0;
}

/* "02:00:00:00:00:01 vlan 100 port vf3 static", "... vlan none port wire age 12" */
static void
add_entry(struct rte_tel_data *list, const struct swd_fdb_entry *e)
{
	char mac[SWD_MAC_TEXT_LEN];
	char vlan[16], port[16], kind[24];
	char text[RTE_TEL_MAX_STRING_LEN];

	swd_mac_text(&e->mac, mac);
	if (e->vlan == SWD_VLAN_ANY)
		snprintf(vlan, sizeof(vlan), "any");
	else if (e->vlan == 0)
		snprintf(vlan, sizeof(vlan), "none");
	else if (e->vlan >= 4096)
		snprintf(vlan, sizeof(vlan), "s%d", e->vlan - 4096);
	else
		snprintf(vlan, sizeof(vlan), "%u", e->vlan);
	if (e->vf == SWD_PORT_PF)
		snprintf(port, sizeof(port), "pf");
	else if (e->vf == SWD_PORT_WIRE)
		snprintf(port, sizeof(port), "wire");
	else
		snprintf(port, sizeof(port), "vf%d", e->vf);
	if (e->is_static)
		snprintf(kind, sizeof(kind), "static");
	else
		snprintf(kind, sizeof(kind), "age %u", e->age_s);
	snprintf(text, sizeof(text), "%s vlan %s port %s %s", mac, vlan, port, kind);
	rte_tel_data_add_array_string(list, text);
}

static int
add_page(struct rte_tel_data *data, const struct swd_fdb_entry *e, uint32_t n, uint32_t first)
{
	struct rte_tel_data *list = rte_tel_data_alloc();
	uint32_t end = first < n ? first + RTE_MIN(n - first, (uint32_t)FDB_PAGE) : first;

	if (list == NULL)
		return -ENOMEM;
	rte_tel_data_start_array(list, RTE_TEL_STRING_VAL);
	for (uint32_t i = first; i < end; i++)
		add_entry(list, &e[i]);
	rte_tel_data_start_dict(data);
	tel_add_u64(data, "total", n);
	tel_add_u64(data, "first", first);
	if (end < n)
		tel_add_u64(data, "next", end);
	return rte_tel_data_add_dict_container(data, "entries", list, 0);
}

/* Read the whole table. @return its size; *e is to be freed */
static int
fdb_read(struct swd_dev *d, struct swd_fdb_entry **e, struct esw_err *err)
{
	int n, got;

	*e = NULL;
	n = swd_fdb_get(d, NULL, 0);
	if (n == -ENOTSUP) {
		esw_err_set(err, n, "%s has no MAC table", d->name);
		return n;
	}
	got = n;
	if (n < 0)
		goto fail;
	*e = calloc(n + 1, sizeof(**e));
	if (*e == NULL) {
		esw_err_set(err, -ENOMEM, "MAC table of %s: out of memory for %d entries", d->name,
			    n);
		return -ENOMEM;
	}
	got = swd_fdb_get(d, *e, n);
	if (got < 0)
		goto fail;
	return RTE_MIN(got, n);
fail:
	esw_err_set(err, got, "MAC table of %s cannot be read: %s", d->name, strerror(-got));
	return got;
}

static int
tel_fdb(const char *cmd, const char *params, struct rte_tel_data *data)
{
	struct swd_fdb_entry *e = NULL;
	uint32_t first = 0;
	struct esw_err err;
	struct swd_dev *d;
	char text[16];
	int ret;

	(void)cmd;
	d = tel_pf_arg(&params, &err);
	if (d == NULL)
		return tel_refuse(data, &err);
	ret = tel_next_arg(&params, text, sizeof(text), &err);
	if (ret > 0)
		ret = tel_number(text, 1u << 24, &first, "first", &err);
	if (ret == 0)
		ret = tel_last_arg(params, &err);
	if (ret == 0)
		ret = fdb_read(d, &e, &err);
	swd_release(d);
	ret = ret < 0 || e == NULL ? tel_refuse(data, &err) : add_page(data, e, ret, first);
	free(e);
	return ret;
}

static const struct {
	const char *cmd;
	telemetry_cb handler;
	const char *help;
} commands[] = {
	{ "/eswitch/list", tel_list, "Devices that have an e-switch. Takes no parameters" },
	{ "/eswitch/pf", tel_pf, "One device. Parameters: pf (name or port)" },
	{ "/eswitch/vf", tel_vf, "Policy and state of a VF. Parameters: pf,vf" },
	{ "/eswitch/stats", tel_stats, "Counters. Parameters: pf[,vf|pf|wire|rep<vf>]" },
	{ "/eswitch/fdb", tel_fdb, "MAC table. Parameters: pf[,first entry]" },
	{ "/eswitch/flows", tel_flows, "How many flow rules each port has made. Parameters: pf" },
	{ "/eswitch/vf/set", tel_vf_set,
	  "Set a field of a VF's policy. Parameters: pf,vf,"
	  "field=value" },
};

int
swd_telemetry_init(void)
{
	static rte_spinlock_t lock = RTE_SPINLOCK_INITIALIZER;
	static unsigned int n_done;
	int ret = 0;

	rte_spinlock_lock(&lock);
	for (; n_done < RTE_DIM(commands) && ret == 0; n_done += ret == 0)
		ret = rte_telemetry_register_cmd(commands[n_done].cmd, commands[n_done].handler,
						 commands[n_done].help);
	rte_spinlock_unlock(&lock);
	return ret;
}
