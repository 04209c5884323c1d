# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
# shellcheck shell=bash
#
# What every script in this folder shares: where things are, how a step is run and reported. To be sourced.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=$top/build
logs=$build/logs
jobs=$(nproc 2>/dev/null || echo 1)

die() {
	echo "run: $*" >&2
	exit 1
}

# Seconds since the epoch with one decimal, and the difference of two such times, without leaving bash.
now() {
	echo "${EPOCHREALTIME/[.,]/}"
}

elapsed() {
	local t=$((($(now) - $1) / 100000))
	echo "$((t / 10)).$((t % 10)) s"
}

# step NAME COMMAND...: runs the command with its output in build/logs/NAME.log and prints one line.
# A failing step shows the end of its log; the status is the command's.
step() {
	local name=$1 log status=0 start
	shift
	mkdir -p "$logs"
	log=$logs/$(tr -cs "a-z0-9\n" - <<<"$name").log
	start=$(now)
	printf '  %-28s' "$name"
	"$@" >"$log" 2>&1 </dev/null || status=$?
	if [ "$status" -eq 0 ]; then
		printf 'ok      %s\n' "$(elapsed "$start")"
	else
		printf 'FAILED  %s  (%s)\n' "$(elapsed "$start")" "${log#"$top"/}"
		tail -n "${STEP_TAIL:-40}" "$log" | sed 's/^/    | /'
	fi
	return "$status"
}
