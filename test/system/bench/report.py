#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
"""Reports of eswitch-bench: the JSON of every mode is as the schema says; pages, tables and CSV hold what it holds."""
import copy
import csv
import functools
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../tools"))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lab.cases import SKIPPED, expect, main  # noqa: E402
from lab.switch import BUILD, TOP  # noqa: E402
import results  # noqa: E402
try:
    import jsonschema
except ImportError:
    print("SKIPPED: python3-jsonschema is not installed")
    sys.exit(SKIPPED)

PROGRAM = os.path.join(BUILD, "app/eswitch-bench")
EAL = ["-l", "0", "--no-huge", "-m", "512", "--no-pci", "--no-telemetry", "--log-level=error", "--vdev=net_ring0",
       "--file-prefix", "eswreport%d" % os.getpid()]
FOLDER = tempfile.TemporaryDirectory()
SVG = "{http://www.w3.org/2000/svg}"
HTML = "{http://www.w3.org/1999/xhtml}"
# Sanitizers and a busy machine may leave a figure unstable: that is an answer too.
MEASURED = (0, 3)


def path(name):
    """A file of this test."""
    return os.path.join(FOLDER.name, name)


def run(*arguments):
    """(exit code, standard output, standard error)"""
    p = subprocess.run([PROGRAM] + list(arguments), capture_output=True, text=True, timeout=100, check=False,
                       stdin=subprocess.DEVNULL)
    return p.returncode, p.stdout, p.stderr


def modes():
    """The modes, as --help lists them, but for "all", which measured() takes."""
    _code, text, _err = run("--help")
    block = text.split("Modes:\n", 1)[1].split("\n\n", 1)[0]
    return [line.split()[0] for line in block.splitlines() if line.split()[0] != "all"]


def measure(mode):
    """The report of one mode on a ring."""
    name = path(mode + ".json")
    code, out, err = run(*EAL, "--", mode, "--tx", "0", "--rx", "0", "--profile", "ci", "--seed", "7", "--json", name)
    if code not in MEASURED:
        raise AssertionError("%s: exit code %d:\n%s%s" % (mode, code, out, err))
    with open(name, encoding="utf-8") as f:
        report = json.load(f)
    expect(mode + ": exit code in the report", report["verdict"]["exit"], code)
    return report


@functools.lru_cache(None)
def measured():
    """A report of throughput, latency and hop."""
    return measure("all")


def write(name, content):
    """A file with this text, or with this report."""
    with open(path(name), "w", encoding="utf-8") as f:
        f.write(content if isinstance(content, str) else json.dumps(content))
    return path(name)


@functools.lru_cache(None)
def validator():
    """Of the schema, which is itself valid."""
    with open(os.path.join(TOP, "app/bench/report.schema.json"), encoding="utf-8") as f:
        schema = json.load(f)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def valid(what, report):
    """The report is as the schema says."""
    errors = ["%s: %s" % (e.json_path, e.message[:200]) for e in validator().iter_errors(report)]
    expect("what the schema has against " + what, errors, [])


class Drawn:
    """What "report" made of some files, parsed."""

    def __init__(self, *files):
        names = [path("out." + kind) for kind in ("html", "md", "csv")]
        code, out, err = run("report", *files, "--html", names[0], "--markdown", names[1], "--csv", names[2])
        expect("exit code, and what was said", (code, out, err), (0, "", ""))
        texts = []
        for name in names:
            with open(name, encoding="utf-8", newline="") as f:
                texts.append(f.read())
        self.html, self.markdown, self.csv = texts
        self.tree = xml.etree.ElementTree.fromstring(self.html)
        self.rows = list(csv.DictReader(io.StringIO(self.csv)))

    def figures(self):
        """Title of each figure, and its picture."""
        return {f.find(HTML + "figcaption").text: f.find(SVG + "svg") for f in self.tree.iter(HTML + "figure")}

    def values(self, field):
        """All values of a field in the CSV."""
        return [r["value"] for r in self.rows if r["field"] == field]

    def self_contained(self):
        """Nothing in the page is run, or comes from elsewhere."""
        for e in self.tree.iter():
            name = e.tag.split("}")[1]
            if name in ("script", "link", "img", "iframe", "object", "image", "use", "a", "foreignObject"):
                raise AssertionError("the page has a <%s>" % name)
            for key in e.attrib:
                if key.startswith("on") or key.split("}")[-1] in ("href", "src"):
                    raise AssertionError("<%s> has an attribute %s" % (name, key))

    def tables(self):
        """Each Markdown table has as many cells in every row."""
        for block in re.findall(r"(?:^\|.*\n)+", self.markdown, re.M):
            counts = {len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}
            expect("numbers of bars in a row of\n" + block, len(counts), 1)


