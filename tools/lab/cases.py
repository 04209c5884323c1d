# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
"""Runs the cases of one system test: each a function, each named for what it proves."""
import os
import re
import sys
import time
import traceback

from . import sandbox
from .switch import LOG, TOP

SKIPPED = 77  # what meson takes for "not run here"


def expect(what, got, want):
    """Fail unless got == want."""
    if got != want:
        raise AssertionError("%s: %r, expected %r" % (what, got, want))


def expect_range(what, got, low, high):
    """Fail unless low <= got <= high."""
    if not low <= got <= high:
        raise AssertionError("%s: %r is out of range %r to %r" % (what, got, low, high))


def fates(direction):
    """The names of all fates of a direction ("tx" or "rx"), read where they are defined."""
    with open(os.path.join(TOP, "lib/eswitch/fate.h"), encoding="utf-8") as f:
        names = re.findall(r"^\tESW_([A-Z_]+),", f.read(), re.M)
    return [n.lower() for n in names if n.startswith(direction.upper() + "_")]


def total(counters, direction):
    """Frames that a port sent ("tx") or was offered ("rx"): the sum of all their fates."""
    return sum(counters[name] for name in fates(direction))


def drops(counters):
    """Drop counters that are not zero, as a dict."""
    return {name: counters[name] for name in fates("tx") + fates("rx")
            if name not in ("tx_forwarded", "rx_delivered") and counters[name] > 0}


def print_log():
    """What the switch of this case said last."""
    if os.path.exists(LOG):
        with open(LOG, encoding="utf-8", errors="replace") as f:
            print("".join("  log: " + line for line in f.readlines()[-12:]), end="")


def main(cases, seconds=100, needs_tap=True):
    """Run all cases, or those named on the command line, in a sandbox; exit 1 if one fails."""
    reason = sandbox.enter(seconds)
    if reason and needs_tap:
        print("SKIPPED: TAP interfaces and namespaces are not allowed here: %s" % reason)
        sys.exit(SKIPPED)
    wanted = sys.argv[1:]
    failed = 0
    for case in cases:
        if wanted and case.__name__ not in wanted:
            continue
        start = time.monotonic()
        try:
            case()
            word = "ok"
        except Exception:  # a case may fail in any way; the others still run
            traceback.print_exc(file=sys.stdout)
            print_log()
            failed += 1
            word = "FAILED"
        print("%-6s %5.1f s  %s" % (word, time.monotonic() - start, case.__name__), flush=True)
    sys.exit(1 if failed else 0)
