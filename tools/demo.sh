#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
#
# "./run demo" after the build: the switch at work, in less than two minutes, with nothing left behind.
set -euo pipefail
exec python3 -B "$(dirname "${BASH_SOURCE[0]}")/demo.py" "$@"
