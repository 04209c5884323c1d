# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
# shellcheck shell=bash
#
# Debian packages that each command needs, and their installation. To be sourced after common.sh.

packages_build=(
	gcc libc6-dev meson ninja-build pkg-config python3 python3-pyelftools
	dpdk dpdk-dev libdpdk-dev libbsd-dev libjansson-dev libcmocka-dev
	ca-certificates procps xz-utils
)
packages_demo=(ethtool iperf3 iproute2 iputils-ping tcpdump)
packages_test=(
	clang clang-format clang-tidy cppcheck git libclang-rt-dev openvswitch-switch-dpdk
	python3-jsonschema python3-scapy
)

# Prints those of the named packages that are not installed.
missing_packages() {
	local have
	# dpkg-query fails where it does not know one of the names; it still answers for the others.
	have=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null | sed -n 's/^installed //p') || true
	printf '%s\n' "$@" | grep -vxF "$have" || true
}

as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	else
		sudo -n true 2>/dev/null || [ -t 2 ] || die "packages must be installed, and sudo asks for a password"
		sudo "$@"
	fi
}

# hold_services COMMAND...: runs it while packages may start no service (the policy layer of invoke-rc.d(8)).
hold_services() (
	local policy=/usr/sbin/policy-rc.d
	if [ ! -e "$policy" ]; then
		trap 'as_root rm -f "$policy"' EXIT
		printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
		as_root chmod 755 "$policy"
	fi
	"$@"
)

# Open vSwitch is for tests, which start their own: neither now nor with the machine, unless it was here before.
install_now() {
	local quiet=0 get=(apt-get -q -y -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3)
	# Some of the machine's package sources may be out of reach; what counts is whether the packages are found.
	as_root env DEBIAN_FRONTEND=noninteractive "${get[@]}" update || true
	[ -z "$(missing_packages openvswitch-switch)" ] || quiet=1
	hold_services as_root env DEBIAN_FRONTEND=noninteractive "${get[@]}" install --no-install-recommends "$@" || return 1
	if [ "$quiet" -eq 1 ] && [ -z "$(missing_packages openvswitch-switch)" ] && command -v systemctl >/dev/null; then
		as_root systemctl disable openvswitch-switch.service ovs-record-hostname.service || true
	fi
}

# require_packages NAME...: installs what is missing; apt is not even called when nothing is.
require_packages() {
	local missing
	command -v dpkg-query >/dev/null || die "needs Debian 12 or newer (no dpkg here)"
	mapfile -t missing < <(missing_packages "$@")
	[ "${#missing[@]}" -gt 0 ] || return 0
	if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
		die "these packages are missing, and there is neither root nor sudo to install them: ${missing[*]}"
	fi
	if [ "$(id -u)" -ne 0 ] && ! sudo -n true 2>/dev/null; then
		sudo -v || die "these packages must be installed with sudo: ${missing[*]}"
	fi
	step "install ${#missing[@]} packages" install_now "${missing[@]}" ||
		die "could not install: ${missing[*]}"
}
