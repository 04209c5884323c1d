#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
"""Scenarios of eswitch-bench: every file runs, wrong ones are refused or found wrong, two are compared in turn."""
import glob
import json
import os
import pty
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../tools"))
from lab.cases import expect, expect_range, main  # noqa: E402
from lab.switch import BUILD, TOP  # noqa: E402

PROGRAM = os.path.join(BUILD, "app/eswitch-bench")
EAL = ["-l", "0", "--no-huge", "-m", "256", "--no-pci", "--no-telemetry", "--log-level=error", "--file-prefix",
       "eswscen%d" % os.getpid()]
OK, USAGE, WRONG, UNSTABLE, SLOWER = 0, 1, 2, 3, 4
QUICK = ["hop", "--hop-reps", "1", "--profile", "ci", "--seed", "3"]
NEEDS_HUGEPAGES = ("peer-memif-zero-copy",)
UDP = ("udp", "five-tuple-rules")

NAME = "[scenario]\nname = test\n"
RING = "[device]\nwire0 = 1024\n"
RING_PORTS = "[traffic]\ntx = net_ring_wire0a\nrx = net_ring_wire0b\n"
NIC = "[device]\nkind = eswitch\nvfs = 2\n"
NIC_PORTS = "[traffic]\ntx = net_eswitch_vf0\nrx = net_eswitch_vf1\n"


def files():
    """Every scenario that comes with the program: name and path."""
    found = sorted(glob.glob(os.path.join(TOP, "app/bench/scenarios/*.ini")))
    return [(os.path.splitext(os.path.basename(path))[0], path) for path in found]


def bench(options, eal=tuple(EAL), seconds=100):
    """Exit code, what it said, and the report."""
    with tempfile.TemporaryDirectory() as folder:
        report = os.path.join(folder, "report.json")
        p = subprocess.run([PROGRAM] + list(eal) + ["--"] + options + ["--json", report], capture_output=True,
                           text=True, timeout=seconds, stdin=subprocess.DEVNULL, check=False)
        data = None
        if os.path.exists(report):
            with open(report, encoding="utf-8") as f:
                data = json.load(f)
    return p.returncode, p.stdout + p.stderr, data


def bench_text(text, options, **more):
    """The same for a scenario of these words."""
    with tempfile.NamedTemporaryFile("w", suffix=".ini") as f:
        f.write(text)
        f.flush()
        return bench(options + ["--scenario", f.name], **more)


def as_schema_says(report):
    """The report's form; the package that knows schemas may be missing."""
    try:
        import jsonschema  # pylint: disable=import-outside-toplevel
    except ImportError:
        print("note: python3-jsonschema is not installed, the report's form is not looked at")
        return
    with open(os.path.join(TOP, "app/bench/report.schema.json"), encoding="utf-8") as f:
        errors = jsonschema.Draft202012Validator(json.load(f)).iter_errors(report)
    expect("what the schema has against the report", [e.message for e in errors], [])


def must(code, want, said):
    """The exit code, with what was said if it is another."""
    if code != want:
        raise AssertionError("exit code %d, expected %d:\n%s" % (code, want, said))


def every_file():
    """All in one process, one after the other; each has its result in the report under its name."""
    names = [name for name, _ in files() if name not in NEEDS_HUGEPAGES]
    options = QUICK + ["--size", "128"]
    for name in names:
        options += ["--scenario", name]
    code, said, report = bench(options)
    must(code, OK, said)
    expect("scenarios with a result", [r["scenario"] for r in report["results"]], names)
    expect("scenarios in the configuration", [s["scenario"] for s in report["config"]["scenarios"]], names)
    as_schema_says(report)
    for r in report["results"]:
        if r["tally"]["received"] == 0:
            raise AssertionError("%s: nothing was received" % r["scenario"])


