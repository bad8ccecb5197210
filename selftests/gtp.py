#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""PDP contexts of the kernel's gtp devices, by its netlink family, in this namespace.

usage: gtp.py add|del|list < LINES

A line is a context: the device, v0 or v1, the TID or the TEI of what comes in, the
flow label or the TEI of what goes out, the peer and the subscriber; with a dash in
its place an address is left out. list prints them like that, in order. An error ends
it with a line that says which one.
"""
import os
import socket
import struct
import sys

GENERIC, CTRL, GETFAMILY, FAMILY_ID, FAMILY_NAME = 16, 16, 3, 1, 2
REQUEST, ACK, EXCL, DUMP = 1, 4, 0x200, 0x300
NEW, DELETE, GET = 0, 1, 2
LINK, VERSION, TID, PEER, MS, FLOW, I_TEI, O_TEI = 1, 2, 3, 4, 5, 6, 8, 9
PEER6, MS6, FAMILY = 11, 12, 13


def attr(kind, data):
    return (struct.pack('HH', 4 + len(data), kind) + data).ljust(4 + (len(data) + 3) // 4 * 4,
                                                                 b'\0')


def attrs(data):
    while len(data) >= 4:
        size, kind = struct.unpack_from('HH', data)
        yield kind & 0x3fff, data[4:size]
        data = data[(size + 3) // 4 * 4:]


class Kernel:
    def __init__(self):
        self.sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, GENERIC)
        self.sock.bind((0, 0))
        self.id = CTRL
        answer = self.ask(GETFAMILY, ACK, attr(FAMILY_NAME, b'gtp\0'))[0]
        self.id = struct.unpack('H', dict(attrs(answer))[FAMILY_ID])[0]

    def ask(self, command, flags, payload=b''):
        """The attributes of each answer."""
        body = struct.pack('BBH', command, 0, 0) + payload
        self.sock.send(struct.pack('IHHII', 16 + len(body), self.id, REQUEST | flags, 1, 0) +
                       body)
        answers = []
        while True:
            data = self.sock.recv(1 << 17)
            while data:
                size, kind = struct.unpack_from('IH', data)
                error = -struct.unpack_from('i', data, 16)[0] if kind in (2, 3) else 0
                if error:
                    raise OSError(error, os.strerror(error))
                if kind in (2, 3):
                    return answers
                answers.append(data[20:size])
                data = data[(size + 3) // 4 * 4:]


def of_address(text, four, six):
    if ':' in text:
        return attr(six, socket.inet_pton(socket.AF_INET6, text))
    return attr(four, socket.inet_aton(text))


def payload(dev, version, into, out, peer, ms):
    old = version == 'v0'
    data = attr(LINK, struct.pack('I', socket.if_nametoindex(dev)))
    data += attr(VERSION, struct.pack('I', not old))
    data += attr(TID, struct.pack('Q', int(into))) if old else \
        attr(I_TEI, struct.pack('I', int(into)))
    data += attr(FLOW, struct.pack('H', int(out))) if old else \
        attr(O_TEI, struct.pack('I', int(out)))
    if peer != '-':
        data += of_address(peer, PEER, PEER6)
    if ms != '-':
        data += of_address(ms, MS, MS6)
        data += attr(FAMILY, bytes([socket.AF_INET6])) if ':' in ms else b''
    return data


def text(answer):
    a = dict(attrs(answer))
    old = a[VERSION] == bytes(4)

    def address(four, six):
        return socket.inet_ntoa(a[four]) if four in a else \
            socket.inet_ntop(socket.AF_INET6, a[six])

    return ' '.join((socket.if_indextoname(struct.unpack('I', a[LINK])[0]), 'v0' if old else 'v1',
                     str(struct.unpack(*(('Q', a[TID]) if old else ('I', a[I_TEI])))[0]),
                     str(struct.unpack(*(('H', a[FLOW]) if old else ('I', a[O_TEI])))[0]),
                     address(PEER, PEER6), address(MS, MS6)))


kernel = Kernel()
if sys.argv[1] == 'list':
    print('\n'.join(sorted(text(a) for a in kernel.ask(GET, DUMP))))
    sys.exit()
for line in sys.stdin.read().splitlines():
    try:
        kernel.ask(*((NEW, ACK | EXCL) if sys.argv[1] == 'add' else (DELETE, ACK)),
                   payload(*line.split()))
    except OSError as e:
        sys.exit(f'{line}: {e.strerror}')
