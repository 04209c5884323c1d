# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
"""A PF with VFs under vfswitch, each VF's TAP interface in a network namespace of its own."""
import json
import os
import shutil
import signal
import subprocess
import time

from . import frames
from .sandbox import die_with_parent
from .telemetry import Telemetry, runtime_dir
from .vlanif import VlanShim

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.environ.get("ESWITCH_BUILD", os.path.join(TOP, "build"))
PF = "net_eswitch_pf0"
LOG = "/run/vfswitch.log"  # private: see sandbox.py


def run(command, check=True, seconds=30):
    """A shell command; its output."""
    p = subprocess.run(command, shell=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                       stderr=subprocess.STDOUT, text=True, timeout=seconds, check=False)
    if check and p.returncode != 0:
        raise RuntimeError("%s: exit code %d: %s" % (command, p.returncode, p.stdout.strip()))
    return p.stdout


def forget(prefix):
    """Remove what an ended DPDK program with this --file-prefix leaves in its runtime folder."""
    shutil.rmtree(os.path.join(runtime_dir(), prefix), ignore_errors=True)


class Netns:
    """A network namespace with one interface that was moved into it; name None: the sandbox's own, not moved."""

    def __init__(self, name, interface):
        self.name = name
        self.interface = interface
        self.shims = []
        if name is not None:
            run("ip netns add %s" % name)
        # Neighbour discovery of IPv6 would come between the frames that a test counts.
        self.run("echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6; "
                 "echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6", check=False)
        if name is not None:
            run("ip link set %s netns %s" % (interface, name))
        self.run("ip link set lo up; ip link set %s up" % interface)

    def run(self, command, check=True, seconds=30):
        """A shell command inside; its output."""
        if self.name is None:
            return run(command, check, seconds)
        return run("ip netns exec %s sh -c '%s'" % (self.name, command), check, seconds)

    def popen(self, *argv):
        """A process inside, that goes when this one goes."""
        prefix = () if self.name is None else ("ip", "netns", "exec", self.name)
        return subprocess.Popen(prefix + argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, text=True, preexec_fn=die_with_parent)

    def address(self, cidr, interface=None):
        """Give the interface an IPv4 address."""
        self.run("ip addr add %s dev %s" % (cidr, interface or self.interface))

    def vlan(self, vid, cidr):
        """A VLAN sub-interface with an address; where the kernel has none, a TAP interface that does the same."""
        name = "%s.%d" % (self.interface, vid)
        out = self.run("ip link add link %s name %s type vlan id %d" % (self.interface, name, vid),
                       check=False)
        if out:
            self.shims.append(VlanShim(self.name, self.interface, name, vid))
            self.run("ip link set %s address %s" % (name, self.link()["address"]))
        self.run("ip link set %s up" % name)
        self.address(cidr, name)

    def link(self):
        """What "ip -j link show" says of the interface, as a dict."""
        return json.loads(self.run("ip -j link show %s" % self.interface))[0]

    def ping(self, to, count=3, size=56, options="", seconds=1):
        """(replies, average round trip in ms or None)"""
        out = self.run("ping -n -q -i 0.2 -W %d -c %d -s %d %s %s" % (seconds, count, size, options, to),
                       check=False)
        got = [int(w.split()[0]) for w in out.split(",") if w.strip().endswith("received")]
        rtt = [line.split("=")[1].split("/")[1] for line in out.splitlines() if line.startswith("rtt")]
        return (got[0] if got else 0), (float(rtt[0]) if rtt else None)

    def iperf(self, server, address, seconds=2, reverse=False):
        """TCP throughput in bit/s from here to `server`, a Netns that has `address`; reverse: to here."""
        p = server.popen("iperf3", "-s", "-1", "-B", address)
        try:
            for _ in range(50):
                if ":5201 " in server.run("ss -Hltn"):
                    break
                time.sleep(0.1)
            out = self.run("iperf3 -J -c %s -t %d %s" % (address, seconds, "-R" if reverse else ""),
                           check=False, seconds=seconds + 20)
        finally:
            p.terminate()
            p.communicate()
        result = json.loads(out)
        if "error" in result:
            raise RuntimeError("iperf3: " + result["error"])
        return result["end"]["sum_received"]["bits_per_second"]

    def remove(self):
        """Give the name back; the interface has gone with the switch."""
        for shim in self.shims:
            shim.close()
        if self.name is not None:
            run("ip netns del %s" % self.name, check=False)

    def port(self, promiscuous=False):
        """A raw socket on the interface."""
        return frames.Port(self.name, self.interface, promiscuous)


