# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
"""Stock OVS-DPDK with a database and a folder of its own, bridging a PF's uplink and its representors.

OVS adds --in-memory to DPDK's arguments, which excludes --no-huge: hugepages are reserved here, and the number is put
back. All else is in the sandbox (tools/lab/sandbox.py), which nothing survives.
"""
import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../tools"))
from lab import cases, pages, sandbox  # noqa: E402
from lab.sandbox import die_with_parent  # noqa: E402
from lab.switch import BUILD, PF, Netns  # noqa: E402
from lab.telemetry import Telemetry  # noqa: E402

VSWITCHD = "/usr/lib/openvswitch-switch-dpdk/ovs-vswitchd-dpdk"
SCHEMA = "/usr/share/openvswitch/vswitch.ovsschema"
PROGRAMS = ["ovsdb-tool", "ovsdb-server", "ovs-vsctl", "ovs-appctl", "ovs-ofctl"]
RUN = "/run/openvswitch"  # private: see sandbox.py
PREFIX = "eswovs"
BRIDGE = "br0"
PAGES = 320  # of 2 MiB; OVS makes each pool half as large until it fits


def hugepages():
    """As many free hugepages as OVS needs, as long as it lasts; "" or the reason why there are not."""
    return pages.reserve(PAGES)


def missing():
    """Why OVS can not run here, or ""."""
    if not os.path.exists(VSWITCHD):
        return "Debian's package openvswitch-switch-dpdk is not installed: there is no " + VSWITCHD
    for name in PROGRAMS:
        if shutil.which(name) is None:
            return "there is no " + name
    return ""


def main(functions, seconds=58):
    """As lab.cases.main, with the hugepages, and skipped where OVS is not possible."""
    if sandbox.inside():
        cases.main(functions, seconds)
    reason = missing()
    with hugepages() as no_pages:
        reason = reason or no_pages
        if not reason:
            cases.main(functions, seconds)
    print("SKIPPED: OVS-DPDK can not run here: %s" % reason)
    sys.exit(cases.SKIPPED)


def command(*argv, check=True, seconds=20):
    """A program's output."""
    p = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                       text=True, timeout=seconds, check=False, env=ENV)
    if check and p.returncode != 0:
        raise RuntimeError("%s: exit code %d: %s" % (" ".join(argv), p.returncode, p.stdout.strip()))
    return p.stdout.strip()


ENV = dict(os.environ, OVS_RUNDIR=RUN, OVS_LOGDIR=RUN, OVS_DBDIR=RUN, OVS_SYSCONFDIR=RUN,
           PATH=os.environ["PATH"] + ":/usr/sbin:/sbin")


def until(what, get, want, seconds=7):
    """Wait for what OVS does in its own time: links and statistics every 5 s."""
    end = time.monotonic() + seconds
    while get() != want and time.monotonic() < end:
        time.sleep(0.2)
    cases.expect(what, get(), want)


def plugin():
    """The driver where EAL loads it from: not below a folder that everyone may write to (tools/plugin.sh)."""
    so = os.path.join(BUILD, "drivers/librte_net_eswitch.so")
    folder = os.path.dirname(os.path.realpath(so))
    while folder != "/":
        if os.stat(folder).st_mode & 0o002:
            private = os.path.join(RUN, "librte_net_eswitch.so")
            shutil.copy(so, private)
            return private
        folder = os.path.dirname(folder)
    return so


class Flow:  # pylint: disable=too-few-public-methods
    """A flow of the datapath: a line of dpctl/dump-flows -m."""

    def __init__(self, line):
        head, _, self.actions = line.partition(", actions:")
        self.actions = self.actions.split(", dp-extra-info:")[0]
        self.match, _, rest = head.partition(", packets:")
        numbers = re.match(r"(\d+), bytes:(\d+)", rest)
        self.packets, self.bytes = (int(n) for n in numbers.groups())
        self.used = "used:never" not in rest
        self.in_port = re.search(r"in_port\(([^)]+)\)", self.match).group(1)
        found = re.search(r"offloaded:(\w+)", rest), re.search(r"dp:(\w+)", rest)
        # "yes dpdk", "partial ovs", "no ovs"
        self.where = " ".join(f.group(1) if f else "no" for f in found)

    def __repr__(self):
        return "%s packets=%d %s -> %s" % (self.where, self.packets, re.sub(r"\w+\(0/0\),", "", self.match),
                                           self.actions)


