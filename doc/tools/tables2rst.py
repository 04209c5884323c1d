#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
"""Prints the truth tables of test/tables/*.def as one page of the guide.

tables2rst.py FOLDER            writes the page to the standard output
tables2rst.py FOLDER --check F  says with its status whether F is that page
"""

import pathlib
import re
import sys

TABLES = (
    ("vlan_tx", "VLAN: what a VF sends"),
    ("vlan_rx", "VLAN: what reaches a VF"),
    ("mtu", "MTU"),
    ("address", "Addresses and trust"),
    ("veb", "VEB mode, isolation, stopped ports"),
    ("order", "Link, form, and the order of judgement"),
)
CELL = r'"([^"]*)"'
ROW = re.compile(r"^ROW\(" + r",\s*".join([CELL] * 6 + [r"(\w+)", CELL]) + r"\)$", re.M)
COLUMNS = ("Test", "Policy", "State", "From", "Frame", "Looked at", "Fate", "Tags")

HEAD = """\
..  SPDX-License-Identifier: BSD-3-Clause
    Copyright(c) 2026 eswitch contributors

..  Written by doc/tools/tables2rst.py from test/tables; edit the rows there.

Truth Tables of the E-Switch
============================

Every row is a test that runs on the e-switch and on its reference model. *Policy* is VF 0's,
behind a bar VF 1's; what is not named has its default. *State* is what holds beside it: what the VF
asked for (a word with ``!`` was refused), the wire's link, stopped ports. *Frame* lists the tags from
outside in: ``C100p3d`` is a C-tag of VLAN 100 with priority 3 and DEI set, ``S100`` an S-tag; ``l3`` counts the
octets behind the Ethernet header and all tags, ``octets`` the whole frame where it is cut short.
*Tags* are those of the frame that arrives at the endpoint looked at.
"""


def rows_of(path):
    text = path.read_text()
    rows = ROW.findall(text)
    begun = len(re.findall(r"^ROW\(", text, re.M))
    if len(rows) != begun:
        sys.exit(f"{path}: {begun} rows begin, {len(rows)} can be read")
    return rows


def literal(text):
    return f"``{text.strip()}``" if text.strip() else ""


def intro_of(path):
    """The first sentence of the file's second comment."""
    comment = re.findall(r"/\*\n(.*?)\*/", path.read_text(), re.S)[0]
    lines = [line.strip(" *\n") for line in comment.splitlines()]
    return " ".join(line for line in lines if line and not line.startswith("Form of a row"))


def table(path, title):
    yield ""
    yield title
    yield "-" * len(title)
    yield ""
    yield intro_of(path)
    yield ""
    yield ".. list-table::"
    yield "   :header-rows: 1"
    yield ""
    for n, name in enumerate(COLUMNS):
        yield ("   * - " if n == 0 else "     - ") + name
    for name, policy, state, sender, frame, at, fate, tags in rows_of(path):
        cells = [name, literal(policy), literal(state), sender, literal(frame or "untagged"), at,
                 literal(fate.lower()), "none delivered" if tags == "-" else literal(tags)]
        for n, cell in enumerate(cells):
            yield (("   * - " if n == 0 else "     - ") + cell).rstrip()


def page(folder):
    lines = []
    for name, title in TABLES:
        lines += table(folder / f"{name}.def", title)
    return HEAD + "\n".join(lines) + "\n"


def main():
    text = page(pathlib.Path(sys.argv[1]))
    if sys.argv[2:3] == ["--check"]:
        if pathlib.Path(sys.argv[3]).read_text() != text:
            sys.exit(f"{sys.argv[3]} is out of date: doc/tools/tables2rst.py test/tables > it")
    else:
        sys.stdout.write(text)


if __name__ == "__main__":
    main()
