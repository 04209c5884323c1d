# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
"""DPDK's l2fwd example, built from the sources that Debian's dpdk-doc holds: an installed one, or one downloaded.

Needs the network where the package is not installed, so it is to be called outside of the sandbox. The program is kept
in the build folder with the version that it was built of.
"""
import contextlib
import os
import re
import subprocess
import tempfile

INSTALLED = "/usr/share/dpdk/examples/l2fwd/main.c"


def output(argv, cwd=None):
    """A program's output; OSError or CalledProcessError if there is none."""
    return subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=True,
                          cwd=cwd).stdout


def download(version, folder):
    """The source file out of the package of this version."""
    output(["apt-get", "-q", "download", "dpdk-doc=" + version], folder)
    package = next(n for n in os.listdir(folder) if n.endswith(".deb"))
    output(["dpkg-deb", "-x", package, "x"], folder)
    return os.path.join(folder, "x" + INSTALLED)


def compile_to(source, program):
    """As the example's own Makefile has it."""
    flags = [output(["pkg-config", kind, "libdpdk"]).split() for kind in ("--cflags", "--libs")]
    output(["gcc", "-O3", "-DALLOW_EXPERIMENTAL_API"] + flags[0] + [source, "-o", program] + flags[1])


def l2fwd(folder):
    """Path of the program in this folder, built where it is not there yet; else the reason why there is none."""
    program = os.path.join(os.path.abspath(folder), "l2fwd")
    try:
        version = output(["dpkg-query", "-W", "-f", "${Version}", "libdpdk-dev"])
        with contextlib.suppress(OSError), open(program + ".version", encoding="utf-8") as f:
            if f.read() == version and os.access(program, os.X_OK):
                return program
        with tempfile.TemporaryDirectory() as temporary:
            compile_to(INSTALLED if os.path.exists(INSTALLED) else download(version, temporary), program)
        with open(program + ".version", "w", encoding="utf-8") as f:
            f.write(version)
        return program
    except (OSError, subprocess.SubprocessError, StopIteration) as e:
        said = (getattr(e, "stderr", None) or str(e)).strip().splitlines()
        return "l2fwd can not be built from dpdk-doc: %s" % re.sub(r"^E: ", "", said[-1] if said else "no reason")
