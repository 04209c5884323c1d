# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
"""A laboratory for the demo and the system tests: namespaces, frames, a running switch, its counters.

Only Python's own library is used. Everything happens inside a sandbox (sandbox.py) that takes
namespaces, interfaces and processes with it when it ends, however it ends.
"""
