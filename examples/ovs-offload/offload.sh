#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
#
# Stock OVS-DPDK with hardware offload: flows that OVS has decided on once are switched by the e-switch from then on.
# As root, after "./run build" and "apt-get install openvswitch-switch-dpdk":
#
#	examples/ovs-offload/offload.sh
#
# The bridge, the VFs and the shell at the end are those of examples/ovs/bridge.sh. What offload takes is one setting
# before OVS starts:
#
#	ovs-vsctl set Open_vSwitch . other_config:hw-offload=true
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

if [ -z "${ESWITCH_INSIDE-}" ]; then
	ESWITCH_OVS_CONFIG=other_config:hw-offload=true exec "$here/../ovs/bridge.sh" "$here/offload.sh"
fi

vswitchd() {
	ovs-appctl -t /run/ovs/ovs.ctl "$@"
}

# How many frames OVS's threads have received themselves.
received() {
	vswitchd dpif-netdev/pmd-stats-show | awk '/packets received:/ { n += $3 } END { print n }'
}

# The offloaded flows of IPv4, without the fields that they do not match.
flows() {
	vswitchd dpctl/dump-flows -m type=dpdk | grep -F 'eth_type(0x0800)' |
		sed -E -e 's/ufid:[^ ]* //' -e 's/[a-z_]+\(0\/0\),//g' -e 's/[a-z]+=[^,()]*\/0(\.0)*,//g' \
			-e 's/,icmp\([^)]*\)//' -e 's/, dp-extra-info.*//'
}

# OVS decides on the first frame of each direction, and a thread of it makes the rule.
ip netns exec vf0 ping -c 5 -i 0.2 10.0.0.2
ip netns exec vf3 ping -c 5 -i 0.2 10.0.0.9
for _ in 1 2 3 4 5 6 7 8 9 10; do
	[ "$(flows | grep -c 'offloaded:yes, dp:dpdk')" -lt 4 ] || break
	sleep 0.5
done
before=$(received)
ip netns exec vf0 ping -q -f -c 1000 10.0.0.2
echo
echo "OVS's flows that are in the e-switch:"
flows
echo "of 2000 frames of the last ping OVS received $(($(received) - before))"
