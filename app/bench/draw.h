/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _BENCH_DRAW_H_
#define _BENCH_DRAW_H_

/*
 * "eswitch-bench report": makes a page, tables and CSV of reports. Needs no EAL, no device and no
 * privileges.
 *
 * Reading order: draw_load.h (what is read), draw_kind.h (how results are shown), draw_plot.h and
 * draw_rows.h (pictures), draw_table.h, draw_document.h (what becomes of them).
 */

/* argv[0] is the word "report". Returns an enum bench_exit. */
int bench_draw(int argc, char **argv);

#endif /* _BENCH_DRAW_H_ */