class Switch:
    """vfswitch with a PF of n VFs; taps: VF indices that get a TAP interface "vf<n>"."""

    def __init__(self, n_vfs, policy=None, taps=(), uplink=False, devargs="", vdevs=(), attach=None,
                 options=(), lcores="0", workdir="/run"):
        self.n_vfs = n_vfs
        self.prefix = "esw%d" % os.getpid()
        self.log = os.path.join(workdir, "vfswitch.log")
        self.out = os.path.join(workdir, "vfswitch.out")
        self.ns = {}
        self.telemetry = None
        attach = dict(attach or {})
        vdevs = list(vdevs)
        for vf in taps:
            vdevs.append("net_tap%d,iface=vf%d" % (vf, vf))
            attach[vf] = "net_tap%d" % vf
        if uplink:
            vdevs.append("net_tap_up,iface=wire")
            devargs += ",uplink=net_tap_up"
        for vf, port in attach.items():
            devargs += ",attach=vf%d:%s" % (vf, port)
        vdevs.append("%s,vfs=%d,representor=vf[0-%d]%s" % (PF, n_vfs, n_vfs - 1, devargs))
        command = [os.path.join(BUILD, "app/vfswitch"), "-l", lcores, "--no-huge", "-m", "512",
                   "--no-pci", "--file-prefix", self.prefix]
        for v in vdevs:
            command += ["--vdev", v]
        command += ["--", "--idle", "20", "--json"] + list(options)
        if policy is not None:
            path = os.path.join(workdir, "policy.ini")
            with open(path, "w", encoding="utf-8") as f:
                f.write(policy)
            command += ["--policy", path]
        with open(self.log, "w", encoding="utf-8") as log, open(self.out, "w", encoding="utf-8") as out:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=log,
                                            preexec_fn=die_with_parent)
        try:
            self._wait()
            self.telemetry = Telemetry(self.prefix)
            for vf in taps:
                self.ns[vf] = Netns("vf%d" % vf, "vf%d" % vf)
            if uplink:
                # Not moved: net_tap asks for the link in its own namespace and would say "down" for ever.
                self.ns["wire"] = Netns(None, "wire")
        except BaseException:
            self.remove()
            raise

    def _wait(self):
        for _ in range(150):
            if "switching" in self.log_text():
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        raise RuntimeError("vfswitch did not come up:\n" + self.log_text()[-3000:])

    def log_text(self):
        """What vfswitch and DPDK have said so far."""
        with open(self.log, encoding="utf-8", errors="replace") as f:
            return f.read()

    def reports(self):
        """The JSON reports so far."""
        with open(self.out, encoding="utf-8") as f:
            return [json.loads(line) for line in f if line.endswith("\n")]

    def ask(self, command, *args):
        """ask("stats", 1) is /eswitch/stats,<pf>,1"""
        return self.telemetry.ask(",".join(["/eswitch/" + command, PF] + [str(a) for a in args]))

    def counters(self, port):
        """Counters of a VF index, "pf" or "wire"."""
        return self.ask("stats", port)

    def mac(self, vf):
        """The VF's address."""
        return self.ask("vf", vf)["mac"]

    def settle(self, port, seconds=2.0):
        """Counters of the port once they stand still: frames in flight have arrived."""
        before = self.counters(port)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            time.sleep(0.1)
            now = self.counters(port)
            if now == before:
                break
            before = now
        return before

    def stop(self):
        """End it by SIGINT, as an operator would; its exit code. A failure if it does not end."""
        if self.telemetry is not None:
            self.telemetry.close()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        try:
            return self.process.wait(10)
        except subprocess.TimeoutExpired:
            raise RuntimeError("vfswitch did not stop within 10 s of SIGINT") from None

    def remove(self):
        """Whatever happened before: no process and no namespace is left."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for ns in self.ns.values():
            ns.remove()
        forget(self.prefix)
