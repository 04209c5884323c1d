# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
"""Run the calling program again in network, mount and process namespaces of its own.

When the program ends, or is killed, the kernel removes with these namespaces all that was made in them:
named network namespaces, TAP interfaces, processes, DPDK's files in /run. So nothing has to be cleaned up
by name, and nothing is left behind by a crash. Works as root, as a user where unprivileged user
namespaces are allowed, and by sudo where it asks no password.
"""
import ctypes
import os
import signal
import subprocess
import sys

MARK = "ESWITCH_SANDBOX"
UNSHARE = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
PROBE = ("mount -t tmpfs tmpfs /run && ip tuntap add eswprobe mode tap && ip netns add eswprobe && "
         "ip link set eswprobe netns eswprobe")
PR_SET_PDEATHSIG = 1


def inside():
    """Whether this process already runs in the sandbox."""
    return os.environ.get(MARK) == "1"


def die_with_parent():
    """For subprocess: the child goes when the one that started it goes."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _candidates():
    if os.getuid() == 0:
        yield UNSHARE
    else:
        yield UNSHARE + ["--user", "--map-root-user"]
        yield ["sudo", "-n", "--preserve-env"] + UNSHARE


def find():
    """The command that makes a sandbox with TAP interfaces, as a list, or None and the reason why not."""
    if not os.path.exists("/dev/net/tun"):
        return None, "there is no /dev/net/tun"
    reason = "unshare is missing"
    for command in _candidates():
        try:
            p = subprocess.run(command + ["sh", "-c", PROBE], capture_output=True, text=True,
                               timeout=20, stdin=subprocess.DEVNULL, check=False)
        except (OSError, subprocess.TimeoutExpired) as e:
            reason = str(e)
            continue
        if p.returncode == 0:
            return command, ""
        reason = (p.stderr.strip().splitlines() or ["it failed without a word"])[-1]
    return None, reason


def enter(seconds):
    """Run this program again in a sandbox, for at most so many seconds, and exit with its status.

    Returns "" when already inside, otherwise, only if there can be no sandbox, the reason.
    """
    if inside():
        # An interface that net_tap has just set up would ask for an IPv6 address before a test has moved it.
        subprocess.run("mount -t tmpfs tmpfs /run && mkdir -p /run/netns /run/dpdk && ip link set lo up && "
                       "for i in all default; do echo 1 >/proc/sys/net/ipv6/conf/$i/disable_ipv6 || :; done",
                       shell=True, check=True)
        return ""
    command, reason = find()
    if command is None:
        return reason
    p = subprocess.Popen(command + [sys.executable] + sys.argv, env=dict(os.environ, **{MARK: "1"}),
                         preexec_fn=die_with_parent)

    def end(signum, _frame):
        # unshare holds back SIGTERM and SIGINT; killed, it takes everything in the sandbox with it.
        p.kill()
        p.wait()
        sys.exit(128 + signum)

    for s in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(s, end)
    try:
        sys.exit(p.wait(seconds))
    except subprocess.TimeoutExpired:
        p.kill()
        p.wait()
        sys.exit("not done after %d seconds" % seconds)