def inside(title, picture):
    """All coordinates of a picture are numbers within it."""
    width, height = [float(v) for v in picture.get("viewBox").split()[2:]]
    for e in picture.iter():
        for key, limit in (("x", width), ("y", height), ("x1", width), ("x2", width), ("y1", height), ("y2", height)):
            if key in e.attrib and not 0 <= float(e.get(key)) <= limit:
                raise AssertionError("%s: %s = %s is outside of the picture" % (title, key, e.get(key)))
        for x, y in re.findall(r"[ML](-?[\d.]+|-?nan|-?inf) (-?[\d.]+|-?nan|-?inf)", e.get("d", "")):
            if not (0 <= float(x) <= width and 0 <= float(y) <= height):
                raise AssertionError("%s: point %s %s is outside of the picture" % (title, x, y))


def check(drawn):
    """What holds for whatever was drawn."""
    drawn.self_contained()
    drawn.tables()
    for title, picture in drawn.figures().items():
        inside(title, picture)
    return drawn


def every_mode():
    """Each mode writes what the schema says, and its report is drawn."""
    for mode in modes():
        report = measure(mode)
        valid(mode, report)
        drawn = check(Drawn(path(mode + ".json")))
        expect(mode + ": kinds in the CSV", {r["kind"] for r in drawn.rows if r["kind"]},
               {r["kind"] for r in report["results"]})
        expect(mode + ": seed", drawn.values("seed"), ["7"])


def figures_of_a_measurement():
    """The pictures are there, with the values of the report."""
    report = measured()
    drawn = check(Drawn(write("ring.json", report)))
    figures = drawn.figures()
    for title in ("Throughput in frames, by frame size", "Throughput on the wire, by frame size",
                  "Latency of frames of size 64", "Cost of a hop"):
        if title not in figures:
            raise AssertionError("no figure '%s' in %s" % (title, sorted(figures)))
    names = [t.text for t in figures["Throughput in frames, by frame size"].iter(SVG + "text")]
    for name in ("64", "1518", "10G", "25G", "40G", "100G", "Mpps"):
        if name not in names:
            raise AssertionError("'%s' is not written in the throughput's picture: %s" % (name, names))
    medians = [g["pps"]["median"] for r in report["results"] if r["kind"] == "throughput" for g in r["goals"]]
    got = [float(v) for i in range(2) for v in drawn.values("goals[%d].pps.median" % i)]
    expect("medians in the CSV", sorted(got), sorted(medians))
    for median in medians:
        if "%.4g" % (median / 1e6) not in drawn.markdown:
            raise AssertionError("%.4g Mpps is not in the Markdown" % (median / 1e6))
    for warning in report["warnings"]:
        for what, text in (("page", "".join(drawn.tree.itertext())), ("CSV", drawn.csv)):
            if warning.replace('"', '""') not in text and warning not in text:
                raise AssertionError("the %s lacks the warning '%s'" % (what, warning))


def environment_is_complete():
    """What a reader must know about the machine, and sentences about what is bad there."""
    env = measured()["environment"]
    expect("CPU of lcore 0", env["lcores"], [dict(env["lcores"][0], lcore=0, main=True)])
    expect("hugepages used with --no-huge", env["hugepages"]["used"], False)
    if not re.match(r"(gcc|Clang|.*[Cc]lang) ", env["build"]["compiler"] + " "):
        raise AssertionError("compiler: " + env["build"]["compiler"])
    expect("kernel", env["kernel"], os.uname().release)
    warnings = "\n".join(measured()["warnings"])
    for words in ("no huge pages", "tester and device run on one core"):
        if words not in warnings:
            raise AssertionError("no warning '%s' in:\n%s" % (words, warnings))


def every_kind():
    """Kinds that a ring cannot give, drawn from made-up figures; the schema takes them too."""
    report = copy.deepcopy(measured())
    report["results"] += results.every_kind()
    hop = next(r for r in report["results"] if r["kind"] == "hop")
    hop.update(core_cycles=results.stats(22.0), stages=[{"name": "parse", "cycles": 2.5}, {"name": "FDB", "cycles": 5}])
    valid("all kinds", report)
    drawn = check(Drawn(write("kinds.json", report)))
    figures = drawn.figures()
    for title in ("Frame loss by share of the highest load", "Longest burst without loss", "Scaling", "Forwarding",
                  "Policy change", "B as a share of A, measured in turn"):
        if title not in figures:
            raise AssertionError("no figure '%s' in %s" % (title, sorted(figures)))
    text = "".join(drawn.tree.itertext())
    for words in ("parse", "FDB", "mirror on / policy off", "one port forwards to nobody", "1.310 [1.300 - 1.320]"):
        if words not in text:
            raise AssertionError("'%s' is not on the page" % words)
    expect("scenarios in the CSV", {r["scenario"] for r in drawn.rows}, {"", "one destination"})


