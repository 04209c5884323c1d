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

# plugin_find [SHARED_OBJECT]: sets $plugin to a path that EAL accepts; by default that of the built driver.
plugin_find() {
	local so folder place
	so=$(realpath "${1:-$(dirname "${BASH_SOURCE[0]}")/../build/drivers/librte_net_eswitch.so}") || return 1
	folder=$(dirname "$so")
	while [ "$folder" != / ] && [ -z "$(find "$folder" -maxdepth 0 -perm -o+w)" ]; do
		folder=$(dirname "$folder")
	done
	plugin=$so
	[ "$folder" != / ] || return 0
	for place in "${XDG_RUNTIME_DIR-}" /run "${HOME-}"; do
		if [ -n "$place" ] && [ -w "$place" ] && plugin_copy=$(mktemp -d "$place/eswitch-XXXXXX"); then
			cp "$so" "$plugin_copy/"
			plugin=$plugin_copy/$(basename "$so")
			return 0
		fi
	done
	echo "no folder from which DPDK would load the driver" >&2
	return 1
}

plugin_drop() {
	[ -z "$plugin_copy" ] || rm -rf "$plugin_copy"
	plugin_copy=
}
