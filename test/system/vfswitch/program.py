#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
"""vfswitch as a program: its exit codes, its words when something is wrong, its output, how it ends."""
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../tools"))
from lab.cases import expect, main  # noqa: E402
from lab.switch import BUILD, PF  # noqa: E402

PROGRAM = os.path.join(BUILD, "app/vfswitch")
EAL = ["-l", "0", "--no-huge", "-m", "256", "--no-pci", "--no-telemetry", "--file-prefix",
       "eswprog%d" % os.getpid()]
DEVICE = ["--vdev", PF + ",vfs=2,representor=vf[0-1]"]


def vfswitch(options, eal=tuple(DEVICE), seconds=20):
    """(exit code, standard output, standard error)"""
    p = subprocess.run([PROGRAM] + EAL + list(eal) + ["--"] + list(options), capture_output=True, text=True,
                       timeout=seconds, stdin=subprocess.DEVNULL, check=False)
    return p.returncode, p.stdout, p.stderr


def refused(options, code, words, eal=tuple(DEVICE)):
    """The program ends with `code` and says `words`."""
    got, _out, err = vfswitch(options, eal)
    expect("exit code of %s" % options, got, code)
    if words not in err:
        raise AssertionError("%s: no '%s' in:\n%s" % (options, words, err))


def start(options, eal=tuple(DEVICE), stdout=subprocess.PIPE):
    """The program, running."""
    p = subprocess.Popen([PROGRAM] + EAL + list(eal) + ["--"] + list(options), stdout=stdout,
                         stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True)
    for line in p.stderr:
        if "switching" in line:
            return p
    raise AssertionError("vfswitch did not start: exit code %s" % p.wait())


def help_without_eal():
    """--help needs no device and no EAL."""
    p = subprocess.run([PROGRAM, "--help"], capture_output=True, text=True, timeout=10, check=False)
    expect("exit code", p.returncode, 0)
    for word in ("--policy", "--pf", "--age", "Exit codes"):
        if word not in p.stdout:
            raise AssertionError("--help does not say " + word)


def wrong_command_lines():
    """Each with the option, the value, the range; exit code 2."""
    refused(["--age", "5"], 2, "--age: 5 is out of range 10 to 1000000")
    refused(["--nonsense"], 2, "--nonsense: no such option")
    p = subprocess.run([PROGRAM, "--no-such-eal-option"], capture_output=True, text=True, timeout=10, check=False)
    expect("exit code for EAL's part", p.returncode, 2)


def wrong_devices():
    """No PF, not that PF, several PFs, no representors; exit code 3."""
    refused([], 3, "no PF with an e-switch here", [])
    refused(["--pf", "net_eswitch_pf7"], 3, "no PF 'net_eswitch_pf7'; there is net_eswitch_pf0")
    two = DEVICE + ["--vdev", "net_eswitch_pf1,vfs=1,representor=vf0"]
    refused([], 3, "--pf: needed, for there are several: ", two)
    refused([], 3, "no representors; ask for them with representor=vf[0-1]", ["--vdev", PF + ",vfs=2"])


def wrong_policies():
    """File, line and field are named; exit code 4; a VF that does not exist; a file that does not."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "policy.ini")
        for text, words in (("[vf 0]\nmtu = 67\n", "policy.ini:2"), ("[vf 2]\nmtu = 1500\n", "policy.ini"),
                            ("[vf 0]\nvlan = sideways\n", "vlan"), ("[vf 0]\ncolour = red\n", "colour")):
            with open(path, "w", encoding="utf-8") as f:
                f.write(text)
            refused(["--policy", path], 4, words)
        refused(["--policy", os.path.join(folder, "nothing.ini")], 4, "nothing.ini")


def too_little_memory():
    """The sentence says what to do; exit code 1."""
    refused(["--mbufs", "4194304"], 1, "--mbufs")


def ends_on_signals():
    """SIGINT and SIGTERM, early and late: exit code 0, and every report is whole."""
    for s in (signal.SIGINT, signal.SIGTERM):
        for wait in (0, 0.7):
            p = start(["--json", "--interval", "0.2"])
            time.sleep(wait)
            p.send_signal(s)
            out, _ = p.communicate(timeout=10)
            expect("exit code", p.returncode, 0)
            reports = [json.loads(line) for line in out.splitlines()]
            expect("ports in the last report", len(reports[-1]["ports"]), 3)


def ends_by_itself():
    """--duration, and a reader of its output that goes away."""
    begin = time.monotonic()
    code, out, _ = vfswitch(["--duration", "1.5", "--interval", "0.5"])
    expect("exit code", code, 0)
    if not 1.4 < time.monotonic() - begin < 10:
        raise AssertionError("--duration 1.5 took %.1f s" % (time.monotonic() - begin))
    pattern = r"^\d+\.\d (uplink|vf \d) (up|down).* tx \d+ pkt/s \d+ bit/s rx \d+ pkt/s \d+ bit/s"
    for line in out.splitlines():
        if not re.match(pattern, line):
            raise AssertionError("not a report line: " + line)
    expect("lines", len(out.splitlines()) % 3, 0)
    p = start(["--interval", "0.1"])
    p.stdout.close()
    expect("exit code with nobody reading", p.wait(10), 0)


def several_workers():
    """Ports are spread over two lcores."""
    eal = DEVICE + ["--lcores", "0@0,1@0"]
    p = subprocess.run([PROGRAM] + EAL[2:] + eal + ["--", "--duration", "1", "--idle", "100"],
                       capture_output=True, text=True, timeout=30, check=False)
    expect("exit code", p.returncode, 0)
    if "switching 2 VFs on 2 lcores" not in p.stderr:
        raise AssertionError(p.stderr)


def many_vfs():
    """256 VFs, as many representors as DPDK has ports left for; the others are said to be cut off."""
    eal = ["--vdev", PF + ",vfs=256,representor=vf[0-29]"]
    code, out, err = vfswitch(["--duration", "0.5", "--interval", "0.3", "--json", "--rxd", "64", "--txd", "64"], eal)
    expect("exit code", code, 0)
    expect("ports in a report", len(json.loads(out.splitlines()[-1])["ports"]), 257)
    if "30 of 256 VFs have a representor" not in err:
        raise AssertionError(err)


def control_example():
    """examples/control changes a field and reads it back; a refusal names field, value and range."""
    command = [os.path.join(BUILD, "examples/eswitch-control")] + EAL + DEVICE + ["--", "1"]
    p = subprocess.run(command + ["vlan", "access 100 qos 3"], capture_output=True, text=True, timeout=20, check=False)
    expect("exit code", p.returncode, 0)
    expect("VFs with that policy", p.stdout.count("vlan = access 100 qos 3\n"), 1)
    p = subprocess.run(command + ["mtu", "67"], capture_output=True, text=True, timeout=20, check=False)
    expect("exit code of a refusal", p.returncode, 1)
    if "vf 1: mtu: 67 is out of range" not in p.stderr:
        raise AssertionError(p.stderr)


if __name__ == "__main__":
    main([help_without_eal, wrong_command_lines, wrong_devices, wrong_policies, too_little_memory,
          ends_on_signals, ends_by_itself, several_workers, many_vfs,
          control_example], needs_tap=False)
