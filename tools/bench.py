#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
"""The standard set: this e-switch and every peer that the machine has, in turn, round by round, in one run.

Machines are noisy, and only figures of one run compare: so each round measures everything once, and the table gives
median, least and most of the rounds. What can not be measured here is listed with the reason.

Written to build/bench/: a report (JSON) of each measurement, summary.json, report.md (the table, ready to paste) and
report.html. All are complete after each round, so that a run that is interrupted leaves what it has.
"""
import argparse
import glob
import json
import os
import signal
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
from lab import example, figures, pages, peers, sandbox  # noqa: E402
from lab.switch import TOP  # noqa: E402
import bench_ovs  # noqa: E402

PAGES = 256  # of 2 MiB: a bench and a forwarder at once
PAGES_OVS = bench_ovs.ovs.PAGES + 128
DOCUMENT = os.path.join(TOP, "doc/performance.md")
MARK_END = "<!-- to here -->"
L2FWD = "ESWITCH_L2FWD"  # to the run in the sandbox: the program, or why there is none
BURSTS = ["--arrivals", "burst:4"]
LOW_LOAD = 0.1  # of the highest rate with at most 0.5 % lost


def make_cases():
    """The standard set."""
    def why_not():
        reason = bench_ovs.missing()
        if not reason and not sandbox.inside():
            reason = "OVS runs in a sandbox only, and there can be none here"
        if not reason and pages.free() < PAGES_OVS:
            reason = "OVS needs %d free hugepages of 2 MiB, there are %d (--hugepages %d)" % (
                PAGES_OVS, pages.free(), PAGES_OVS)
        return reason
    return peers.standard(peers.OvsCase(lambda: bench_ovs.BenchOvs("vhost", False, False, rules=False), why_not))


def parse(cases):
    """The arguments, checked."""
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, help="default 3; 1 with --quick")
    parser.add_argument("--only", metavar="NAME,...", help="these cases alone")
    parser.add_argument("--list", action="store_true", help="names of the cases")
    parser.add_argument("--quick", action="store_true", help="one round of short trials, less than 3 minutes")
    parser.add_argument("--hugepages", type=int, metavar="N", help="as root: see to it that so many of 2 MiB are free")
    parser.add_argument("--stages", action="store_true", help="e-switch only: where the cycles go (./run bench stages)")
    parser.add_argument("--out", metavar="FOLDER", help="for the results; default build/bench, or its folder stages")
    parser.add_argument("--document", action="store_true", help="put the table into doc/performance.md")
    parser.add_argument("--limit", type=int, metavar="S", help="seconds after which nothing more is begun")
    args = parser.parse_args()
    if args.rounds is None:
        args.rounds = 1 if args.quick else 3
    if args.rounds < 1:
        parser.error("--rounds %d: at least 1" % args.rounds)
    args.limit = args.limit or (165 if args.quick else 570)
    args.out = os.path.abspath(args.out or os.path.join(TOP, "build/bench", "stages" if args.stages else ""))
    names = [c.name for c in cases]
    args.only = args.only.split(",") if args.only else names
    if args.stages:
        args.only = [n for n in args.only if n.startswith("e-switch") and "cores" not in n]
    for n in args.only:
        if n not in names:
            parser.error("--only %s: there are %s" % (n, ", ".join(names)))
    return args