class Ovs:
    """ovsdb-server, ovs-vswitchd, and a bridge of the PF's uplink ("up") and representors ("rep0" ...).

    Each VF has a TAP interface "vf<n>" in a namespace of its own, ns[n]; ns["wire"] is behind the uplink.
    """

    def __init__(self, n_vfs=4, reps=None, devargs=",control=telemetry", policy=None, config=(), ports=True):
        shutil.rmtree(RUN, ignore_errors=True)  # the last case's, kept for its log
        os.makedirs(RUN)
        self.n_vfs = n_vfs
        self.reps = list(range(n_vfs)) if reps is None else reps
        self.log = os.path.join(RUN, "ovs-vswitchd.log")
        self.ns = {}
        self.daemon = self.telemetry = None
        self.vdevs = ["net_tap_up,iface=wire"] + ["net_tap%d,iface=vf%d" % (v, v) for v in range(n_vfs)]
        attach = "".join(",attach=vf%d:net_tap%d" % (v, v) for v in range(n_vfs))
        if policy is not None:
            path = os.path.join(RUN, "policy.ini")
            with open(path, "w", encoding="utf-8") as f:
                f.write(policy)
            devargs += ",policy=" + path
        self.vdevs.append("%s,vfs=%d,representor=vf[%s],uplink=net_tap_up%s%s" % (
            PF, n_vfs, ",".join(str(r) for r in self.reps), attach, devargs))
        self.database = self._start_database()
        try:
            extra = "--no-pci --file-prefix=%s -d %s %s" % (
                PREFIX, plugin(), " ".join("--vdev=" + v for v in self.vdevs))
            self.vsctl("init", wait=False)
            self.vsctl("set", "Open_vSwitch", ".", "other_config:dpdk-init=true",
                       "other_config:dpdk-lcore-mask=0x1", "other_config:pmd-cpu-mask=0x2",
                       # Gentle to a machine of two cores: the PMD thread sleeps when there is nothing to do.
                       "other_config:pmd-maxsleep=100", "other_config:dpdk-socket-limit=%d" % (2 * PAGES),
                       'other_config:dpdk-extra="%s"' % extra, *config, wait=False)
            self.start()
            self.bridge(ports)
        except BaseException:
            self.remove()
            raise

    def _start_database(self):
        db = os.path.join(RUN, "conf.db")
        with contextlib.suppress(FileNotFoundError):
            os.unlink(db)
        command("ovsdb-tool", "create", db, SCHEMA)
        with open(os.path.join(RUN, "ovsdb-server.log"), "w", encoding="utf-8") as log:
            p = subprocess.Popen(["ovsdb-server", db, "--remote=punix:%s/db.sock" % RUN, "-vconsole:warn"], env=ENV,
                                 stdin=subprocess.DEVNULL, stdout=log, stderr=log, preexec_fn=die_with_parent)
        for _ in range(100):
            if os.path.exists(RUN + "/db.sock"):
                return p
            time.sleep(0.05)
        p.kill()
        raise RuntimeError("ovsdb-server did not come up")

    def start(self):
        """ovs-vswitchd, and the namespaces of its TAP interfaces."""
        open(self.log, "w", encoding="utf-8").close()
        with open(self.log, "a", encoding="utf-8") as log:
            self.daemon = subprocess.Popen(
                [VSWITCHD, "unix:%s/db.sock" % RUN, "-vconsole:info", "--unixctl=%s/ovs.ctl" % RUN], env=ENV,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, preexec_fn=die_with_parent)
        end = time.monotonic() + 20
        # The database says dpdk_initialized also of the daemon before.
        while "DPDK Enabled - initialized" not in self.log_text():
            if self.daemon.poll() is not None or time.monotonic() > end:
                raise RuntimeError("ovs-vswitchd did not come up")
            time.sleep(0.1)
        # Any change: ovs-vsctl returns when the daemon has done all that the database asks for.
        self.vsctl("set", "Open_vSwitch", ".", "external_ids:daemon=%d" % self.daemon.pid)
        self.telemetry = Telemetry(PREFIX)
        self.hand_out()

    def hand_out(self):
        """Each TAP interface to its namespace."""
        for vf in range(self.n_vfs):
            self.ns[vf] = Netns("vf%d" % vf, "vf%d" % vf)
            self.ns[vf].address("10.0.0.%d/24" % (vf + 1))
        self.ns["wire"] = Netns("wire", "wire")
        self.ns["wire"].address("10.0.0.9/24")

    def bridge(self, ports=True):
        """The bridge, with or without all ports."""
        self.vsctl("add-br", BRIDGE, "--", "set", "bridge", BRIDGE, "datapath_type=netdev")
        if not ports:
            return
        self.add("up", PF)
        for vf in self.reps:
            self.add("rep%d" % vf, "%s,representor=vf%d" % (PF, vf))

    def add(self, name, devargs, *settings):
        """A port; an error if OVS could not open it."""
        self.vsctl("add-port", BRIDGE, name, "--", "set", "interface", name, "type=dpdk",
                   'options:dpdk-devargs="%s"' % devargs, *settings)
        error = self.interface(name, "error")
        if error != "[]":
            raise RuntimeError("port %s: %s" % (name, error))

    def vsctl(self, *args, wait=True):
        """ovs-vsctl; waits until ovs-vswitchd has done it."""
        return command("ovs-vsctl", "--db=unix:%s/db.sock" % RUN, "--timeout=15",
                       *(() if wait else ("--no-wait",)), *args)

    def appctl(self, *args):
        """ovs-appctl to ovs-vswitchd."""
        return command("ovs-appctl", "--target=%s/ovs.ctl" % RUN, "--timeout=10", *args)

    def ofctl(self, what, *args):
        """ovs-ofctl WHAT <bridge> ARGUMENTS"""
        return command("ovs-ofctl", what, "unix:%s/%s.mgmt" % (RUN, BRIDGE), *args)

    def flows(self, *words, kind=None):
        """The datapath's flows whose match has all these words; kind: "dpdk", "ovs", "partially-offloaded"."""
        text = self.appctl("dpctl/dump-flows", "-m", *(("type=" + kind,) if kind else ()))
        found = [Flow(line) for line in text.splitlines() if line.startswith("ufid:")]
        return [f for f in found if all(w in f.match for w in words)]

    def rules(self):
        """How many flow rules the e-switch has, by OVS's names of the ports that made them."""
        answer = self.ask("flows")
        found = {"rep" + vf: n for vf, n in answer["representors"].items()}
        if answer["pf"] > 0:
            found["up"] = answer["pf"]
        cases.expect("rules of VFs", answer["vfs"], {})
        cases.expect("rules in total", answer["total"], sum(found.values()))
        return found

    def received(self):
        """Frames that the PMD threads have received so far."""
        text = self.appctl("dpif-netdev/pmd-stats-show")
        return sum(int(n) for n in re.findall(r"packets received: (\d+)", text))

    def interface(self, name, column):
        """A column of an interface, as text; "status:mtu" is one key of it."""
        return self.vsctl("get", "interface", name, column).strip('"')

    def statistics(self, name):
        """The statistics of an interface."""
        text = self.interface(name, "statistics")
        return {k: int(v) for k, v in re.findall(r'"?(\w+)"?=(\d+)', text)}

    def ports(self, name):
        """What the datapath has counted of a port just now: "rx pkts=5, ..., tx pkts=..." in one line."""
        return " ".join(" ".join(self.ofctl("dump-ports", name).splitlines()[1:]).split())

    def mac(self, vf):
        """The VF's address."""
        return self.ask("vf", vf)["mac"]

    def ask(self, question, *args):
        """ask("stats", 1) is /eswitch/stats,<pf>,1"""
        return self.telemetry.ask(",".join(["/eswitch/" + question, PF] + [str(a) for a in args]))

    def log_text(self):
        """What ovs-vswitchd and DPDK have said so far."""
        with open(self.log, encoding="utf-8", errors="replace") as f:
            return f.read()

    def complaints(self):
        """Its lines of warning level and above, but for those that this machine is to blame for."""
        # DPDK and net_tap of a kernel without qdiscs, and of a program without secondaries, which OVS is; OVS of a
        # kernel without its module; EAL of a vdev probed again; "timeval" and "ovs_rcu": a machine that is slow
        # because others use it, or because hugepages are being cleared. A port that goes has its rules removed all at
        # once, before its flows ask for it one by one: "ufid" (netdev_offload_dpdk_flow_del() of OVS 3.1).
        harmless = ("|dpdk|ERR|EAL: ", "|dpdk|WARN|EAL: ", "TELEMETRY: ", "qdisc", "tap_nl_dump_ext_ack",
                    "tap_mp_req_on_rxtx", "rte flow support", "system datapaths", "terminating with signal",
                    "|timeval|WARN|", "|timeval(", "|ovs_rcu|WARN|", "|ovs_rcu(",
                    "is not associated with an rte flow")
        return [line for line in self.log_text().splitlines()
                if re.search(r"\|(WARN|ERR|EMER)\|", line) and not any(h in line for h in harmless)]

    def stop(self, how=signal.SIGTERM):
        """End ovs-vswitchd by a signal or "exit"; its exit code. SIGTERM it raises again when it has tidied up."""
        if self.telemetry is not None:
            self.telemetry.close()
            self.telemetry = None
        if how == "exit":
            self.appctl("exit", "--cleanup")
        else:
            self.daemon.send_signal(how)
        code = self.daemon.wait(10)
        for ns in self.ns.values():
            ns.remove()
        self.ns = {}
        return code

    def remove(self):
        """Whatever happened before: no process and no namespace is left."""
        for p in (self.daemon, self.database):
            if p is not None:
                if p.poll() is None:
                    p.kill()
                p.wait()
        for ns in self.ns.values():
            ns.remove()


@contextlib.contextmanager
def ovs(*args, make=Ovs, **more):
    """An Ovs (or what else `make` makes) that is removed in the end; what it said last is printed if the case fails."""
    o = None
    try:
        o = make(*args, **more)
        yield o
        if o.daemon.poll() is None:
            cases.expect("ovs-vswitchd, end by SIGTERM", o.stop(), -signal.SIGTERM)
    except BaseException:
        if os.path.exists(RUN + "/ovs-vswitchd.log"):
            with open(RUN + "/ovs-vswitchd.log", encoding="utf-8", errors="replace") as f:
                print("".join("  log: " + line for line in f.readlines()[-25:]), end="")
        raise
    finally:
        if o is not None:
            o.remove()
