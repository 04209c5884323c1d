/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include "draw_document.h"

/*
 * The palette follows Okabe and Ito, whose colours those with any colour blindness can tell apart;
 * its two lightest are darker here, that lines of them show on white. Paper is always white.
 */
#define LIGHT \
	"--ink:#1a1d21;--soft:#5a6370;--rule:#d9dde3;--grid:#e8ebef;--page:#fff;--box:#f5f7f9;" \
	"--warn:#fff4d6;--warn-edge:#b57a00;--bad:#b3261e;--good:#00704f;" \
	"--c0:#0072b2;--c1:#d55e00;--c2:#009e73;--c3:#b8589a;--c4:#a97400;--c5:#2f93cf;" \
	"--c6:#444b54;--c7:#7f4a12;"
#define DARK \
	"--ink:#e6e9ed;--soft:#a3adba;--rule:#3a414b;--grid:#2b3138;--page:#14171a;--box:#1c2126;" \
	"--warn:#3a2f10;--warn-edge:#e0b040;--bad:#ff8a80;--good:#5fd3a8;" \
	"--c0:#5ab4ec;--c1:#ff8f4d;--c2:#3cc79c;--c3:#e39ac9;--c4:#e6b43c;--c5:#a9c7ff;" \
	"--c6:#c9d0d8;--c7:#d3a06a;"

const char draw_style[] =
	":root{color-scheme:light dark;" LIGHT "}\n"
	"@media (prefers-color-scheme:dark){:root{" DARK "}}\n"
	"*{box-sizing:border-box}\n"
	"body{margin:0 auto;max-width:1200px;padding:1.25rem 1rem 3rem;background:var(--page);"
	"color:var(--ink);font:15px/1.5 system-ui,-apple-system,\"Segoe UI\",Roboto,"
	"\"DejaVu Sans\",sans-serif;overflow-wrap:anywhere}\n"
	"h1{font-size:1.5rem;line-height:1.25;margin:0 0 .25rem}\n"
	"h2{font-size:1.2rem;margin:2.25rem 0 .75rem;padding-top:.75rem;"
	"border-top:1px solid var(--rule)}\n"
	".sub{color:var(--soft);margin:0 0 1rem}\n"
	".runs{display:grid;gap:.75rem;grid-template-columns:repeat(auto-fit,"
	"minmax(min(100%,340px),1fr))}\n"
	".run{background:var(--box);border:1px solid var(--rule);border-radius:6px;"
	"padding:.75rem 1rem}\n"
	".run h3{font-size:1rem;margin:0}\n"
	".run p{margin:.25rem 0 0}\n"
	".ok{color:var(--good);font-weight:600}\n"
	".bad{color:var(--bad);font-weight:600}\n"
	".warn{background:var(--warn);border-left:4px solid var(--warn-edge);border-radius:4px;"
	"padding:.6rem 1rem;margin:1rem 0}\n"
	".warn h2{font-size:1rem;margin:0;padding:0;border:0}\n"
	".warn ul{margin:.25rem 0 0;padding-left:1.2rem}\n"
	".figures{display:grid;gap:1.5rem 2rem;grid-template-columns:repeat(auto-fit,"
	"minmax(min(100%,440px),1fr))}\n"
	"figure{margin:0;max-width:540px}\n"
	"figcaption{font-weight:600;margin-bottom:.35rem}\n"
	"figure>svg{display:block;width:100%;height:auto}\n"
	".legend{display:flex;flex-wrap:wrap;gap:.15rem 1.1rem;list-style:none;margin:.35rem 0 0;"
	"padding:0;font-size:.87rem}\n"
	".legend li{display:flex;align-items:center;gap:.4rem}\n"
	".swatch{width:30px;height:12px;flex:none}\n"
	".box{width:12px}\n"
	".note{color:var(--soft);font-size:.84rem;margin:.4rem 0 0}\n"
	".table{overflow-x:auto;margin:1.25rem 0 0}\n"
	"table{border-collapse:collapse;font-size:.84rem;line-height:1.35;"
	"font-variant-numeric:tabular-nums;overflow-wrap:normal}\n"
	"caption{text-align:left;font-weight:600;padding-bottom:.35rem;font-size:.95rem}\n"
	"th,td{text-align:left;vertical-align:top;padding:.28rem .7rem .28rem 0;"
	"border-bottom:1px solid var(--rule)}\n"
	"th{color:var(--soft);font-weight:600;vertical-align:bottom}\n"
	"td{white-space:nowrap}\n"
	"td.l{white-space:normal;min-width:17rem;overflow-wrap:anywhere}\n"
	".n{text-align:right}\n"
	"text{fill:var(--ink);font-family:inherit;font-size:12px}\n"
	"text.tick{fill:var(--soft);font-size:11.5px}\n"
	"text.title{fill:var(--soft)}\n"
	"line{fill:none}\n"
	".grid{stroke:var(--grid)}\n"
	".axis{stroke:var(--soft)}\n"
	".mark{stroke:var(--ink);stroke-width:1.5}\n"
	".ref{fill:none;stroke:var(--soft);stroke-width:1;stroke-dasharray:4 3;opacity:.8}\n"
	".curve{fill:none;stroke-width:2;stroke-linejoin:round}\n"
	".thick{stroke-width:5;opacity:.55}\n"
	".part{stroke:var(--page);stroke-width:1}\n"
	".s0{stroke:var(--c0)}.s1{stroke:var(--c1)}.s2{stroke:var(--c2)}.s3{stroke:var(--c3)}\n"
	".s4{stroke:var(--c4)}.s5{stroke:var(--c5)}.s6{stroke:var(--c6)}.s7{stroke:var(--c7)}\n"
	".f0{fill:var(--c0)}.f1{fill:var(--c1)}.f2{fill:var(--c2)}.f3{fill:var(--c3)}\n"
	".f4{fill:var(--c4)}.f5{fill:var(--c5)}.f6{fill:var(--c6)}.f7{fill:var(--c7)}\n"
	"@media print{:root{" LIGHT "}body{max-width:none;font-size:10pt;padding:0}"
	"figure,.run,.warn,tr{break-inside:avoid}h2,figcaption{break-after:avoid}"
	".table{overflow:visible}table{font-size:7pt}td{white-space:normal}"
	"*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}\n";