class Run:
    """The figures so far and what is to be told of them."""

    def __init__(self, args, cases, place):
        self.args = args
        self.cases = [c for c in cases if c.name in args.only]
        self.place = place
        self.out = args.out
        self.begun = time.monotonic()
        self.measured = {}  # name of the case -> figures of each round
        self.left_out = {}  # name of the case -> reason
        self.remarks = []
        self.first = None  # report whose environment stands for all
        self.took = {}  # name of the case -> seconds of its last round
        self.rounds = 0
        self.bursts = BURSTS if BURSTS[0] in bench_help() else None
        if self.bursts is None and not args.stages:
            self.remarks.append("Bursts of 4 were not measured: this eswitch-bench has no %s." % BURSTS[0])

    def seconds(self):
        """Since the run began."""
        return time.monotonic() - self.begun

    def keep(self, name, report):
        """A report into the folder of all reports."""
        with open(os.path.join(self.out, name + ".json"), "w", encoding="utf-8") as f:
            json.dump(report, f)
        if self.first is None:
            self.first = report

    def checked(self, answer, what):
        """The report of a measurement, if it is one."""
        code, report, text = answer
        if code == 2:
            raise peers.Failed("%s: frames were wrong, so there are no figures" % what)
        if report is None or code not in (0, 3):
            said = [s for s in text.strip().splitlines() if s]
            raise peers.Failed("%s: exit code %d: %s" % (what, code, said[-1] if said else "not a word"))
        if code == 3:
            self.remark("%s: eswitch-bench calls a figure unstable (see its report)." % what)
        return report

    def remark(self, text):
        """Once."""
        if text not in self.remarks:
            self.remarks.append(text)

    def measure(self, case, number):
        """One round of one case; its figures."""
        common = ["--size", "64"] + (["--profile", "ci"] if self.args.quick else [])
        modes = ["hop"] if self.args.stages else ["throughput", "latency"] + (["hop"] if case.hop else [])
        with case.up(self.place) as bench:
            report = self.checked(bench(*modes, *common), case.name)
            self.keep("%s-%d" % (case.name, number), report)
            found = figures.of_report(report)
            rate = found.get("pdr", 0) * 1e6 * LOW_LOAD
            if self.bursts and rate >= 1 and not self.args.stages:
                report = self.checked(bench("latency", *common, *self.bursts, "--rate", "%.0f" % rate),
                                      case.name + ", bursts")
                self.keep("%s-%d-bursts" % (case.name, number), report)
                found.update(figures.of_bursts(report))
        return found

    def patiently(self, case, number):
        """As measure(): what else runs here may have the hugepages, and then only for a moment."""
        for _ in range(3):
            try:
                return self.measure(case, number)
            except peers.Failed as e:
                if "Cannot allocate memory" not in str(e):
                    raise
            time.sleep(2)
        return self.measure(case, number)

    def step(self, case, number):
        """Measure a case, or note why not; whether time is left."""
        if case.name in self.left_out:
            return
        if self.seconds() + self.took.get(case.name, 0) > self.args.limit:
            self.remark("%s: not measured in round %d, the time was up." % (case.name, number))
            return
        reason = case.missing(self.place)
        if reason:
            self.left_out[case.name] = reason
            print("  %-22s not here: %s" % (case.name, reason), flush=True)
            return
        start = time.monotonic()
        try:
            found = self.patiently(case, number)
        except (peers.Failed, RuntimeError, OSError, subprocess.SubprocessError) as e:
            # The next round may do better.
            self.remark("%s failed in round %d: %s" % (case.name, number, e))
            print("  %-22s failed: %s" % (case.name, e), flush=True)
            return
        self.took[case.name] = time.monotonic() - start
        found["round"] = number
        self.measured.setdefault(case.name, []).append(found)
        print("  %-22s %4.0f s  %s" % (case.name, self.took[case.name], brief(found)), flush=True)

    def all_rounds(self):
        """Everything, and the results written after each round."""
        for number in range(1, self.args.rounds + 1):
            print("round %d of %d" % (number, self.args.rounds), flush=True)
            for case in self.cases:
                self.step(case, number)
            self.rounds = number
            self.write()

    def text(self):
        """report.md"""
        if self.first is None:
            return ["Nothing was measured."] + ["- %s: %s" % item for item in self.left_out.items()]
        memory = "hugepages" if self.place.huge else "ordinary memory (--no-huge: TLB misses are part of the figures)"
        asked = " ".join(["./run bench"] + (["stages"] if self.args.stages else []) +
                           [a for a in sys.argv[1:] if a not in ("--stages", "--document")])
        out = [figures.heading(self.first, commit(), asked, self.rounds, memory, self.seconds())]
        if self.args.stages:
            out += figures.stage_table(self.cases, self.measured)
        out += figures.table(self.cases, self.measured)
        notes = ["%s could not be measured: %s" % item for item in self.left_out.items()] + self.remarks
        notes += sorted({w[0].upper() + w[1:] + "." for w in self.first.get("warnings", [])})
        return out + [""] + ["- " + n for n in notes]

    def write(self):
        """summary.json and report.md; both are whole at any time."""
        summary = {"rounds": self.rounds, "seconds": round(self.seconds()), "hugepages": self.place.huge,
                   "figures": self.measured, "left_out": self.left_out, "remarks": self.remarks}
        for name, text in (("summary.json", json.dumps(summary, indent=1)), ("report.md", "\n".join(self.text()))):
            path = os.path.join(self.out, name)
            with open(path + ".new", "w", encoding="utf-8") as f:
                f.write(text + "\n")
            os.rename(path + ".new", path)


