# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
"""Telemetry inside a stock process: reading, writing where the devarg allows it, and the accounts."""
from testpmd import PF, Testpmd, equal, expect, main, policy_file, wait_for

VF0 = ["--vdev", "net_eswitch_vf0,pf=net_eswitch_pf0,vf=0"]
VF1 = ["--vdev", "net_eswitch_vf1,pf=net_eswitch_pf0,vf=1"]
REP, VF = 1, 3


def start(so, control, *more, app=()):
    return Testpmd(so, ["--vdev", f"{PF},vfs=2,representor=[0-1]{control}", *VF0, *more], app=app, telemetry=True)


def test_reading(so):
    t = start(so, "")
    equal(t.ask("/eswitch/list"), [PF], "devices")
    equal(t.ask(f"/eswitch/pf,{PF}")["vfs"], 2, "VFs")
    equal(t.ask("/eswitch/pf,0")["name"], PF, "the PF by its port")
    vf = t.ask(f"/eswitch/vf,{PF},0")
    equal([vf[key] for key in ("spoofchk", "vlan", "trust", "mtu", "link")],
          ["on", "off", "off", "1500", "auto"], "policy")
    equal(vf["mac"].upper(), t.info(VF)["MAC address"], "MAC")
    equal((vf["state"]["vf_port"], vf["state"]["representor_port"]), (VF, REP), "ports")
    expect("tx_spoof" in t.ask(f"/eswitch/stats,{PF},0"), "fates")
    for command, says in (("/eswitch/vf,net_x,0", '"net_x" is not in /eswitch/list'),
                          (f"/eswitch/vf,{PF},2", "2"), (f"/eswitch/vf,{PF}", "vf: missing"),
                          (f"/eswitch/vf,{PF},-1", "out of range"), (f"/eswitch/vf,{PF},0,1", "one too many"),
                          (f"/eswitch/stats,{PF},rep9", "9"), ("/eswitch/vf", "pf: missing")):
        answer = t.ask(command)
        expect(isinstance(answer, str) and answer.startswith("error: ") and says in answer, f"{command}: {answer}")
    equal(t.quit(), 0, "exit status")


def test_writing_needs_the_devarg(so):
    t = start(so, "")
    answer = t.ask(f"/eswitch/vf/set,{PF},0,trust=on")
    expect("control=telemetry" in answer, answer)
    equal(t.ask(f"/eswitch/vf,{PF},0")["trust"], "off", "trust")
    equal(t.quit(), 0, "exit status")


def test_every_field_reads_back(so):
    t = start(so, ",control=telemetry")
    for field, value in (("mac", "02:00:00:00:aa:01"), ("macs", "02:00:00:00:aa:02,02:00:00:00:aa:03"),
                         ("spoofchk", "off"), ("vlan", "access 100 qos 3 proto 802.1ad"), ("vlan", "trunk 10-12,20 native 10"),
                         ("vlan", "access 7"), ("vlan", "all"), ("mtu", "1280"), ("mtu-change", "allow"),
                         ("mac-change", "allow"), ("trust", "on"), ("link", "down"), ("link", "up"), ("isolate", "on")):
        answer = t.ask(f"/eswitch/vf/set,{PF},0,{field}={value}")
        expect(isinstance(answer, dict), f"{field}={value}: {answer}")
        key = field.replace("-", "_")
        text = t.ask(f"/eswitch/vf,{PF},0")[key]
        equal(text.replace(", ", ","), value, field)
        equal(answer[key], text, f"the answer of {field}")
    equal(t.info(VF)["MAC address"], "02:00:00:00:AA:01", "the VF's MAC")
    equal(t.info(REP)["MAC address"], "02:00:00:00:AA:01", "its representor's")
    equal(t.quit(), 0, "exit status")


def test_refusals_change_nothing(so):
    t = start(so, ",control=telemetry")
    before = t.ask(f"/eswitch/vf,{PF},0")
    other = t.ask(f"/eswitch/vf,{PF},1")["mac"]
    for text, says in (("mtu=67", "mtu: "), ("mtu=9001", "1500"), ("vlan=access 0", "vlan: "),
                       ("vlan=access 4095", "vlan: "), ("vlan=trunk 5-3", "vlan: "),
                       ("mac=01:00:5e:00:00:01", "mac: "), ("mac=00:00:00:00:00:00", "mac: "),
                       (f"mac={other}", "mac: "), ("trust=perhaps", "trust: "), ("link=sideways", "link: "),
                       ("colour=red", "colour"), ("mtu", "value: missing"), ("=5", "field: ")):
        answer = t.ask(f"/eswitch/vf/set,{PF},0,{text}")
        expect(isinstance(answer, str) and says in answer, f"{text}: {answer}")
    equal(t.ask(f"/eswitch/vf,{PF},0"), before, "policy and state")
    equal(t.quit(), 0, "exit status")


def test_takes_effect_while_frames_flow(so):
    """The carrier that is taken away stops a running flow, its drops are counted, and it goes on."""
    t = start(so, ",control=telemetry", app=["--no-flush-rx"])
    t.do(f"set portlist {VF}", "set fwd txonly", "start")
    wait_for(lambda: t.xstats(VF)["tx_forwarded"] > 0, "VF 0 sends")
    t.ask(f"/eswitch/vf/set,{PF},0,link=down")
    wait_for(lambda: t.info(VF)["Link status"] == "down", "link down")
    sent = t.xstats(VF)["tx_forwarded"]
    wait_for(lambda: t.xstats(VF)["tx_link_down"] > 0, "drops are counted")
    equal(t.xstats(VF)["tx_forwarded"], sent, "sent with the link down")
    t.ask(f"/eswitch/vf/set,{PF},0,link=auto")
    wait_for(lambda: t.xstats(VF)["tx_forwarded"] > sent, "and goes on")
    equal(t.ask(f"/eswitch/vf/set,{PF},0,mac=02:00:00:00:00:31")["mac"], "02:00:00:00:00:31", "MAC")
    wait_for(lambda: t.xstats(VF)["tx_spoof"] > 0, "the old address is spoofed now")
    t.do("stop")
    equal(t.quit(), 0, "exit status")


