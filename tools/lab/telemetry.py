# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
"""The telemetry socket of a running DPDK program: one question, one answer."""
import json
import os
import socket


def runtime_dir():
    """Where DPDK keeps the sockets of this user's programs."""
    base = os.environ.get("RUNTIME_DIRECTORY")
    if not base:
        base = "/var/run" if os.getuid() == 0 else os.environ.get("XDG_RUNTIME_DIR", "/tmp")
    return os.path.join(base, "dpdk")


class Telemetry:
    """The program that was started with this --file-prefix."""

    def __init__(self, prefix):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.sock.settimeout(10)
        self.sock.connect(os.path.join(runtime_dir(), prefix, "dpdk_telemetry.v2"))
        self.longest = json.loads(self.sock.recv(1024).decode())["max_output_len"]

    def ask(self, command):
        """The answer to "/eswitch/stats,net_eswitch_pf0,1"; a refusal is a ValueError."""
        self.sock.send(command.encode())
        reply = json.loads(self.sock.recv(self.longest).decode())
        value = reply[command.split(",")[0]]
        if value is None or (isinstance(value, str) and value.startswith("error:")):
            raise ValueError("%s: %s" % (command, value))
        return value

    def close(self):
        """Hang up."""
        self.sock.close()
