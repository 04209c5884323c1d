#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
#
# Checks of the sources, one name each: format, text, size, shell, cppcheck, tidy. Only what git knows is checked.
# clang-tidy takes its compile commands from build-clang; a file is not read again while neither it, nor a
# header, nor the configuration changed.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
cd "$top"

# Root may check a user's clone, which git refuses by default.
sources() {
	git -c safe.directory='*' ls-files --cached --others --exclude-standard "$@"
}
[ -n "$(sources run)" ] || die "not a git clone: there is no telling which files to check"

lint_format() {
	sources '*.c' '*.h' | xargs -r clang-format --dry-run -Werror
}

# Licence lines, words that mark unfinished work, trailing blanks, lines over 100 columns (tabs are 8).
lint_text() {
	local f bad=0
	while read -r f; do
		if ! head -n 3 "$f" | grep -q 'SPDX-License-Identifier: BSD-3-Clause'; then
			echo "$f: no line 'SPDX-License-Identifier: BSD-3-Clause' at the top"
			bad=1
		fi
	done < <(sources '*.c' '*.h' '*.py' '*.sh' '*meson.build' '*meson_options.txt' run .ci/run)
	# The list of words is split, that this file may pass its own check.
	if sources '*.c' '*.h' '*.py' '*.sh' '*meson.build' run | xargs -r grep -nwE 'TO''DO|FIX''ME|XX''X'; then
		echo "words of unfinished work, see above"
		bad=1
	fi
	if sources '*.c' '*.h' '*.py' '*.sh' '*.md' run | xargs -r grep -nE '[[:blank:]]+$'; then
		echo "blanks at the end of a line, see above"
		bad=1
	fi
	while read -r f; do
		if expand "$f" | awk -v f="$f" 'length > 100 { print f ":" NR ": more than 100 columns"; n++ } END { exit n == 0 }'
		then
			bad=1
		fi
	done < <(sources '*.c' '*.h')
	return "$bad"
}

# A file holds one noun in at most 450 lines, a function fits a screen: at most 70 lines.
lint_size() {
	sources '*.c' '*.h' | xargs -r awk '
		FNR == 1 { start = 0 }
		FNR == 451 { print FILENAME ": more than 450 lines"; bad = 1 }
		/^{/ { start = FNR }
		/^}/ { if (start && FNR - start > 70) {
			print FILENAME ":" start ": function of " FNR - start " lines, more than 70"; bad = 1 }
			start = 0 }
		END { exit bad }'
}

lint_shell() {
	local f
	for f in run .ci/run $(sources '*.sh'); do
		bash -n "$f"
	done
	sources '*.py' | xargs -r python3 -c 'import ast, sys
for name in sys.argv[1:]:
    ast.parse(open(name, encoding="utf-8").read(), name)'
}

lint_cppcheck() {
	local includes cache
	# cppcheck remembers files that passed, but not with which configuration.
	cache=build/lint/cppcheck-$(cat tools/cppcheck.* tools/lint.sh | sha256sum | cut -c 1-16)
	mkdir -p "$cache"
	sources '*.c' >build/lint/cppcheck.files
	mapfile -t includes < <(sources '*.h' | xargs -r dirname | sort -u | sed 's/^/-I/')
	[ -s build/lint/cppcheck.files ] || return 0
	cppcheck --quiet --std=c11 --language=c --enable=warning,performance,portability --inline-suppr \
		--error-exitcode=1 --suppressions-list=tools/cppcheck.suppress --library=tools/cppcheck.cfg \
		-DALLOW_INTERNAL_API "${includes[@]}" --cppcheck-build-dir="$cache" -j "$jobs" --file-list=build/lint/cppcheck.files
}

# tidy_file FILE KEY: one file, unless it passed before with the same key.
tidy_file() {
	local f=$1 stamp out
	stamp=build/lint/tidy/$( (echo "$2"; cat "$f") | sha256sum | cut -c 1-32)
	[ ! -e "$stamp" ] || return 0
	out=$(clang-tidy --quiet -p build/lint "$f" 2>&1) || {
		echo "$out"
		return 1
	}
	touch "$stamp"
}
export -f tidy_file

lint_tidy() {
	local common
	[ -f build-clang/compile_commands.json ] || die "no build-clang: run ./run test clang first"
	mkdir -p build/lint/tidy
	common=$( (clang-tidy --version; cat .clang-tidy; sources '*.h' | xargs -r cat) | sha256sum)
	# A source of several programs has a command in each of them, and clang-tidy would read it for each: one is enough.
	python3 -c 'import json, os
one = {c["file"]: c for c in json.load(open("build-clang/compile_commands.json"))
       if c["file"].endswith(".c") and c["file"].startswith("..")}
with open("build/lint/compile_commands.json", "w") as f:
    json.dump(list(one.values()), f)
for c in one.values():
    print(os.path.relpath(os.path.join(c["directory"], c["file"])))' | sort |
		xargs -r -P "$jobs" -I{} bash -c 'tidy_file "$1" "$2"' tidy {} "$common"
}

for check in "${@:-format}"; do
	"lint_$check"
done