def test_operations_on_a_representor_are_policy(so):
    """What stock testpmd can do to a VF without any command of ours."""
    t = start(so, "")

    def policy():
        return t.ask(f"/eswitch/vf,{PF},0")

    t.do(f"mac_addr set {REP} 02:00:00:00:00:41")
    equal(policy()["mac"], "02:00:00:00:00:41", "MAC")
    t.do(f"tx_vlan set pvid {REP} 100 on")
    equal(policy()["vlan"], "access 100", "port VLAN")
    t.do(f"tx_vlan set pvid {REP} 100 off")
    equal(policy()["vlan"], "off", "no port VLAN")
    t.do(f"vlan set filter on {REP}", f"rx_vlan add 20 {REP}", f"rx_vlan add 21 {REP}")
    equal(policy()["vlan"], "trunk 20-21", "VLAN filter")
    t.do(f"rx_vlan rm 20 {REP}")
    equal(policy()["vlan"], "trunk 21", "VLAN filter")
    t.do(f"set link-down port {REP}")
    equal((policy()["link"], policy()["state"]["link"]), ("down", "down"), "carrier")
    t.do(f"set link-up port {REP}")
    equal(policy()["state"]["link"], "up", "carrier")
    t.do(f"port config mtu {REP} 1300")
    equal((policy()["mtu"], policy()["state"]["mtu"], policy()["state"]["representor_mtu"]), ("1500", 1300, 1300), "MTU")
    t.do(f"set promisc {REP} on", f"set allmulti {REP} on")
    equal([policy()["state"][key] for key in ("promiscuous", "allmulticast")], ["off", "off"], "modes of the VF")
    equal(t.info(REP)["Allmulticast mode"], "enabled", "mode of the representor")
    equal(t.quit(), 0, "exit status")


def test_changes_lose_nothing(so):
    """Hundreds of changes that allow what VF 0 sends, before and after: no frame of it has any other fate."""
    t = start(so, ",mode=veb,control=telemetry", *VF1, app=["--no-flush-rx"])
    t.do(f"set eth-peer {VF} {t.info(VF + 1)['MAC address']}", f"set portlist {VF}", "set fwd txonly", "start")
    wait_for(lambda: t.xstats(VF)["tx_forwarded"] > 0, "VF 0 sends")
    for i in range(60):
        for text in (f"mtu={1400 + i}", f"macs=02:00:00:00:01:{i:02x}", f"trust={'on' if i % 2 else 'off'}",
                     f"isolate={'on' if i % 2 else 'off'}", f"link={'up' if i % 2 else 'auto'}"):
            answer = t.ask(f"/eswitch/vf/set,{PF},0,{text}")
            expect(isinstance(answer, dict), answer)
            t.ask(f"/eswitch/vf/set,{PF},1,trust={'on' if i % 2 else 'off'}")
    t.do("stop")
    vf0, vf1 = t.xstats(VF), t.xstats(VF + 1)
    equal(fates(vf0, "tx"), vf0["tx_forwarded"], "what VF 0 sent")
    equal(vf1["rx_delivered"] + vf1["rx_full"], vf0["tx_forwarded"], "what VF 1 was offered")
    equal(t.quit(), 0, "exit status")


def fates(stats, side):
    known = {"tx": ("forwarded", "link_down", "runt", "malformed", "offload", "mtu", "src_mcast", "spoof", "vlan",
                    "no_dest", "no_buffer"),
             "rx": ("delivered", "stopped", "link_down", "isolated", "vlan", "mtu", "filtered", "too_big", "full",
                    "no_buffer")}
    return sum(stats[f"{side}_{name}"] for name in known[side])


def test_accounts_balance(so):
    """
    By telemetry alone: what testpmd handed to VF 0 is the sum of its tx fates, what VF 0 forwarded is the sum of what
    its only possible receivers did with it.
    """
    with policy_file("[default]\nspoofchk = off\n[vf 1]\nlink = auto\n") as policy:
        t = start(so, f",mode=veb,policy={policy}", *VF1, app=["--no-flush-rx"])
    peer = t.info(VF + 1)["MAC address"]
    t.do(f"set eth-peer {VF} {peer}", f"set portlist {VF},{VF + 1}", "set fwd mac")
    t.do(f"set portlist {VF}", f"set eth-peer {VF} {peer}", "set txpkts 64", "set fwd txonly", "start")
    wait_for(lambda: t.ask(f"/eswitch/stats,{PF},0")["tx_forwarded"] > 1000, "VF 0 sends")
    text = t.do("stop")
    total = int(text.split("Accumulated forward statistics")[1].split("TX-packets: ")[1].split()[0])
    vf0, vf1 = t.ask(f"/eswitch/stats,{PF},0"), t.ask(f"/eswitch/stats,{PF},1")
    wire, pf = t.ask(f"/eswitch/stats,{PF},wire"), t.ask(f"/eswitch/stats,{PF},pf")
    equal(fates(vf0, "tx"), total, "what VF 0 sent")
    equal(fates(vf1, "rx") + fates(wire, "rx") + fates(pf, "rx"), vf0["tx_forwarded"], "what came of it")
    equal(t.quit(), 0, "exit status")


if __name__ == "__main__":
    main(globals())
