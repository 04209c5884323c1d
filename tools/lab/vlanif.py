# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
"""A VLAN sub-interface for kernels that have none (no 8021q module): a TAP interface whose frames get a tag."""
import fcntl
import os
import select
import struct
import threading

from . import frames

TUNSETIFF = 0x400454ca
IFF_TAP = 0x0002
IFF_NO_PI = 0x1000


class VlanShim:
    """`name` in namespace `netns`: its frames leave through `parent` with the C-tag `vid`, and come in from there."""

    def __init__(self, netns, parent, name, vid):
        self.tag = struct.pack("!HH", frames.TPID_C, vid)
        with frames.inside(netns):
            self.tap = os.open("/dev/net/tun", os.O_RDWR)
            fcntl.ioctl(self.tap, TUNSETIFF, struct.pack("16sH", name.encode(), IFF_TAP | IFF_NO_PI))
        self.parent = frames.Port(netns, parent, promiscuous=True)
        self.wake, self.end = os.pipe()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self):
        while True:
            ready = select.select([self.tap, self.parent.sock, self.wake], [], [])[0]
            try:
                if self.wake in ready:
                    return
                if self.tap in ready:
                    data = os.read(self.tap, 65536)
                    self.parent.send(data[:12] + self.tag + data[12:])
                if self.parent.sock in ready:
                    data = self.parent.receive_one()
                    if data is not None and data[12:16] == self.tag:
                        os.write(self.tap, data[:12] + data[16:])
            except OSError:
                pass  # an interface that is down loses frames, as on a wire

    def close(self):
        """The interface goes."""
        os.write(self.end, b"x")
        self.thread.join()
        self.parent.close()
        for fd in (self.tap, self.wake, self.end):
            os.close(fd)
