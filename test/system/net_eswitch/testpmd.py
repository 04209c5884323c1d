# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
"""Stock dpdk-testpmd, driven over a terminal of its own.

A test file is a list of functions test_*(so); main() runs them and prints one line for each. Nothing of one test is
left to the next: each starts its own processes, and those still there at the end are killed, by pid.
"""
import contextlib
import json
import os
import pty
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback

# The prompt is the last that is printed, but an event may be told behind it, or between two of its letters.
PROMPT = re.compile(r"testpmd>\s*$")
EVENT = re.compile(r"\s*Port \d+: [\w ]+ event\s*")
PF = "net_eswitch_pf0"


class Skip(Exception):
    """Not possible here; the text says why."""


class Failed(Exception):
    """testpmd did something else than expected."""


running = []


def unique():
    unique.n += 1
    return f"esw_test_{os.getpid()}_{unique.n}"


unique.n = 0


def is_prompt(text):
    """Whether testpmd waits for a command."""
    if text.endswith("testpmd> "):
        return True
    if EVENT.search(text[-300:]) is None:
        return False
    # The event's own newline may stand between two other letters than the event.
    return PROMPT.search(re.sub(r"[\r\n]", "", EVENT.sub("", text)[-30:])) is not None


class Testpmd:
    """One process. eal: EAL arguments beside -d; app: testpmd's own.

    lcores: numbers that no process of the same prefix has: caches of pools are theirs.
    telemetry: for ask().
    """

    def __init__(self, so, eal, app=(), memory=("--no-huge", "-m", "192"), prefix=None, lcores="(0-1)@0", wait=20,
                 must_start=True, telemetry=False, **popen):
        self.prefix = prefix or unique()
        argv = ["dpdk-testpmd", "--no-pci", "--telemetry" if telemetry else "--no-telemetry", f"--lcores={lcores}", "-d", so,
                f"--file-prefix={self.prefix}", *memory]
        argv += [*eal, "--", "-i", "--no-mlockall", *app]
        if not any(a.startswith("--total-num-mbufs") for a in app):
            argv += ["--total-num-mbufs=8192"]
        self.master, slave = pty.openpty()
        self.output = ""
        self.process = subprocess.Popen(argv, stdin=slave, stdout=slave, stderr=subprocess.STDOUT, close_fds=True,
                                        start_new_session=True, **popen)
        os.close(slave)
        running.append(self)
        self.start = self.read(wait)
        if must_start and not self.up():
            raise Failed("did not start")

    def read(self, wait=10):
        """What is printed up to the next prompt; or to the end of the process."""
        text, end = "", time.monotonic() + wait
        while not is_prompt(text):
            if not select.select([self.master], [], [], max(0, end - time.monotonic()))[0]:
                raise Failed(f"no prompt after {wait} s, but:\n{text}")
            try:
                data = os.read(self.master, 65536)
            except OSError:  # the other end is closed
                data = b""
            if not data:
                self.process.wait(10)
                break
            text += data.decode(errors="replace").replace("\r", "")
        self.output += text
        return text

    def do(self, *commands, wait=10):
        text = ""
        for command in commands:
            os.write(self.master, command.encode() + b"\n")
            text = self.read(wait)
        return text

    def up(self):
        return self.process.poll() is None

    def quit(self):
        """Ends it in order; its exit status."""
        os.write(self.master, b"quit\n")
        self.read(20)
        return self.process.wait(10)

    def kill(self):
        if self.up():
            self.process.send_signal(signal.SIGKILL)
            self.process.wait(10)

    def close(self):
        self.kill()
        os.close(self.master)
        shutil.rmtree(f"/var/run/dpdk/{self.prefix}", ignore_errors=True)

    def ask(self, command):
        """The answer of a telemetry command."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as s:
            s.settimeout(10)
            s.connect(f"/var/run/dpdk/{self.prefix}/dpdk_telemetry.v2")
            s.recv(65536)  # who it is
            s.send(command.encode())
            return json.loads(s.recv(65536))[command.split(",", maxsplit=1)[0]]

    # What testpmd says, as values.

    def ports(self):
        """name -> number"""
        text = self.do("show port summary all")
        return {m[2]: int(m[1]) for m in re.finditer(r"^(\d+)\s+[0-9A-F:]{17}\s+(\S+)", text, re.M)}

    def xstats(self, port):
        return {m[1]: int(m[2]) for m in re.finditer(r"^(\w+): (\d+)$", self.do(f"show port xstats {port}"), re.M)}

    def info(self, port):
        return dict(re.findall(r"^([A-Z][^:\n]+): (.*)$", self.do(f"show port info {port}"), re.M))


def has_hugepages(pages=80):
    with open("/proc/meminfo", encoding="ascii") as f:
        return int(re.search(r"HugePages_Free:\s+(\d+)", f.read())[1]) >= pages


class HugeDir:
    """A hugetlbfs of one's own."""

    def __enter__(self):
        if os.geteuid() != 0 or not has_hugepages():
            raise Skip("needs root and 80 free hugepages")
        self.path = tempfile.mkdtemp(prefix="esw-huge-")
        if subprocess.run(["mount", "-t", "hugetlbfs", "none", self.path], check=False).returncode != 0:
            os.rmdir(self.path)
            raise Skip("hugetlbfs can't be mounted")
        return self.path

    def __exit__(self, *exc):
        for t in running:
            t.kill()
        subprocess.run(["umount", self.path], check=False)
        os.rmdir(self.path)


@contextlib.contextmanager
def policy_file(text):
    """The path of a policy file."""
    with tempfile.NamedTemporaryFile("w", prefix="esw-policy-", suffix=".ini") as f:
        f.write(text)
        f.flush()
        os.chmod(f.name, 0o644)
        yield f.name


def expect(what, text=""):
    if not what:
        raise Failed(text or "not as expected")


def equal(got, want, text=""):
    if got != want:
        raise Failed(f"{text}: {got!r} and not {want!r}")


def wait_for(condition, what, seconds=5):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise Failed(f"not within {seconds} s: {what}")
        time.sleep(0.1)


def main(names):
    so = os.path.abspath(sys.argv[1])
    if shutil.which("dpdk-testpmd") is None:
        print("skipped: no dpdk-testpmd")
        sys.exit(77)
    passed = failed = 0
    reason = ""
    for name, test in sorted(names.items()):
        if not name.startswith("test_") or (len(sys.argv) > 2 and sys.argv[2] not in name):
            continue
        try:
            test(so)
            result = "ok"
            passed += 1
        except Skip as e:
            reason = result = f"skipped: {e}"
        except Exception as e:  # pylint: disable=broad-except
            result = f"FAILED: {e}"
            if not isinstance(e, Failed):
                traceback.print_exc()
            for t in running:
                print(t.output[-3000:])
            failed += 1
        print(f"{name}: {result}", flush=True)
        for t in running:
            t.close()
        running.clear()
    if failed == 0 and passed == 0:
        print(reason)
        sys.exit(77)
    sys.exit(failed != 0)
