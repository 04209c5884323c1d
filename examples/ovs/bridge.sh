#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
#
# Stock OVS-DPDK bridges the uplink and four VFs of a net_eswitch NIC. As root, after "./run build" and
# "apt-get install openvswitch-switch-dpdk":
#
#	examples/ovs/bridge.sh [PROGRAM ARGUMENTS]
#
# Each VF is the interface vf<n> in the namespace of the same name, 10.0.0.<n+1>; the station behind the uplink is
# "wire", 10.0.0.9. PROGRAM runs there; without one two pings do. At a terminal you then get a shell in which
# ovs-vsctl, ovs-ofctl and "ip netns exec vf0 ..." work.
# All of it, OVS too, is in namespaces of its own and is gone when the shell ends. ESWITCH_OVS_CONFIG: more settings of
# OVS, such as other_config:hw-offload=true (examples/ovs-offload).
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
vswitchd=/usr/lib/openvswitch-switch-dpdk/ovs-vswitchd-dpdk
pages=/sys/kernel/mm/hugepages/hugepages-2048kB

# Outside: the driver, hugepages (OVS's EAL options exclude --no-huge), and then this script again, inside.
if [ -z "${ESWITCH_INSIDE-}" ]; then
	[ -x "$vswitchd" ] || { echo "there is no $vswitchd: apt-get install openvswitch-switch-dpdk" >&2; exit 1; }
	. "$here/../../tools/plugin.sh"
	plugin_find "${ESWITCH_BUILD:-$here/../../build}/drivers/librte_net_eswitch.so"
	before=$(cat "$pages/nr_hugepages")
	missing=$((256 - $(cat "$pages/free_hugepages")))
	give_back() {
		[ "$missing" -le 0 ] || echo "$before" >"$pages/nr_hugepages"
		plugin_drop
	}
	trap give_back EXIT
	[ "$missing" -le 0 ] || echo $((before + missing)) >"$pages/nr_hugepages"
	ESWITCH_INSIDE=$plugin unshare --net --mount --pid --fork --kill-child --mount-proc bash "$here/bridge.sh" "$@"
	exit
fi

# Inside: a database and a folder of its own.
mount -t tmpfs tmpfs /run
mkdir -p /run/dpdk /run/netns /run/ovs
export OVS_RUNDIR=/run/ovs OVS_LOGDIR=/run/ovs OVS_DBDIR=/run/ovs
ovsdb-tool create /run/ovs/conf.db /usr/share/openvswitch/vswitch.ovsschema
ovsdb-server /run/ovs/conf.db --remote=punix:/run/ovs/db.sock --detach --no-chdir --pidfile --log-file -vconsole:off

# The NIC: a PF with four VFs and their representors, an uplink, and a TAP interface behind each VF.
read -ra settings <<<"${ESWITCH_OVS_CONFIG-}"
nic="net_eswitch_pf0,vfs=4,representor=vf[0-3],control=telemetry,uplink=net_tap9"
taps="--vdev=net_tap9,iface=wire"
for n in 0 1 2 3; do
	taps="$taps --vdev=net_tap$n,iface=vf$n"
	nic="$nic,attach=vf$n:net_tap$n"
done
ovs-vsctl --no-wait set Open_vSwitch . other_config:dpdk-init=true other_config:dpdk-socket-limit=400 \
	other_config:pmd-maxsleep=100 other_config:dpdk-extra="--no-pci -d $ESWITCH_INSIDE $taps --vdev=$nic" \
	"${settings[@]}"
"$vswitchd" unix:/run/ovs/db.sock --detach --no-chdir --pidfile=/run/ovs/ovs-vswitchd.pid \
	--unixctl="/run/ovs/ovs.ctl" --log-file=/run/ovs/ovs-vswitchd.log -vconsole:off

# The bridge: the PF is the uplink's port, a representor is its VF's.
ovs-vsctl add-br br0 -- set bridge br0 datapath_type=netdev
ovs-vsctl add-port br0 up -- set interface up type=dpdk options:dpdk-devargs=net_eswitch_pf0
for n in 0 1 2 3; do
	ovs-vsctl add-port br0 "rep$n" -- set interface "rep$n" type=dpdk \
		options:dpdk-devargs="net_eswitch_pf0,representor=vf$n"
done

# The users of the VFs.
address() {
	ip netns add "$1"
	ip link set "$1" netns "$1"
	ip -n "$1" addr add "$2" dev "$1"
	ip -n "$1" link set "$1" up
}
address wire 10.0.0.9/24
for n in 0 1 2 3; do
	address "vf$n" "10.0.0.$((n + 1))/24"
done

if [ $# -gt 0 ]; then
	"$@"
else
	ovs-vsctl show
	ip netns exec vf0 ping -c 3 -i 0.2 10.0.0.2
	ip netns exec vf3 ping -c 3 -i 0.2 10.0.0.9
	ovs-appctl -t /run/ovs/ovs.ctl dpctl/dump-flows | grep -F 'eth_type(0x0800)'
fi
[ ! -t 0 ] || bash -i
