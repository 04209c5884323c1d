# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
"""Ethernet frames: made, sent and received on a raw socket, or put into a pcap file."""
import contextlib
import ctypes
import os
import select
import socket
import struct
import threading
import time

ETH_P_ALL = 3
ETHERTYPE_TEST = 0x88b5  # IEEE 802 local experimental EtherType 1: no protocol stack answers it
TPID_C = 0x8100
TPID_S = 0x88a8
BROADCAST = "ff:ff:ff:ff:ff:ff"
CLONE_NEWNET = 0x40000000

# linux/if_packet.h
SOL_PACKET = 263
PACKET_ADD_MEMBERSHIP = 1
PACKET_AUXDATA = 8
PACKET_MR_PROMISC = 1
TP_STATUS_VLAN_VALID = 1 << 4
TP_STATUS_VLAN_TPID_VALID = 1 << 6


def mac_bytes(mac):
    """"02:00:..." as six octets."""
    return bytes.fromhex(mac.replace(":", ""))


def frame(dst, src, tags=(), mark=b"", size=60):
    """A frame of `size` octets without FCS.

    tags: (TPID, TCI) pairs, the outermost first. mark: what a receiver knows it by.
    """
    head = mac_bytes(dst) + mac_bytes(src)
    for tpid, tci in tags:
        head += struct.pack("!HH", tpid, tci)
    head += struct.pack("!H", ETHERTYPE_TEST) + mark
    return head + bytes(max(0, size - len(head)))


@contextlib.contextmanager
def inside(netns):
    """This thread is in a named network namespace (None: stays); what it opens there remains there."""
    libc = ctypes.CDLL(None, use_errno=True)
    here = os.open("/proc/self/task/%d/ns/net" % threading.get_native_id(), os.O_RDONLY)
    try:
        if netns is not None:
            there = os.open("/run/netns/" + netns, os.O_RDONLY)
            status = libc.setns(there, CLONE_NEWNET)
            os.close(there)
            if status != 0:
                raise OSError(ctypes.get_errno(), "setns " + netns)
        yield
    finally:
        libc.setns(here, CLONE_NEWNET)
        os.close(here)


class Port:
    """A raw socket on an interface, in a named network namespace (None: this one)."""

    def __init__(self, netns, interface, promiscuous=False):
        with inside(netns):
            self.sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
            self.sock.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
            self.sock.bind((interface, 0))
            if promiscuous:
                index = socket.if_nametoindex(interface)
                self.sock.setsockopt(SOL_PACKET, PACKET_ADD_MEMBERSHIP,
                                     struct.pack("iHH8s", index, PACKET_MR_PROMISC, 0, b""))

    def send(self, data, times=1):
        """The frame as it is, `times` times."""
        for _ in range(times):
            self.sock.send(data)

    def receive_one(self):
        """The next frame, with its tags, or None if it is one that this host sends."""
        data, aux, _flags, address = self.sock.recvmsg(65536, socket.CMSG_SPACE(20))
        if address[2] == socket.PACKET_OUTGOING:
            return None
        for level, kind, value in aux:
            if level == SOL_PACKET and kind == PACKET_AUXDATA:
                status, _, _, _, _, tci, tpid = struct.unpack("IIIHHHH", value[:20])
                if status & TP_STATUS_VLAN_VALID:
                    # The kernel took the outer tag off: back in with it.
                    tpid = tpid if status & TP_STATUS_VLAN_TPID_VALID else TPID_C
                    data = data[:12] + struct.pack("!HH", tpid, tci) + data[12:]
        return data

    def receive(self, mark, seconds=1.0, enough=None):
        """The frames that contain `mark`, until `seconds` are over or `enough` have come."""
        got = []
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0 and (enough is None or len(got) < enough):
            if select.select([self.sock], [], [], left)[0]:
                data = self.receive_one()
                if data is not None and mark in data:
                    got.append(data)
        return got

    def close(self):
        """Give the socket back; promiscuous mode ends with it."""
        self.sock.close()


def write_pcap(path, frames):
    """A pcap file (microseconds, Ethernet) with these frames."""
    with open(path, "wb") as f:
        f.write(struct.pack("=IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
        for i, data in enumerate(frames):
            f.write(struct.pack("=IIII", 0, i, len(data), len(data)) + data)
