/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * All rows in one array.
 */
#include "tables.h"

#define ROW(name_, policy_, state_, from_, frame_, at_, fate_, tags_) \
	{ .table = TABLE, \
	  .name = TABLE "/" name_, \
	  .policy = policy_, \
	  .state = state_, \
	  .from = from_, \
	  .frame = frame_, \
	  .at = at_, \
	  .fate = ESW_##fate_, \
	  .tags = tags_ },

const struct table_row table_rows[] = {
#define TABLE "vlan_tx"
#include "vlan_tx.def"
#undef TABLE
#define TABLE "vlan_rx"
#include "vlan_rx.def"
#undef TABLE
#define TABLE "mtu"
#include "mtu.def"
#undef TABLE
#define TABLE "address"
#include "address.def"
#undef TABLE
#define TABLE "veb"
#include "veb.def"
#undef TABLE
#define TABLE "order"
#include "order.def"
#undef TABLE
};

const unsigned int table_rows_n = sizeof(table_rows) / sizeof(table_rows[0]);
