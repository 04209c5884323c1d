#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
#
# run.sh FOLDER SECONDS NAME PART...: builds fuzz_NAME.c with the sources of PART... (lib/policy ...) and runs it.
#
# The project is built with gcc, which has no libFuzzer, so this is a build of its own: clang, with the fuzzer,
# AddressSanitizer and UndefinedBehaviorSanitizer, in FOLDER. HEADERS is the folder of DPDK's driver headers. Seeds are corpus/NAME with its first _ as a folder
# (policy_file: corpus/policy/file); what is found on top of them stays in FOLDER and is used by the next run.
# Exit: 0 nothing found, 77 (skipped) no clang with libFuzzer, 1 a finding, with the input kept in FOLDER.
# To replay one: FOLDER/NAME INPUT. With SECONDS 0 only the seeds are run.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../.." && pwd)
folder=$1 seconds=$2 name=$3
shift 3
parts=("$@")

clang=${CLANG:-clang}
# Not alignment: DPDK's checksum reads 16-bit words wherever they lie, and frames lie at odd addresses, too.
flags=(-std=gnu11 -D_GNU_SOURCE -O1 -g -fno-omit-frame-pointer
	'-fsanitize=fuzzer,address,undefined' -fno-sanitize=alignment -fno-sanitize-recover=undefined)
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

# compile SOURCE OBJECT: unless the object is newer than the source and all headers.
compile() {
	local isa=()
	[ ! -f "$2" ] || [ "$1" -nt "$2" ] || [ "$newest_header" -nt "$2" ] || return 0
	case $1 in
	*_avx2.c) isa=(-mavx2 -mbmi2) ;;
	*_avx512.c) isa=(-mavx2 -mbmi2 -mavx512f -mavx512vl -mavx512bw) ;;
	esac
	"$clang" "${flags[@]}" "${defines[@]}" "${includes[@]}" "${isa[@]}" -c "$1" -o "$2.$$.o"
	mv "$2.$$.o" "$2"
}

# The parts' objects are those of all programs; linked again only where something changed.
build() {
	local part source object objects=() ldflags
	local defines=(-DALLOW_EXPERIMENTAL_API -DALLOW_INTERNAL_API)
	local includes=("-I$here" "-I$top/lib" "-isystem${HEADERS-$top/build/sdk/include}") cflags
	local newest_header
	read -ra cflags < <(pkg-config --cflags libdpdk jansson libbsd)
	includes+=("${cflags[@]}")
	for part in "${parts[@]}"; do
		includes+=("-I$top/$part")
	done
	newest_header=$(find "$here" "$top/lib" "$top/drivers" -name '*.h' -printf '%T@ %p\n' | sort -rn |
		sed -n '1s/^[^ ]* //p')
	for source in "$here/fuzz_$name.c" $(printf "$top/%s/*.c\n" "${parts[@]}"); do
		object=${source#"$top/"}
		object=$folder/objects/${object//\//_}.o
		compile "$source" "$object"
		objects+=("$object")
	done
	[ -n "$(find "${objects[@]}" -newer "$program" -print -quit 2>&1)" ] || return 0
	read -ra ldflags < <(pkg-config --libs libdpdk jansson libbsd)
	"$clang" "${flags[@]}" "${objects[@]}" -o "$program.$$" "${ldflags[@]}" -lrte_bus_vdev
	mv "$program.$$" "$program"
}

mkdir -p "$folder/$name.corpus" "$folder/objects"
command -v "$clang" >/dev/null || skip "no $clang"
# Two tests may want the same objects at once.
exec 9>"$folder/lock"
flock 9
[ -x "$program" ] || can_fuzz || skip "$clang cannot link libFuzzer, see $folder/can_fuzz.log"
build
flock -u 9

# What DPDK's start-up never frees is not looked for.
export LSAN_OPTIONS=suppressions=$top/tools/lsan.suppress:print_suppressions=0
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