def list_and_plan():
    """--list and --dry-run need no EAL, and measure nothing."""
    p = subprocess.run([PROGRAM, "--list"], capture_output=True, text=True, timeout=10, check=False)
    must(p.returncode, OK, p.stderr)
    expect("listed", [line.split()[0] for line in p.stdout.splitlines()], [name for name, _ in files()])
    p = subprocess.run([PROGRAM, "--dry-run", "hop", "--size", "64,1518", "--scenario", "vf-to-vf", "--vs",
                        "peer-net-ring", "--reps", "3"], capture_output=True, text=True, timeout=10, check=False)
    must(p.returncode, OK, p.stderr)
    for words in ("vf-to-vf", "peer-net-ring", "modes hop; sizes 64 1518", "3 rounds", "about "):
        if words not in p.stdout:
            raise AssertionError("no '%s' in the plan:\n%s" % (words, p.stdout))


def names_match_files():
    """A scenario has the name of its file, for --list is where users learn what to write."""
    for name, path in files():
        with open(path, encoding="utf-8") as f:
            if "\nname = %s\n" % name not in f.read():
                raise AssertionError("%s: its name is another" % path)


def wrong_ring():
    """What the spoof flood expects does not hold on a port that checks nothing: exit code 2."""
    text = NAME + RING + RING_PORTS + "bad = spoof:10\n[expect]\n"
    code, said, _ = bench_text(text + "leaked = 0\nblocked_min = 1\n", QUICK + ["--size", "64"])
    must(code, WRONG, said)
    if "NOT AS EXPECTED: leaked is " not in said or "NOT AS EXPECTED: blocked is 0, expected at least 1" not in said:
        raise AssertionError(said)


def wrong_counter():
    """An expectation about a fate of the device, alone, makes a good run a failed one."""
    text = NAME + NIC + NIC_PORTS + "[expect]\nlost = 0\nvf0.tx_forwarded_min = 1\n"
    code, said, _ = bench_text(text, QUICK + ["--size", "64"])
    must(code, OK, said)
    code, said, report = bench_text(text + "vf0.tx_spoof_min = 1\n", QUICK + ["--size", "64"])
    must(code, WRONG, said)
    expect("warnings about it", sum("vf0.tx_spoof is 0" in w for w in report["warnings"]), 1)


def fates_count():
    """The e-switch's counter of a fate is the tester's count of the frames that met it."""
    text = NAME + NIC + NIC_PORTS + "bad = spoof:10\n[expect]\nvf0.tx_spoof = blocked\nrule_hits = 0\n"
    code, said, _ = bench_text(text, QUICK + ["--size", "64"])
    must(code, OK, said)


def rules_carry():
    """Rules carry every frame but the learning ones; without rules the expectation fails."""
    rules = "[rules]\nmatch = mac\naction = port,count\n"
    text = NAME + NIC + NIC_PORTS + "%s[expect]\nrule_hits_min = received\n"
    code, said, _ = bench_text(text % rules, QUICK + ["--size", "64"])
    must(code, OK, said)
    code, said, _ = bench_text(text % "", QUICK + ["--size", "64"])
    must(code, WRONG, said)


