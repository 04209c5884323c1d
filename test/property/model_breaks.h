/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * Ways to make the model wrong, one small mistake each: BREAK(id, name, what is wrong).
 * A test that compares the model with the e-switch has to notice every one of them. Included
 * several times with different meanings of BREAK, hence no guard.
 */
BREAK(MTU_TX, "mtu-tx", "a VF may send one octet more than its MTU")
BREAK(MTU_RX, "mtu-rx", "a VF gets one octet more than its MTU")
BREAK(MTU_TAG, "mtu-tag", "the outermost tag counts as part of the MTU")
BREAK(MTU_REP, "mtu-rep", "the representor's MTU is not enforced")
BREAK(MTU_OWN, "mtu-own", "the VF's own MTU holds where mtu-change is denied")
BREAK(NATIVE_IN, "native-in", "an untagged frame is dropped though the trunk has a native VLAN")
BREAK(NATIVE_OUT, "native-out", "the native VLAN's tag is not removed")
BREAK(NATIVE_LIST, "native-list", "a VF may tag with its native VLAN although it is not listed")
BREAK(PRIO_OFF, "prio-off", "the priority tag stays where vlan is off")
BREAK(ACCESS_OWN, "access-own", "an access VF may send its own VLAN's tag")
BREAK(STAG, "stag", "802.1ad puts a C-tag outside")
BREAK(QOS, "qos", "the policy's priority is not used")
BREAK(PCP, "pcp", "a priority-tagged frame loses its priority on an access VLAN")
BREAK(SVLAN, "svlan", "a trunk takes S-VLAN V for C-VLAN V")
BREAK(TRUNK_OUT, "trunk-out", "a trunk gets VLANs that are not in its list")
BREAK(HOP_IN, "hop-in", "a priority tag may hide another tag")
BREAK(HOP_OUT, "hop-out", "a VF may get a tag from behind the tag that was removed")
BREAK(FILTER, "filter", "the VF's own VLAN filter is not applied")
BREAK(SRC_MCAST, "src-mcast", "a group source passes where spoofchk is off")
BREAK(SPOOF_MACS, "spoof-macs", "addresses of macs are spoofed ones")
BREAK(SPOOF_ZERO, "spoof-zero", "the all-zero source always passes")
BREAK(SPOOF_TRUST, "spoof-trust", "an address that a VF added holds after trust has gone")
BREAK(ISOLATE, "isolate", "isolation is ignored")
BREAK(LINK_AUTO, "link-auto", "link auto does not follow the wire")
BREAK(PROMISC, "promisc", "an untrusted VF with a port behind it is promiscuous")
BREAK(MCAST_LIST, "mcast-list", "the VF's multicast list is not looked at")
BREAK(MCAST_PROMISC, "mcast-promisc", "promiscuous does not mean all multicast")
BREAK(MCAST_ALL, "mcast-all", "multicast reaches every VF")
BREAK(LEARN, "learn", "nothing is learned")
BREAK(MOVE, "move", "a learned address stays with its first sender")
BREAK(FORGET, "forget", "a new policy does not forget what was learned of the VF")
BREAK(SHARED, "shared", "an address in the macs of two VFs is a static entry of the first")
BREAK(HAIRPIN, "hairpin", "a frame to its sender's own address goes to the wire")
BREAK(TOO_BIG, "too-big", "a frame of exactly one buffer's room is too big")
