# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
"""Secondary processes: they attach, send, receive, are killed, and others take over."""
import random
import re
import subprocess
import time

from testpmd import PF, HugeDir, Testpmd, equal, expect, main, unique, wait_for

VDEVS = ["--vdev", f"{PF},vfs=2,representor=vf0", "--vdev", "net_eswitch_vf0,pf=net_eswitch_pf0,vf=0"]
# Every port has two queues each way: number 0 is the primary's, 1 the secondary's.
APP = ["--rxq=2", "--txq=2", "--num-procs=2", "--port-topology=chained", "--no-flush-rx"]
REP, VF = 1, 2


def primary(so, huge):
    t = Testpmd(so, VDEVS, app=[*APP, "--proc-id=0", "--total-num-mbufs=16384"],
                memory=("--huge-dir", huge, "-m", "128", "--proc-type=primary"))
    return t


def secondary(so, huge, t):
    return Testpmd(so, [], app=[*APP, "--proc-id=1", "--total-num-mbufs=16384"], prefix=t.prefix, lcores="(2-3)@1",
                   memory=("--huge-dir", huge, "--proc-type=secondary"))


def sends(t, port=VF):
    """tx_forwarded grows."""
    before = t.xstats(port)["tx_forwarded"]
    wait_for(lambda: t.xstats(port)["tx_forwarded"] > before, "traffic goes on")


def balanced(t, killed):
    """
    What VF 0 sent is accounted for at the representor, but for the burst that each victim had in its hands: its frames
    are counted where they were sent and not yet where they went.
    """
    vf, rep = t.xstats(VF), t.xstats(REP)
    got = sum(n for name, n in rep.items() if re.match(r"rep_rx_(delivered|stopped|full|no_buffer|too_big|link_down)$",
                                                     name))
    expect(0 <= vf["tx_forwarded"] - got <= 32 * killed, f"{got} at the representor, {vf['tx_forwarded']} sent")


def test_secondary_sees_all(so):
    with HugeDir() as huge:
        t = primary(so, huge)
        s = secondary(so, huge, t)
        equal(s.ports(), t.ports(), "ports")
        equal(s.info(VF)["MAC address"], t.info(VF)["MAC address"], "MAC")
        out = subprocess.run(["dpdk-proc-info", "--no-pci", "--file-prefix", t.prefix, "-d", so, "--", "--xstats", "-p", "0x4"],
                             capture_output=True, text=True, timeout=30, check=False).stdout
        expect("tx_spoof: 0" in out, out)
        equal(s.quit(), 0, "exit status of the secondary")
        expect(t.up(), "the primary lives")
        equal(t.info(VF)["Link status"], "up", "link")
        equal(t.quit(), 0, "exit status")


def events(t, port):
    """How many link events of the port testpmd told since it began; it tells them between commands."""
    t.do(f"show port {port} xstats")
    return len(re.findall(rf"Port {port}: link state change event", t.output))


def test_each_process_is_told_of_a_link(so):
    with HugeDir() as huge:
        t = primary(so, huge)
        s = secondary(so, huge, t)
        time.sleep(0.3)
        before = {(p, port): events(p, port) for p in (t, s) for port in (REP, VF)}
        t.do(f"set link-down port {REP}")  # the VF's carrier, so both ports'
        for (p, port), n in before.items():
            wait_for(lambda p=p, port=port, n=n: events(p, port) == n + 1, f"port {port} in {'primary' if p is t else 'secondary'}")
        equal(s.quit(), 0, "exit status of the secondary")
        equal(t.quit(), 0, "exit status")


def test_killed_at_any_moment(so):
    """Secondaries die while they send and receive; the primary's traffic and the accounts go on."""
    rng = random.Random(1)
    with HugeDir() as huge:
        t = primary(so, huge)
        t.do("set fwd txonly", f"set portlist {VF}", "start")
        for _ in range(5):
            s = secondary(so, huge, t)
            s.do("set fwd io", f"set portlist {REP},{VF}", "start tx_first")
            sends(t)
            time.sleep(rng.uniform(0, 0.05))
            s.kill()
            sends(t)
        # and one that takes over what the last one left
        s = secondary(so, huge, t)
        s.do("set fwd rxonly", f"set portlist {REP}", "start")
        sends(t)
        s.do("stop")
        equal(s.quit(), 0, "exit status of the secondary")
        t.do("stop")
        balanced(t, 5)
        t.do("port stop all", "port start all")
        equal(t.quit(), 0, "exit status")


if __name__ == "__main__":
    main(globals())