def malformed_files():
    """Each refused with its section, key and what is allowed, before anything is plugged."""
    for text, words in (
            ("[scenario]\ntext = x\n", "[scenario] name: missing"),
            (NAME + "colour = red\n", "[scenario] colour: no such key; there are name, text"),
            (NAME + "[colours]\nred = 1\n", "[colours] no such section; there are scenario, device"),
            (NAME + NIC + "mode = bridge\n", "[device] mode: bridge: expected veb or switchdev"),
            (NAME + NIC + "ports = 1-0\n", "[device] ports: 1-0: expected VFs as"),
            (NAME + "[device]\nkind = eswitch\n", "[device] vfs: missing"),
            (NAME + "[device]\nkind = eswitch\nvfs = 257\n", "whole number from 1 to 256"),
            (NAME + "[device]\nwire0 = 8\n", "[device] wire0: 8: expected a whole number from 64 to 32768"),
            (NAME + NIC + "[policy vf 0]\nmtu = 67\n", "[policy vf 0] mtu: "),
            (NAME + NIC + "[policy default]\ncolour = red\n", "[policy default] colour: "),
            (NAME + NIC + NIC_PORTS + "colour = red\n", "[traffic] colour: no such option"),
            (NAME + NIC + NIC_PORTS + "burst = 0\n", "[traffic] burst: --burst 0: expected a whole number"),
            (NAME + NIC + NIC_PORTS + "scenario = x\n", "[traffic] scenario: no such option"),
            (NAME + NIC + "[traffic]\nrx = x\n", "--tx is missing"),
            (NAME + RING + RING_PORTS + "[rules]\nmatch = mac\n", "[rules] match: needs [device] kind = eswitch"),
            (NAME + NIC + NIC_PORTS + "[rules]\nmatch = mac\nmirror = vf 2\n", "vf 2: there are 2 VFs"),
            (NAME + NIC + NIC_PORTS + "[rules]\nmatch = colour\n", "[rules] match: colour: expected mac, "),
            (NAME + NIC + "vfs = 3\n", "[device] vfs: said twice"),
            (NAME + NIC + NIC, "[device] section said twice"),
            (NAME + "no key\n", ".ini:3: expected [SECTION]"),
            ("colour = red\n" + NAME, ".ini:1: expected [SECTION]")):
        code, said, report = bench_text(text, QUICK)
        must(code, USAGE, said)
        if words not in said:
            raise AssertionError("no '%s' in:\n%s" % (words, said))
        expect("report of a refused file", report, None)


def refused_devices():
    """What only the device can refuse: said with the file, and nothing of it is left for the next scenario."""
    for text, words in (
            (NAME + "[device]\nvdev0 = net_nothing0\n" + RING_PORTS, "[device] vdev0: net_nothing0"),
            (NAME + "[device]\nkind = eswitch\nvfs = 40\n" + NIC_PORTS,
             "41 ports are wanted, and a DPDK process has at most 32"),
            (NAME + NIC + "extra = colour=red\n" + NIC_PORTS, "[device] kind: net_eswitch_pf0"),
            (NAME + NIC + NIC_PORTS + "[expect]\nvf0.tx_colour = 0\n", "[expect] vf0.tx_colour = 0: no such count"),
            (NAME + NIC + NIC_PORTS + "[expect]\nvf7.tx_spoof = 0\n", "[expect] vf7.tx_spoof = 0: no such port"),
            (NAME + NIC + NIC_PORTS + "[rules]\nmatch = mac-vlan\n", "needs an access VLAN, and vf 0 has none"),
            (NAME + NIC + NIC_PORTS + "[rules]\nmatch = five-tuple\n", "five-tuple needs [traffic] udp = yes")):
        with tempfile.NamedTemporaryFile("w", suffix=".ini") as f:
            f.write(text)
            f.flush()
            code, said, report = bench(QUICK + ["--size", "64", "--scenario", f.name, "--scenario", "vf-to-vf"])
        must(code, USAGE, said)
        if words not in said:
            raise AssertionError("no '%s' in:\n%s" % (words, said))
        expect("results", [r["scenario"] for r in report["results"]], ["vf-to-vf"])


def command_line_wins():
    """An option of the command line lies over the file's."""
    text = NAME + NIC + NIC_PORTS + "burst = 8\nset = 512\n"
    code, said, report = bench_text(text, QUICK + ["--size", "64", "--burst", "16"])
    must(code, OK, said)
    expect("burst and set", (report["config"]["burst"], report["config"]["set"]), (16, 512))


def same_twice():
    """A file against itself: about 1, and after 20 rounds nothing more is in memory than after two."""
    code, said, report = bench(QUICK + ["--size", "64", "--scenario", "vf-to-vf", "--vs", "vf-to-vf", "--reps", "20"])
    must(code, OK, said)
    as_schema_says(report)
    hop = [r for r in report["results"] if r["metric"] == "hop"][0]
    expect("kind", hop["kind"], "comparison")
    expect("pairs", len(hop["pairs"]), 20)
    expect_range("ratio", hop["ratio"]["median"], 0.5, 2)
    if not hop["ratio"]["ci"][0] <= 1 <= hop["ratio"]["ci"][1]:
        print("note: the interval excludes 1: %s" % hop["ratio"])
    expect("memory left behind", [w for w in report["warnings"] if "memory" in w], [])


