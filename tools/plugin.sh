# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
# shellcheck shell=bash
#
# Where stock programs can load the driver from. To be sourced:
#
#	plugin_find; dpdk-testpmd -d "$plugin" ...; plugin_drop
#
# EAL refuses a driver below a folder that everyone may write to, such as /tmp, where a clone may well be. Then the
# driver is copied to a private folder, which plugin_drop removes again.

plugin=
plugin_copy=

# Whether nobody else may write to the folder or to one above it.
plugin_safe() {
	local folder=$1
	while [ "$folder" != / ]; do
		[ -z "$(find "$folder" -maxdepth 0 -perm -o+w)" ] || return 1
		folder=$(dirname "$folder")
	done
}

# plugin_find [SHARED_OBJECT]: sets $plugin to a path that EAL accepts; by default that of the built driver.
plugin_find() {
	local so place
	so=$(realpath -e "${1:-$(dirname "${BASH_SOURCE[0]}")/../build/drivers/librte_net_eswitch.so}") || return 1
	plugin=$so
	! plugin_safe "$(dirname "$so")" || return 0
	# /run comes last: it is often mounted so that nothing in it can be executed.
	for place in "${HOME-}" "${XDG_RUNTIME_DIR-}" /opt /run; do
		[ -d "$place" ] && [ -w "$place" ] && plugin_safe "$(realpath "$place")" || continue
		plugin_copy=$(mktemp -d "$place/.eswitch-XXXXXX") || continue
		cp "$so" "$plugin_copy/"
		plugin=$plugin_copy/$(basename "$so")
		return 0
	done
	echo "no folder from which DPDK would load the driver" >&2
	return 1
}

plugin_drop() {
	[ -z "$plugin_copy" ] || rm -rf "$plugin_copy"
	plugin_copy=
}
