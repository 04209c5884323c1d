# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
# shellcheck shell=bash
#
# The build folders: build (what users run), build-asan (sanitizers), build-clang (a second compiler's opinion, and the
# compile commands for clang-tidy) and build-stages ("./run bench stages"). To be sourced after common.sh and packages.sh.

# What a build folder was set up for: when it differs, meson is asked again. Parts that appear are not noticed by
# meson itself, nor is an upgrade of DPDK below the same path.
fingerprint() {
	dpkg-query -W -f '${Package} ${Version}\n' libdpdk-dev meson 2>/dev/null
	(cd "$top" && find . -path './build*' -prune -o -name meson.build -print | sort)
}

# setup_folder FOLDER [OPTION...]: meson setup where needed.
setup_folder() {
	local dir=$1 now_is
	shift
	now_is=$(fingerprint; printf '%s\n' "$@")
	if [ -f "$dir/build.ninja" ] && [ "$(cat "$dir/.fingerprint" 2>/dev/null)" = "$now_is" ]; then
		echo "set up already"
		return 0
	fi
	# Not --wipe: that would take build/sdk and build/logs along.
	rm -rf "$dir/meson-private" "$dir/meson-info" "$dir/build.ninja"
	meson setup "$dir" "$top" -Dheaders="$build/sdk/include" "$@" || return 1
	printf '%s\n' "$now_is" >"$dir/.fingerprint"
}

compile_folder() {
	local dir=$1
	shift
	setup_folder "$dir" "$@" && ninja -C "$dir" -j "$jobs"
}

build_main() {
	require_packages "${packages_build[@]}"
	step "driver headers" "$top/tools/headers.sh" || die "no driver headers, see above"
	step "build" compile_folder "$build" || return 1
}

build_asan() {
	step "build with sanitizers" compile_folder "$top/build-asan" \
		-Db_sanitize=address,undefined -Db_lundef=false -Dbuildtype=debugoptimized -Ddebug=true
}

build_clang() {
	CC=clang step "build with clang" compile_folder "$top/build-clang"
}

# The fast path reads the time between its stages: slower, and only for "./run bench stages".
build_stages() {
	step "driver headers" "$top/tools/headers.sh" || die "no driver headers, see above"
	step "build for profiling" compile_folder "$top/build-stages" -Dstages=true -Dtests=false
}
