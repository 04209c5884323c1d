#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
"""Writes the C file that makes drivers visible to dpdk-pmdinfo.py.

A driver's RTE_PMD_REGISTER_* macros leave strings in its object file, under agreed symbol names:

    this_pmd_name*                 the driver's name
    __<name>_param_string_export   its devargs
    __<name>_kmod_dep_export       the kernel modules it needs
    __<name>_pci_tbl_export        the name of the symbol that holds its table of PCI ids

dpdk-pmdinfo.py does not look for these: it wants one JSON string per driver, "PMD_INFO_STRING= {...}", in the read-only
data of the finished shared object. This program reads the one from object files and writes the other as C.

usage: pmdinfo.py OUTPUT.c OBJECT...
"""

import json
import struct
import sys

from elftools.elf.elffile import ELFFile

# struct rte_pci_id: class, vendor, device, subsystem vendor, subsystem device; a zero vendor ends the table.
PCI_ID = "IHHHH"


def symbols(elf):
    """Maps the names of the defined data symbols of an object file to their bytes."""
    table = elf.get_section_by_name(".symtab")
    found = {}
    if table is None:
        return found
    for symbol in table.iter_symbols():
        if symbol["st_info"]["type"] != "STT_OBJECT" or not isinstance(symbol["st_shndx"], int):
            continue
        section = elf.get_section(symbol["st_shndx"])
        if section["sh_type"] == "SHT_NOBITS":
            continue
        start = symbol["st_value"]
        found[symbol.name] = section.data()[start:start + symbol["st_size"]]
    return found


def text(data):
    """The C string at the start of some bytes."""
    return data.split(b"\0", 1)[0].decode("ascii")


def pci_ids(data, order):
    """A table of PCI ids as lists [vendor, device, subsystem vendor, subsystem device]."""
    size = struct.calcsize(order + PCI_ID)
    ids = []
    for offset in range(0, len(data) - size + 1, size):
        _, *fields = struct.unpack_from(order + PCI_ID, data, offset)
        if fields[0] == 0:
            break
        ids.append(fields)
    return ids


def drivers(path):
    """The drivers that one object file registers, as what dpdk-pmdinfo.py expects."""
    with open(path, "rb") as file:
        elf = ELFFile(file)
        order = "<" if elf.little_endian else ">"
        found = symbols(elf)
    result = []
    for symbol in sorted(s for s in found if s.startswith("this_pmd_name")):
        name = text(found[symbol])
        driver = {"name": name, "params": None, "kmod": None, "pci_ids": []}
        for key, tag in (("params", "param_string_export"), ("kmod", "kmod_dep_export")):
            if f"__{name}_{tag}" in found:
                driver[key] = text(found[f"__{name}_{tag}"])
        if f"__{name}_pci_tbl_export" in found:
            table = text(found[f"__{name}_pci_tbl_export"])
            if table not in found:
                sys.exit(f"{path}: driver {name}: no PCI table '{table}' in this object file")
            driver["pci_ids"] = pci_ids(found[table], order)
        result.append(driver)
    return result


def main():
    """Reads the objects named on the command line, writes the C file."""
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    lines = ["/* Made by tools/pmdinfo.py. */"]
    for path in sys.argv[2:]:
        for driver in drivers(path):
            # A JSON string is a C string too once quoted again: both escape with a backslash.
            value = json.dumps("PMD_INFO_STRING= " + json.dumps(driver))
            lines.append(f"static const char {driver['name']}_pmd_info[] __attribute__((used)) =\n\t{value};")
    with open(sys.argv[1], "w", encoding="ascii") as output:
        output.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