def slower_than_allowed():
    """An e-switch is slower than a ring by far: exit code 4 with a limit, 0 without, 0 the other way."""
    pair = ["--scenario", "peer-net-ring", "--vs", "vf-to-vf"]
    code, said, report = bench(QUICK + ["--size", "64"] + pair + ["--limit", "100"])
    must(code, SLOWER, said)
    expect("names", (report["results"][0]["a"]["name"], report["results"][0]["b"]["name"]),
           ("peer-net-ring", "vf-to-vf"))
    code, said, _ = bench(QUICK + ["--size", "64", "--reps", "2"] + pair)
    must(code, OK, said)
    pair = ["--scenario", "vf-to-vf", "--vs", "peer-net-ring"]
    code, said, _ = bench(QUICK + ["--size", "64", "--reps", "2"] + pair + ["--limit", "100"])
    must(code, OK, said)


def wrong_before_slower():
    """A comparison with a wrong side is void, whatever the figures: exit code 2."""
    with tempfile.NamedTemporaryFile("w", suffix=".ini") as f:
        f.write(NAME + RING + RING_PORTS + "[expect]\nreceived = 0\n")
        f.flush()
        code, said, _ = bench(QUICK + ["--size", "64", "--reps", "2", "--scenario", f.name, "--vs", "vf-to-vf",
                                       "--limit", "0"])
    must(code, WRONG, said)


def wrong_command_lines():
    """--vs and --limit without what they need."""
    for options, words in ((["--vs", "vf-to-vf"], "--vs: needs exactly one --scenario"),
                           (["--scenario", "vf-to-vf", "--limit", "5"], "--limit: needs --vs"),
                           (["--scenario", "no-such"], "--scenario no-such: No such file")):
        code, said, _ = bench(options)
        must(code, USAGE, said)
        if words not in said:
            raise AssertionError("no '%s' in:\n%s" % (words, said))


def progress_on_terminal():
    """One redrawn line while trials run, on a terminal only."""
    command = [PROGRAM] + EAL + ["--", "--scenario", "vf-to-vf", "--size", "64"] + QUICK
    ours, theirs = pty.openpty()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=theirs, stdin=subprocess.DEVNULL) as p:
        must(p.wait(60), OK, "")
    os.close(theirs)
    drawn = os.read(ours, 65536).decode()
    os.close(ours)
    if "\rvf-to-vf: hop, size 64, trial 1, " not in drawn or not drawn.endswith("\r\033[K"):
        raise AssertionError("drawn: %r" % drawn)
    _, said, _ = bench(["--scenario", "vf-to-vf", "--size", "64"] + QUICK)
    if "\r" in said:
        raise AssertionError("progress without a terminal:\n%s" % said)


def leaves_no_folder():
    """Policy file and sockets lie in a private folder, which goes."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        p = subprocess.run([PROGRAM] + EAL + ["--", "--scenario", "policy-all", "--scenario", "peer-memif", "--size",
                                              "64"] + QUICK, capture_output=True, text=True, timeout=60,
                           env=dict(os.environ, TMPDIR=folder), check=False)
        must(p.returncode, OK, p.stdout + p.stderr)
        expect("left", os.listdir(folder), [])


if __name__ == "__main__":
    main([every_file, list_and_plan, names_match_files, wrong_ring, wrong_counter, fates_count, rules_carry,
          malformed_files, refused_devices, command_line_wins, same_twice, slower_than_allowed, wrong_before_slower,
          wrong_command_lines, progress_on_terminal, leaves_no_folder], seconds=170, needs_tap=False)