def scenarios_and_comparison():
    """Scenarios one after the other, and one against another: as the schema says, and drawn."""
    eal = [a for a in EAL if not a.startswith("--vdev")]
    for name, options in (("two", ["--scenario", "policy-spoofchk"]), ("vs", ["--vs", "policy-mtu", "--reps", "5"])):
        name = path(name + ".json")
        code, out, err = run(*eal, "--", "hop", "--scenario", "vf-to-vf", *options, "--size", "64", "--profile", "ci",
                             "--hop-reps", "1", "--json", name)
        if code not in MEASURED:
            raise AssertionError("%s: exit code %d:\n%s%s" % (options, code, out, err))
        with open(name, encoding="utf-8") as f:
            valid(name, json.load(f))
    drawn = check(Drawn(path("two.json"), path("vs.json")))
    names = {t.text for picture in drawn.figures().values() for t in picture.iter(SVG + "title")}
    for words in ("two, policy-spoofchk, size 64", "vs, hop, size 64: policy-mtu / vf-to-vf"):
        if words not in names:
            raise AssertionError("no row '%s' in %s" % (words, sorted(names)))


def unknown_kinds_in_a_table():
    """A kind of a later version: its values are listed, the schema of this version refuses it."""
    report = copy.deepcopy(measured())
    report["results"].append({"kind": "weather", "size": "64", "inside": {"list": [1, {"deep": "rain"}]}})
    drawn = check(Drawn(write("weather.json", report)))
    row = [r for r in drawn.rows if r["kind"] == "weather" and r["field"] == "inside.list[1].deep"]
    expect("the value", [r["value"] for r in row], ["rain"])
    if "inside.list\\[1\\].deep | rain |" not in drawn.markdown:
        raise AssertionError("the Markdown lacks the value of the unknown kind")
    expect("valid by the schema", validator().is_valid(report), False)


def side_by_side():
    """Several reports: named by file or label, all different; what differs between them is marked."""
    other = copy.deepcopy(measured())
    other["label"] = "another ring"
    other["environment"]["kernel"] = "0.0-other"
    other["warnings"].append("only there")
    drawn = check(Drawn(write("ring.json", measured()), write("b.json", other), path("ring.json")))
    expect("labels", sorted({r["report"] for r in drawn.rows}), ["another ring", "ring", "ring (2)"])
    legend = {"".join(li.itertext()).strip() for li in drawn.tree.iter(HTML + "li")}
    for name in ("ring, NDR", "another ring, PDR", "ring (2), one in flight", "only there (another ring)"):
        if name not in legend:
            raise AssertionError("no '%s' in %s" % (name, sorted(legend)))
    kernel = os.uname().release.replace("_", "\\_")
    if "| kernel | %s | 0.0-other | %s | differs |" % (kernel, kernel) not in drawn.markdown:
        raise AssertionError("the Markdown does not say that the kernels differ")


