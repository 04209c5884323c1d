#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
#
# Fills build/sdk/include with the driver headers of the installed DPDK release.
#
# Debian packages DPDK without the headers that drivers are built with, but has them in its source package. That is
# fetched with apt itself, so its signatures are checked, from the machine's own package sources: they are copied to
# a private folder as "deb-src" entries, for source packages are seldom enabled. Nothing in /etc is touched and no
# privilege is needed. Nothing is fetched where the headers of the installed version are there already.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

sdk=$build/sdk
apt=$sdk/apt
headers=(
	lib/ethdev/ethdev_driver.h
	lib/ethdev/ethdev_vdev.h
	lib/ethdev/ethdev_pci.h
	lib/eal/include/dev_driver.h
	lib/eal/include/bus_driver.h
	drivers/bus/vdev/bus_vdev_driver.h
	drivers/bus/pci/bus_pci_driver.h
)

# The machine's package sources with every "deb" turned into "deb-src", in both forms that apt reads.
source_entries() {
	local f
	for f in /etc/apt/sources.list.d/*.sources; do
		[ -r "$f" ] || continue
		sed -E 's/^[Tt]ypes:.*/Types: deb-src/' "$f" >"$apt/parts/$(basename "$f")"
	done
	for f in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
		[ -r "$f" ] || continue
		sed -nE 's/^[[:space:]]*deb([[:space:]])/deb-src\1/p' "$f" >"$apt/parts/$(basename "$f" .list).list"
	done
}

# apt with private sources, lists and cache.
private() {
	local tool=$1
	shift
	"$tool" -q \
		-o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts="$apt/parts" \
		-o Dir::State::Lists="$apt/lists" -o Dir::Cache="$apt/cache" \
		-o APT::Sandbox::User="$(id -un)" "$@"
}

# The version to fetch: the installed one, else (a point release removes its predecessor from the archive) the newest
# of the same DPDK release, whose driver headers are the same by DPDK's rules for stable releases.
choose() {
	local installed=$1 release candidates
	release=$(sed -E 's/^([0-9]+:)?([0-9]+\.[0-9]+).*/\2/' <<<"$installed")
	candidates=$(private apt-cache showsrc --only-source "$package" | sed -n 's/^Version: //p' | sort -Vu)
	if grep -qxF "$installed" <<<"$candidates"; then
		echo "$installed"
	else
		grep -E "^([0-9]+:)?${release//./\\.}([.~+-]|\$)" <<<"$candidates" | tail -n 1
	fi
}

read -r package installed < <(dpkg-query -W -f '${source:Package} ${source:Version}\n' libdpdk-dev)
stamp=$sdk/version
if [ "$(cat "$stamp" 2>/dev/null)" = "$installed" ]; then
	echo "driver headers of $package $installed are there"
	exit 0
fi

rm -rf "$sdk"
mkdir -p "$apt/parts" "$apt/lists/partial" "$apt/cache/archives/partial" "$sdk/include" "$sdk/source"
source_entries
# A package source without source packages only makes apt complain; what counts is whether DPDK's is found.
private apt-get update || echo "(some package sources could not be read)"
version=$(choose "$installed")
[ -n "$version" ] || die "the source package $package $installed is in none of this machine's package sources;" \
	"upgrade the dpdk packages, or build with meson setup -Dheaders=DIR"
[ "$version" = "$installed" ] || echo "source of $installed is gone, taking $version"
(cd "$sdk/source" && private apt-get source --download-only "$package=$version")

tarball=$(find "$sdk/source" -name '*.orig.tar.*' ! -name '*.asc' | head -n 1)
[ -n "$tarball" ] || die "no source archive in the source package $package $version"
tar -xf "$tarball" -C "$sdk/source" --strip-components=1 --wildcards "${headers[@]/#/*/}"
for h in "${headers[@]}"; do
	install -m 644 "$sdk/source/$h" "$sdk/include/"
done
rm -rf "$apt" "$sdk/source"
echo "$installed" >"$stamp"
