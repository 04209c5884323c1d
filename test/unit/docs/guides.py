#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
"""The guides name what the code has: fates with their sentences, device arguments, options, drop reasons, no more and no less."""
import os
import re
import sys

TOP = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../.."))


def read(path):
    """A file of the source tree."""
    with open(os.path.join(TOP, path), encoding="utf-8") as f:
        return f.read()


def rst_table(text, heading, columns):
    """Rows, of two cells each, of the first list-table that has this heading."""
    table = text[text.index("   * - %s\n     - %s\n" % (heading, columns)):]
    rows = []
    for line in table.splitlines():
        if line.startswith("   * - "):
            rows.append([line[7:].strip().strip("`")])
        elif line.startswith("     - "):
            rows[-1].append(line[7:].strip())
        elif line and not line.startswith(" "):
            break
    return {name: meaning for name, meaning in rows[1:]}


def rst_terms(text):
    """Names of the definition list entries that are literals: "``vfs=N``"."""
    return set(re.findall(r"^``-{0,2}([a-z-]+)[^`]*``", text, re.M)) | \
        set(re.findall(r"^``[^`]*``, ``-{0,2}([a-z-]+)[^`]*``", text, re.M))


def same(what, code, guide):
    """Both sides have the same."""
    if code == guide:
        return True
    for name in sorted(set(code) | set(guide)):
        one = code[name] if isinstance(code, dict) and name in code else name in code
        other = guide[name] if isinstance(guide, dict) and name in guide else name in guide
        if one != other:
            print("%s %s: code %r, guide %r" % (what, name, one, other))
    return False


def fates():
    """lib/eswitch/fate.c against the table "Fate"."""
    code = dict(re.findall(r'\[ESW_[A-Z_]+\] = \{\s*"(\w+)",\s*"([^"]+)"\s*\}', read("lib/eswitch/fate.c")))
    listed = re.findall(r"^\tESW_([TR]X_[A-Z_]+),", read("lib/eswitch/fate.h"), re.M)
    if sorted(code) != sorted(name.lower() for name in listed) or not code:
        print("fate.c and fate.h do not list the same fates, or could not be read")
        return False
    return same("fate", code, rst_table(read("doc/guides/nics/eswitch.rst"), "Fate", "Meaning"))


def devargs():
    """The two tables of keys in drivers/net/eswitch/devargs.c against the guide."""
    source = read("drivers/net/eswitch/devargs.c")
    guide = read("doc/guides/nics/eswitch.rst")
    good = True
    for table, heading, end in (("pf_keys", "Device arguments of a PF", "Device arguments of a VF"),
                                ("vf_keys", "Device arguments of a VF", "\nPolicy\n---")):
        code = set(re.findall(r'\{ "(\w+)", arg_', re.search(table + r"\[\] = \{(.*?)\};", source, re.S)[1]))
        part = guide[guide.index(heading):]
        good = same(heading, code, rst_terms(part[:part.index(end)])) and bool(code) and good
    return good


def options():
    """The long options of vfswitch against its guide and its --help."""
    source = read("app/vfswitch/args.c")
    code = set(re.findall(r'\{ "([a-z-]+)", (?:required|no)_argument', source))
    guide = read("doc/guides/vfswitch.rst")
    part = guide[guide.index("\nReference\n"):guide.index("\nExit codes\n")]
    text = set(re.findall(r'"  --([a-z-]+)', source)) | {"txd"}
    return same("option", code, rst_terms(part)) and same("option in --help", code, text) and bool(code)


def reasons():
    """The bridge's own drops against the guide of vfswitch."""
    code = set(re.findall(r'= "(sw_\w+)"', read("app/vfswitch/bridge.c")))
    return same("reason", code, set(rst_table(read("doc/guides/vfswitch.rst"), "Reason", "Meaning"))) and bool(code)


def policy_fields():
    """The fields of lib/policy against the guide."""
    code = {f.lower().replace("_", "-") for f in re.findall(r"^\tESW_F_(\w+),", read("lib/policy/policy.h"), re.M)}
    guide = read("doc/guides/nics/eswitch.rst")
    part = guide[guide.index("   * - Field\n"):guide.index("The first value is the default")]
    return same("field", code, set(re.findall(r"^   \* - ``([a-z-]+)``", part, re.M))) and bool(code)


def flow_rules():
    """Items and actions of the driver's tables against features/eswitch.ini and the guide's tables."""
    ini = read("doc/guides/nics/features/eswitch.ini")
    guide = read("doc/guides/nics/eswitch.rst")
    good = True
    for kind, heading, columns in (("item", "Item", "What can be matched of it"), ("action", "Action", "Notes")):
        source = read("drivers/net/eswitch/flow_%s_table.c" % kind)
        code = {name.lower() for name in re.findall(r"^\t\[RTE_FLOW_%s_TYPE_(\w+)\] =" % kind.upper(), source, re.M)}
        listed = re.findall(r"^(\w+) += [YP]$", ini[ini.index("[rte_flow %ss]" % kind):].split("\n\n", maxsplit=1)[0], re.M)
        table = {name.lower() for row in rst_table(guide, heading, columns) for name in re.findall(r"[A-Z][A-Z0-9_]{2,}", row)}
        good = same(kind + " in eswitch.ini", code - {"indirect"}, set(listed)) and good  # DPDK's list has no "indirect"
        good = same(kind, code, table) and bool(code) and good
    return good


if __name__ == "__main__":
    results = {check.__name__: check() for check in (fates, devargs, options, reasons, policy_fields, flow_rules)}
    for name, good in results.items():
        print("%-6s %s" % ("ok" if good else "FAILED", name))
    sys.exit(0 if all(results.values()) else 1)
