# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
"""tools/bench.py on three cases: the figures are there, and so is nothing else afterwards."""
import contextlib
import glob
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../..")
PROGRAM = os.path.join(TOP, "tools/bench.py")


def start(*args, folder):
    """The program, by itself in a process group as a shell would have it, its private files below the folder."""
    return subprocess.Popen(["/usr/bin/python3", PROGRAM, *args], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, text=True, start_new_session=True,
                            env=dict(os.environ, TMPDIR=folder))


def processes(word):
    """Command lines with this word, of all processes."""
    found = ""
    for path in glob.glob("/proc/[0-9]*/cmdline"):
        with contextlib.suppress(OSError), open(path, encoding="utf-8", errors="replace") as f:
            text = f.read().replace("\0", " ")
            found += text + "\n" if word in text else ""
    return found


class Standard(unittest.TestCase):
    """Each test: a folder of its own."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.out = self.folder.name

    def read(self, name):
        """A file of the results."""
        with open(os.path.join(self.out, name), encoding="utf-8") as f:
            return f.read()

    def test_three_cases(self):
        """One round: all figures of each, in the summary and in the table."""
        p = start("--quick", "--rounds", "1", "--only", "net_ring,e-switch,vhost-virtio", "--out", self.out,
                  folder=self.out)
        text = p.communicate(timeout=50)[0]
        self.assertEqual(p.returncode, 0, text)
        summary = json.loads(self.read("summary.json"))
        self.assertEqual(summary["left_out"], {}, text)
        for name in ("net_ring", "e-switch", "vhost-virtio"):
            figures = summary["figures"][name][0]
            for key in ("hop", "batch", "ping_p50"):
                self.assertGreater(figures[key], 0, "%s of %s" % (key, name))
            # On a busy machine no rate may be without loss: then it must be said.
            if "pdr" not in figures:
                self.assertIn("%s: eswitch-bench calls a figure unstable" % name, " ".join(summary["remarks"]))
            self.assertIn(name + "-1.json", os.listdir(self.out))
        table = self.read("report.md")
        rows = [r for r in table.splitlines() if r.startswith("| net_ring") or r.startswith("| e-switch")]
        self.assertEqual(len(rows), 2, table)
        self.assertIn("%.1f" % summary["figures"]["net_ring"][0]["hop"], rows[1])
        self.assertIn(table.strip().splitlines()[2], text)

    def test_wrong_name(self):
        """A case that there is not."""
        p = start("--only", "e-swich", folder=self.out)
        text = p.communicate(timeout=20)[0]
        self.assertEqual(p.returncode, 2, text)
        self.assertIn("--only e-swich: there are e-switch,", text)

    def test_interrupt(self):
        """Ctrl-C while a forwarder runs: every process goes."""
        if len(os.sched_getaffinity(0)) < 2:
            self.skipTest("needs two cores")
        p = start("--quick", "--only", "testpmd", "--out", self.out, folder=self.out)
        # The forwarder's sockets are below the folder: nobody else's are.
        self.assertTrue(self.becomes(lambda: "--forward-mode=io" in processes(self.out), 20), "no forwarder came")
        os.killpg(p.pid, signal.SIGINT)
        p.communicate(timeout=20)
        self.assertEqual(p.returncode, 128 + signal.SIGINT)
        self.assertTrue(self.becomes(lambda: processes(self.out) == "", 5), processes(self.out))

    def becomes(self, condition, seconds):
        """Whether a condition is fulfilled in time."""
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                return False
            time.sleep(0.1)
        return True


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]])
