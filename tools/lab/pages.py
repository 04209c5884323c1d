# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
"""Hugepages of 2 MiB, reserved for as long as something needs them, and then given back."""
import contextlib
import os
import subprocess

NR = "/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages"
FREE = "/sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages"


def read_number(path):
    """The number that a file of sysfs holds."""
    with open(path, encoding="ascii") as f:
        return int(f.read())


def free():
    """How many are free now."""
    return read_number(FREE) if os.path.exists(FREE) else 0


def write_pages(number):
    """Ask the kernel for so many hugepages; whether we may."""
    command = ["sh", "-c", "echo %d >%s" % (number, NR)]
    if os.getuid() != 0:
        command = ["sudo", "-n"] + command
    with contextlib.suppress(OSError):
        return subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, check=False).returncode == 0
    return False


@contextlib.contextmanager
def reserve(number):
    """So many free hugepages, as long as it lasts; "" or the reason why there are not."""
    if not os.path.exists(NR):
        yield "the kernel has no hugepages of 2 MiB"
        return
    wanted = max(0, number - free())
    before = read_number(NR)
    if wanted > 0 and not write_pages(before + wanted):
        yield "%d hugepages of 2 MiB are missing, and only root may reserve them" % wanted
        return
    # The kernel gives as many as it finds. Others may reserve and return some meanwhile: ours are taken off again.
    given = max(0, read_number(NR) - before) if wanted > 0 else 0
    try:
        there = free()
        yield "" if there >= number else "of %d hugepages only %d are to be had" % (number, there)
    finally:
        if given > 0:
            write_pages(max(0, read_number(NR) - given))
