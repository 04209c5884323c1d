# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
# shellcheck shell=bash
#
# "./run test": which suites there are, how each is run, and the sum at the end. To be sourced after build.sh.

suites_default=(clang lint unit property fuzz system asan)
suites_long=(long benchmark)

passed=0
failed=0
skipped=0
clang_built=0

# check LABEL COMMAND...: a step that counts as one test.
check() {
	if step "$@"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
	fi
}

# The results in a log of meson, which has one JSON object for each test, as "passed failed skipped".
read_results() {
	python3 -c 'import json, sys
results = [json.loads(line)["result"] for line in open(sys.argv[1], encoding="utf-8")]
good = sum(r in ("OK", "EXPECTEDFAIL") for r in results)
skipped = results.count("SKIP")
print(good, len(results) - good - skipped, skipped)' "$1"
}

# meson_suite LABEL FOLDER SUITE [OPTION...]: runs the tests of one suite and adds their results to the sum. A suite that
# fails without a failed test (it did not even start) counts as one failure.
meson_suite() {
	local label=$1 dir=$2 suite=$3 log ok=0 bad=0 skip=0 status=0
	shift 3
	log=$dir/meson-logs/run-$suite.json
	rm -f "$log"
	step "$label" meson test -C "$dir" --no-rebuild --print-errorlogs --logbase "run-$suite" "$@" || status=1
	[ ! -f "$log" ] || read -r ok bad skip < <(read_results "$log")
	[ "$status" -eq 0 ] || [ "$bad" -gt 0 ] || bad=1
	passed=$((passed + ok))
	failed=$((failed + bad))
	skipped=$((skipped + skip))
}

suite_lint() {
	local name
	for name in format text size shell cppcheck; do
		check "lint: $name" "$top/tools/lint.sh" "$name"
	done
	# clang-tidy needs the compile commands of that build, which the suite before this one usually left.
	if [ "$clang_built" -eq 1 ] || build_clang; then
		check "lint: clang-tidy" "$top/tools/lint.sh" tidy
	else
		failed=$((failed + 1))
	fi
}

suite_clang() {
	if build_clang; then
		clang_built=1
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
	fi
}

# System tests share the machine's interfaces and hugepages: one at a time.
suite_meson() {
	local -A options=([system]='--num-processes 1' [long]='--num-processes 1')
	# shellcheck disable=SC2086 # options are words
	meson_suite "test: $1" "$build" "$1" --suite "$1" ${options[$1]-}
}

suite_benchmark() {
	meson_suite "benchmarks" "$build" benchmark --benchmark --num-processes 1
}

# The same tests with address and undefined-behaviour sanitizers, which make them several times slower. Fuzzing is not
# among them: its programs are built with both sanitizers anyway.
suite_asan() {
	local name
	if ! build_asan; then
		failed=$((failed + 1))
		return
	fi
	export ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1:detect_stack_use_after_return=1
	export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
	export LSAN_OPTIONS=suppressions=$top/tools/lsan.suppress:print_suppressions=0
	for name in unit property; do
		meson_suite "sanitizers: $name" "$top/build-asan" "$name" --suite "$name" --timeout-multiplier 5
	done
	unset ASAN_OPTIONS UBSAN_OPTIONS LSAN_OPTIONS
}

# The last line of every test run, also of one that could not install or build.
print_sum() {
	local status=$?
	[ "$status" -eq 0 ] || [ "$failed" -gt 0 ] || failed=1
	printf '\n%s passed, %s failed, %s skipped\n' "$passed" "$failed" "$skipped"
	exit "$((failed > 0))"
}

# run_tests [--all] [SUITE...]: everything by default.
run_tests() {
	local suites=() all=0 name start
	for name in "$@"; do
		case $name in
		--all) all=1 ;;
		lint | clang | unit | property | fuzz | system | asan | long | benchmark) suites+=("$name") ;;
		*) die "no suite '$name'; there are: ${suites_default[*]} ${suites_long[*]}" ;;
		esac
	done
	[ "${#suites[@]}" -gt 0 ] || suites=("${suites_default[@]}")
	[ "$all" -eq 0 ] || suites+=("${suites_long[@]}")

	start=$(now)
	trap print_sum EXIT
	require_packages "${packages_build[@]}" "${packages_demo[@]}" "${packages_test[@]}"
	if build_main; then
		for name in "${suites[@]}"; do
			case $name in
			lint | clang | asan | benchmark) "suite_$name" ;;
			*) suite_meson "$name" ;;
			esac
		done
	else
		failed=1
	fi
	printf '  %-28s%s\n' "all of it" "$(elapsed "$start")"
}
