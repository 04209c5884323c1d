# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
"""IP packets with right checksums, as payload of frames.Port's raw frames."""
import socket
import struct

from .frames import mac_bytes

ICMP = 1
TCP = 6
UDP = 17
FRAGMENT = 44


def checksum(data):
    """RFC 1071."""
    data += bytes(len(data) % 2)
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def ethernet(dst, src, ethertype, payload, tags=()):
    """A frame of at least 60 octets. tags: (TPID, TCI) pairs, the outermost first."""
    head = mac_bytes(dst) + mac_bytes(src)
    for tpid, tci in tags:
        head += struct.pack("!HH", tpid, tci)
    data = head + struct.pack("!H", ethertype) + payload
    return data + bytes(max(0, 60 - len(data)))


def l4(proto, pseudo, ports, data, flags=0x18, icmp=0):
    """UDP, or TCP with flags, from ports[0] to ports[1]; ICMP of a type; anything else is data."""
    if proto == UDP:
        head, at = struct.pack("!HHHH", *ports, 8 + len(data), 0), 6
    elif proto == TCP:
        head, at = struct.pack("!HHIIBBHHH", *ports, 1, 1, 5 << 4, flags, 1024, 0, 0), 16
    elif proto == ICMP:
        head, at, pseudo = struct.pack("!BBHHH", icmp, 0, 0, 1, 1), 2, b""
    else:
        return data
    if pseudo:
        pseudo += struct.pack("!IHBB", len(head) + len(data), 0, 0, proto)
    value = checksum(pseudo + head + data)
    if proto == UDP and value == 0:
        value = 0xffff
    return head[:at] + struct.pack("!H", value) + head[at + 2:] + data


def ipv4(src, dst, proto, ports, data, ttl=64, tos=0, fragment=0, **more):
    """An IPv4 packet. fragment: the 16 bits with flags and offset; with an offset there is no L4 header."""
    src, dst = socket.inet_aton(src), socket.inet_aton(dst)
    body = data if fragment & 0x1fff else l4(proto, src + dst, ports, data, **more)
    head = struct.pack("!BBHHHBBH", 0x45, tos, 20 + len(body), 7, fragment, ttl, proto, 0) + src + dst
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + body


def ipv6(src, dst, proto, ports, data, hops=64, fragment=None):
    """An IPv6 packet. fragment: the 16 bits with offset and M bit of a fragment header."""
    src, dst = (socket.inet_pton(socket.AF_INET6, a) for a in (src, dst))
    body, following = l4(proto, src + dst, ports, data), proto
    if fragment is not None:
        body = struct.pack("!BBHI", proto, 0, fragment, 9) + (data if fragment & 0xfff8 else body)
        following = FRAGMENT
    return struct.pack("!IHBB", 6 << 28, len(body), following, hops) + src + dst + body