def many_reports():
    """A dozen: no picture and no table breaks."""
    files = []
    for i in range(12):
        report = copy.deepcopy(measured())
        report["environment"]["kernel"] = "0.%d" % (i // 6)
        files.append(write("many%d.json" % i, report))
    drawn = check(Drawn(*files))
    if "| kernel | 0.0 | many6: 0.1; many7: 0.1;" not in drawn.markdown:
        raise AssertionError("the Markdown does not say which kernels differ")


def hostile_strings():
    """Whatever the strings of a report say, they stay text."""
    bad = "<script>alert(1)</script>\"'&]]>|`$[x](y)\u0001\n*"
    report = copy.deepcopy(measured())
    report.update(label=bad, tool=bad, started=bad, command=["=HYPERLINK()", bad])
    report["warnings"] = [bad, "\ufffe\ud7ff"]
    report["verdict"]["word"] = bad
    report["environment"][bad] = {bad: [bad]}
    report["config"] = {bad: bad}
    report["results"] += results.every_kind() + [{"kind": bad, bad: bad}]
    for result in report["results"]:
        for key in ("size", "load", "name", "x_name", "unit", "metric", "scenario"):
            if key in result and result[key] is not None:
                result[key] = bad
        for goal in result.get("goals", []):
            goal["name"] = goal["end"] = bad
    drawn = check(Drawn(write("hostile.json", report), write("ring.json", measured())))
    shown = "<script>alert(1)</script>\"'&]]>|`$[x](y)\ufffd *"
    expect("headings of the cards", next(drawn.tree.iter(HTML + "h3")).text, shown)
    for what, text in (("page", drawn.html), ("Markdown", drawn.markdown)):
        if "<script" in text:
            raise AssertionError("the %s has a script" % what)
    expect("a cell that begins like a formula", drawn.values("command[0]"), ["'=HYPERLINK()", PROGRAM])
    expect("what the CSV makes of it", drawn.values("tool"), [shown, "eswitch-bench"])


def refused(name, content, words):
    """Such a file is refused with one sentence that names it and these words; nothing is written."""
    name = write(name, content)
    code, out, err = run("report", name, "--html", path("none.html"))
    expect("exit code for " + name, (code, out, err.count("\n")), (1, "", 1))
    for w in (name, words):
        if w not in err:
            raise AssertionError("no '%s' in: %s" % (w, err))
    expect("files left", [f for f in os.listdir(FOLDER.name) if f.startswith("none")], [])


def changed(where, new):
    """A report in which one value is another; `where` leads to it."""
    report = copy.deepcopy(measured())
    o = report
    for key in where[:-1]:
        o = o[key]
    if new is None:
        del o[where[-1]]
    else:
        o[where[-1]] = new
    return report


def malformed_reports():
    """Whatever is not a report is refused, by file and field."""
    text = json.dumps(measured())
    refused("truncated.json", text[:len(text) // 2], "not JSON")
    refused("empty.json", "", "not JSON")
    refused("list.json", "[]", "schema: expected \"eswitch-bench/1\"")
    refused("schema.json", changed(["schema"], "eswitch-bench/2"), "schema: expected \"eswitch-bench/1\"")
    refused("noschema.json", changed(["schema"], None), "schema: expected")
    refused("twice.json", text[:-1] + ", \"seed\": 8}", "not JSON: duplicate")
    refused("warnings.json", changed(["warnings"], [1]), "warnings: expected a list of strings")
    refused("results.json", changed(["results"], {}), "results: expected a list of objects")
    refused("result.json", changed(["results", 1], 7), "results[1]: expected an object")
    refused("kind.json", changed(["results", 0, "kind"], None), "results[0].kind: expected a string")
    refused("size.json", changed(["results", 0, "size"], 64), "results[0].size: expected a string")
    refused("goals.json", changed(["results", 0, "goals", 1, "pps", "median"], "9"),
            "results[0].goals[1].pps.median: expected a number")
    refused("ci.json", changed(["results", 0, "goals", 0, "pps", "ci"], [1]),
            "results[0].goals[0].pps.ci: expected a list of two numbers")
    refused("huge.json", changed(["results", 0, "mean_pkt_len"], 1e300),
            "results[0].mean_pkt_len: expected a number from -1e18 to 1e18")
    refused("deep.json", "[" * 100000, "not JSON")
    code, _out, err = run("report", path("missing.json"))
    expect("a file that is not there", (code, "missing.json: No such file" in err), (1, True))


def command_line():
    """Help, mistakes, standard output, a place that cannot be written; all without an EAL."""
    name = write("ring.json", measured())
    code, out, err = run("report", "--help")
    expect("help", (code, err, "--markdown" in out), (0, "", True))
    for arguments, words in (([], "0 files: expected 1 to"), ([name, "--nonsense"], "--nonsense: unknown option"),
                             ([name, "--html"], "--html: value missing"),
                             ([name, "--html", "-", "--csv", "-"], "only one document"),
                             ([name, "--csv", "/nowhere/out.csv"], "--csv /nowhere/out.csv: No such file")):
        code, out, err = run("report", *arguments)
        expect("exit code of %s" % arguments, code, 1)
        if words not in err or "EAL" in err:
            raise AssertionError("%s: no '%s' in: %s" % (arguments, words, err))
    code, out, err = run("report", name, "--html", "-")
    expect("a page on standard output", (code, err, out.startswith("<!DOCTYPE html>")), (0, "", True))
    xml.etree.ElementTree.fromstring(out)
    p = subprocess.run([PROGRAM, "report", name], cwd=FOLDER.name, capture_output=True, timeout=20, check=False)
    expect("without a name", (p.returncode, os.path.exists(path("report.html"))), (0, True))


def schema_is_strict():
    """The schema refuses what is missing, what is too much and what has another type."""
    for where, new in ((["verdict"], None), (["finished"], None), (["extra"], 1), (["seed"], "7"),
                       (["environment", "extra"], 1), (["environment", "lcores"], []), (["config", "extra"], 1),
                       (["results", 0, "extra"], 1), (["results", 0, "tally"], None),
                       (["results", 0, "goals", 0, "pps", "ci"], [1]), (["results", 0, "kind"], "weather")):
        expect("valid with %s = %r" % (where, new), validator().is_valid(changed(where, new)), False)


if __name__ == "__main__":
    main([every_mode, figures_of_a_measurement, environment_is_complete, every_kind, scenarios_and_comparison,
          unknown_kinds_in_a_table, side_by_side, many_reports, hostile_strings, malformed_reports, command_line,
          schema_is_strict],
         seconds=170, needs_tap=False)
