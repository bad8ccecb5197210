#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Asks the module for the keys of hellos on interfaces, in this namespace, as any
program may that is no daemon, and looks for them in all the rest that it tells.

usage: hello_keys.py [--attach]

--attach: as the daemon. Prints how many keys there are in the answer to get, and in
that to hello-keys, or why it was refused.
"""
import os
import pathlib
import re
import socket
import struct
import sys

HEADER = pathlib.Path(__file__).resolve().parent.parent / 'uapi/linux/nf_failover.h'
GENERIC = 16
CTRL, GETFAMILY, FAMILY_ID, FAMILY_NAME = 16, 3, 1, 2
REQUEST, ACK = 1, 4


def number(name):
    """Of a member of an enum of the header, whose first one may say its own."""
    text = next(t for t in re.findall(r'enum[^{]*\{([^}]*)\}', HEADER.read_text())
                if re.search(rf'\bNF_FAILOVER_{name}\b', t))
    value = -1
    for member, given in re.findall(r'(\w+)(?: = (\d+))?,', text):
        value = int(given) if given else value + 1
        if member == 'NF_FAILOVER_' + name:
            return value
    raise KeyError(name)


def attr(kind, data):
    return (struct.pack('HH', 4 + len(data), kind) + data).ljust(4 + (len(data) + 3) // 4 * 4,
                                                                 b'\0')


def attrs(data):
    while len(data) >= 4:
        size, kind = struct.unpack_from('HH', data)
        yield kind & 0x3fff, data[4:size]
        data = data[(size + 3) // 4 * 4:]


class Family:
    def __init__(self):
        self.sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, GENERIC)
        self.sock.bind((0, 0))
        self.id = CTRL
        answer = self.ask(GETFAMILY, attr(FAMILY_NAME, b'nf-failover\0'))
        self.id = struct.unpack('H', dict(attrs(answer))[FAMILY_ID])[0]

    def ask(self, command, payload=b''):
        """The attributes of the answer."""
        body = struct.pack('BBH', command, 1, 0) + payload
        self.sock.send(struct.pack('IHHII', 16 + len(body), self.id, REQUEST | ACK, 1, 0) + body)
        answer = b''
        while True:
            data = self.sock.recv(1 << 17)
            while data:
                size, kind = struct.unpack_from('IH', data)
                if kind == 2:
                    error = -struct.unpack_from('i', data, 16)[0]
                    if error:
                        raise OSError(error, os.strerror(error))
                    return answer
                answer += data[20:size]
                data = data[(size + 3) // 4 * 4:]


def keys(answer, *path):
    """How many hello keys there are in the nests on this path."""
    if not path:
        return sum(k == number('KEY_HELLO_KEY') for k, _ in attrs(answer))
    return sum(keys(nest, *path[1:]) for k, nest in attrs(answer) if k == number(path[0]))


family = Family()
if '--attach' in sys.argv:
    family.ask(number('CMD_DAEMON_ATTACH'),
               attr(number('A_WATCHDOG_MS'), struct.pack('I', 60000)))
print(keys(family.ask(number('CMD_GET')), 'A_CONFIG', 'CONFIG_KEY'), end=' ')
try:
    print(keys(family.ask(number('CMD_HELLO_KEYS')), 'A_KEY'))
except PermissionError as e:
    print(e.strerror)