def brief(found):
    """Some figures on a line."""
    parts = [("hop", "%.1f cycles"), ("pdr", "%.2f Mpps"), ("ping_p50", "ping %.3f µs")]
    return ", ".join(text % found[key] for key, text in parts if key in found)


def bench_help():
    """What eswitch-bench says of its options."""
    return subprocess.run([peers.BENCH, "--help"], capture_output=True, text=True, timeout=20, check=False).stdout


def commit():
    """What is measured, with a plus sign if there are changes that are not committed."""
    p = subprocess.run(["git", "-c", "safe.directory=*", "describe", "--always", "--dirty=+"], cwd=TOP,
                       capture_output=True, text=True, check=False)
    return p.stdout.strip() or "unknown"


def middle(rounds):
    """Number of the round that was neither the best nor the worst of a case."""
    by_rate = sorted(rounds, key=lambda r: (r.get("pdr", 0), -r.get("hop", 0)))
    return by_rate[len(by_rate) // 2]["round"]


def draw(out, measured):
    """report.html of one report for each case; a sentence about it."""
    html = os.path.join(out, "report.html")
    files = [os.path.join(out, "%s-%d.json" % (name, middle(rounds))) for name, rounds in measured.items()]
    p = subprocess.run([peers.BENCH, "report", "--html", html] + files, capture_output=True, text=True, timeout=60,
                       check=False)
    if p.returncode != 0 or not os.path.exists(html):
        return "There is no page: %s" % (p.stderr.strip().splitlines() or ["eswitch-bench report failed"])[-1]
    return "Page: " + os.path.relpath(html)


def inside(args, cases, program):
    """The run itself."""
    with tempfile.TemporaryDirectory(prefix="eswbench") as folder:
        huge = pages.free() >= PAGES
        place = peers.Place(folder, huge, sorted(os.sched_getaffinity(0))[:2], program)
        if not huge:
            print("fewer than %d free hugepages of 2 MiB: ordinary memory" % PAGES)
        run = Run(args, cases, place)
        run.all_rounds()
        print("\n" + "\n".join(run.text()) + "\n")
        if args.document:
            document(run.text(), "./run bench stages" if args.stages else "./run bench")
        if not args.stages:
            print(draw(args.out, run.measured))
        print("Table: report.md in %s; reports: *.json there" % os.path.relpath(args.out))
    return 0 if run.measured else 1


def document(lines, command):
    """The table between its marks in doc/performance.md."""
    mark = "<!-- %s --document writes from here -->" % command
    with open(DOCUMENT, encoding="utf-8") as f:
        before, rest = f.read().split(mark)
    after = rest.split(MARK_END, 1)[1]
    with open(DOCUMENT, "w", encoding="utf-8") as f:
        f.write(before + mark + "\n" + "\n".join(lines) + "\n" + MARK_END + after)


def on_signal(number, _frame):
    """Leave by way of everything that tidies up."""
    sys.exit(128 + number)


def main():
    """Outside of the sandbox: what needs the network or the whole machine. Inside: the run."""
    cases = make_cases()
    args = parse(cases)
    if args.list:
        print("\n".join("%-22s %s" % (c.name, c.title) for c in cases))
        return 0
    for s in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(s, on_signal)
    if not sandbox.inside():
        os.makedirs(args.out, exist_ok=True)
        for old in glob.glob(os.path.join(args.out, "*.json")) + glob.glob(os.path.join(args.out, "report.*")):
            os.unlink(old)
        program = example.l2fwd(os.path.join(TOP, "build/sdk")) if "l2fwd" in args.only else "not asked for"
        os.environ[L2FWD] = program
        with pages.reserve(args.hugepages or 0) as no_pages:
            if args.hugepages and no_pages:
                print(no_pages)
            print("no sandbox: %s" % sandbox.enter(args.limit + 120), flush=True)
            return inside(args, cases, program)
    sandbox.enter(0)
    return inside(args, cases, os.environ[L2FWD])


if __name__ == "__main__":
    sys.exit(main())
