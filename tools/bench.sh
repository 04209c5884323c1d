#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
#
# What a hop costs here and over DPDK's own virtual ports, in one run, in turn: machines are noisy, only figures of
# one run compare. Reports (JSON) land in build/bench/. Takes about a minute. With "ovs": see bench_ovs.py.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
cd "$top"

if [ "${1-}" = ovs ]; then
	shift
	exec tools/bench_ovs.py "$@"
fi
bench=build/app/eswitch-bench
out=build/bench
rounds=${ROUNDS:-3}
mkdir -p "$out"
[ -x "$bench" ] || die "no $bench: ./run build first"

# Hugepages where there are any that are free, else ordinary memory; the report says which.
free_huge=$(awk '/HugePages_Free/ { print $2 }' /proc/meminfo)
if [ "${free_huge:-0}" -ge 512 ]; then
	memory=(--in-memory -m 768)
else
	memory=(--no-huge -m 768)
fi
eal=("${memory[@]}" --no-pci -l 0 --log-level=error --file-prefix "bench$$")

cat > "$out/access.ini" <<'INI'
[default]
vlan = access 100
trust = on
INI

# A PF with $1 VFs in mode $2, policy file, and a port for each VF.
device() {
	local i
	echo "--vdev=net_eswitch_pf0,vfs=$1,mode=$2,policy=$out/access.ini"
	for ((i = 0; i < $1; i++)); do
		echo "--vdev=net_eswitch_vf$i,pf=net_eswitch_pf0,vf=$i"
	done
}

# name, then the arguments of eswitch-bench: one line with the median, minimum and maximum of cycles a packet.
hop() {
	local name=$1 json
	shift
	json="$out/$name.json"
	if ! "$bench" "${eal[@]}" "$@" --json "$json" > "$out/$name.log" 2>&1; then
		printf '  %-44s failed, see %s\n' "$name" "$out/$name.log"
		return 0
	fi
	awk -v n="$name" '/tx_burst \+ rx_burst/ { printf "  %-44s %7s %s %s %s\n", n, $(NF - 3), $(NF - 2), $(NF - 1), $NF }' \
		"$out/$name.log"
}

mapfile -t veb8 < <(device 8 veb)
echo "TSC cycles a packet for tx_burst + rx_burst, one core, 64-byte frames, burst 32: median [min - max]"
for ((r = 1; r <= rounds; r++)); do
	echo " round $r"
	hop net_ring --vdev=net_ring0 -- hop --tx 0 --rx 0 --size 64
	hop veb-8vfs-64macs "${veb8[@]}" -- hop --tx net_eswitch_vf0 --rx 'net_eswitch_vf[0-7]' --size 64 --macs 64
	hop veb-one-destination "${veb8[@]}" -- hop --tx net_eswitch_vf0 --rx net_eswitch_vf1 --size 64
	hop veb-8vfs-64macs-copied "${veb8[@]}" -- hop --tx net_eswitch_vf0 --rx 'net_eswitch_vf[0-7]' --size 64 --macs 64 --pools separate
	hop net_memif --vdev=net_memif0,role=server,id=0,socket=@bench$$,socket-abstract=yes \
		--vdev=net_memif1,role=client,id=0,socket=@bench$$,socket-abstract=yes -- hop --tx net_memif1 --rx net_memif0 --size 64
done
echo "Reports: $out/*.json"
