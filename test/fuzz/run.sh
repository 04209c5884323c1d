#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
#
# run.sh FOLDER SECONDS NAME LIB...: builds fuzz_NAME.c with the sources of lib/LIB... and runs it.
#
# The project is built with gcc, which has no libFuzzer, so this is a build of its own: clang, with the fuzzer,
# AddressSanitizer and UndefinedBehaviorSanitizer, in FOLDER. Seeds are corpus/NAME with its first _ as a folder
# (policy_file: corpus/policy/file); what is found on top of them stays in FOLDER and is used by the next run.
# Exit: 0 nothing found, 77 (skipped) no clang with libFuzzer, 1 a finding, with the input kept in FOLDER.
# To replay one: FOLDER/NAME INPUT. With SECONDS 0 only the seeds are run.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../.." && pwd)
folder=$1 seconds=$2 name=$3
shift 3
libs=("$@")

clang=${CLANG:-clang}
flags=(-std=gnu11 -D_GNU_SOURCE -O1 -g -fno-omit-frame-pointer
	'-fsanitize=fuzzer,address,undefined' -fno-sanitize-recover=undefined)
program=$folder/$name
seeds=$here/corpus/${name/_//}
dict=$here/${name%%_*}.dict

skip() {
	echo "skipped: $*"
	exit 77
}

can_fuzz() {
	printf '%s\n' '#include <stddef.h>' '#include <stdint.h>' \
		'int LLVMFuzzerTestOneInput(const uint8_t *d, size_t n) { (void)d; (void)n; return 0; }' |
		"$clang" "${flags[@]}" -x c - -o "$folder/can_fuzz.$$" >"$folder/can_fuzz.log" 2>&1 || return 1
	rm -f "$folder/can_fuzz.$$"
}

# True when the program is newer than all that it is made of.
is_built() {
	[ -x "$program" ] || return 1
	local dirs=("${libs[@]/#/$top/lib/}")
	[ -z "$(find "$here" "${dirs[@]}" -maxdepth 1 -name '*.[chs]*' -newer "$program" -print -quit)" ]
}

build() {
	local sources=("$here/fuzz_$name.c") includes=("-I$top/lib" "-I$here") lib
	local cflags ldflags
	for lib in "${libs[@]}"; do
		sources+=("$top/lib/$lib"/*.c)
		includes+=("-I$top/lib/$lib")
	done
	read -ra cflags < <(pkg-config --cflags libdpdk jansson libbsd)
	read -ra ldflags < <(pkg-config --libs libdpdk jansson libbsd)
	"$clang" "${flags[@]}" -DALLOW_EXPERIMENTAL_API "${includes[@]}" "${cflags[@]}" "${sources[@]}" \
		-o "$program.$$" "${ldflags[@]}"
	mv "$program.$$" "$program"
}

mkdir -p "$folder/$name.corpus"
command -v "$clang" >/dev/null || skip "no $clang"
# Two suites may want the same program at once.
exec 9>"$folder/$name.lock"
flock 9
if ! is_built; then
	can_fuzz || skip "$clang cannot link libFuzzer, see $folder/can_fuzz.log"
	build
fi
flock -u 9

arguments=(-timeout=10 -rss_limit_mb=2048 -print_final_stats=1 -verbosity=1
	"-artifact_prefix=$folder/$name-")
[ ! -f "$dict" ] || arguments+=("-dict=$dict")
if [ "$seconds" -eq 0 ]; then
	arguments+=(-runs=0)
else
	arguments+=("-max_total_time=$seconds")
fi
# libFuzzer's own status for a finding is 77, which meson takes for "skipped": it must never come out of here.
status=0
"$program" "${arguments[@]}" "$folder/$name.corpus" "$seeds" || status=$?
[ "$status" -eq 0 ] || {
	echo "fuzz_$name: a finding (status $status); the input is in $folder/$name-*"
	exit 1
}
