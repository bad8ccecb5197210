#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Both ends of a call by H.323: its signals (Q.931), and the connections for control
(H.245) that they announce, as its parties would make them.

usage: h323.py server ADDRESS
       h323.py client ADDRESS SERVER

The server says "ready" and takes any number of calls. The client has one. It is told
what to do, a word a line, and says "ok", or what is wrong:

call [MS]    SETUP and CONNECT; each tells where its sender is reached for control
open [MS]    connects to the server for control, and has a line sent back
opened [MS]  asks the server for the same in the other direction
"""
import socket
import struct
import sys
import threading

SETUP, CONNECT, INFORMATION = 5, 7, 0x7b
# A UserInformation in packed encoding, up to the address: no optional part but that.
HEAD = {SETUP: b'\x00\x40', CONNECT: b'\x02\x40'}
OID = bytes.fromhex('0600 0891 4a00 04')
CONFERENCE = bytes(range(16))


def signal(kind, where=None):
    """A TPKT with a message of Q.931, which tells where control is, or nothing."""
    q931 = struct.pack('!BBHB', 8, 2, 1, kind)
    if where:
        part = b'\x05' + HEAD[kind] + OID + b'\0' + socket.inet_aton(where[0]) + \
            struct.pack('!H', where[1]) + b'\0\0' + CONFERENCE + b'\0'
        q931 += struct.pack('!BH', 0x7e, len(part)) + part
    return struct.pack('!BBH', 3, 0, 4 + len(q931)) + q931


def receive(sock):
    """The kind of the next message, and where it says that control is."""
    head = sock.recv(4, socket.MSG_WAITALL)
    if len(head) < 4:
        return None, None
    q931 = sock.recv(struct.unpack('!H', head[2:])[0] - 4, socket.MSG_WAITALL)
    where = None
    at = q931.find(OID)
    if at > 0:
        at += len(OID) + 1
        where = socket.inet_ntoa(q931[at:at + 4]), struct.unpack_from('!H', q931, at + 4)[0]
    return q931[4], where


def send_back(listener):
    while True:
        sock = listener.accept()[0]
        while line := sock.recv(100):
            sock.send(line)
        sock.close()


def listen(address):
    listener = socket.create_server((address, 0))
    threading.Thread(target=send_back, args=(listener,), daemon=True).start()
    return listener.getsockname()


def talk(where, address, limit):
    """A connection from here; whether a line comes back by it."""
    with socket.create_connection(where, limit, (address, 0)) as sock:
        sock.settimeout(limit)
        sock.send(b'a line')
        return sock.recv(100) == b'a line'


def take_call(sock, address):
    where = None
    while True:
        kind, told = receive(sock)
        if kind is None:
            return
        if kind == SETUP:
            where = told
            sock.send(signal(CONNECT, listen(address)))
            continue
        try:
            done = talk(where, address, 5)
        except OSError:
            done = False
        # a message without anything in it, but for its call reference, is no
        sock.send(signal(INFORMATION if done else 0))


def serve(address):
    listener = socket.create_server((address, 1720))
    print('ready', flush=True)
    while True:
        threading.Thread(target=take_call, args=(listener.accept()[0], address),
                         daemon=True).start()


class Client:
    def __init__(self, address, server):
        self.address, self.server = address, server
        self.sock = self.where = None

    def do_call(self, limit):
        self.sock = socket.create_connection((self.server, 1720), limit, (self.address, 0))
        self.sock.send(signal(SETUP, listen(self.address)))
        kind, self.where = receive(self.sock)
        return kind == CONNECT and self.where[0] == self.server

    def do_open(self, limit):
        return talk(self.where, self.address, limit)

    def do_opened(self, limit):
        self.sock.settimeout(limit)
        self.sock.send(signal(INFORMATION))
        return receive(self.sock)[0] == INFORMATION

    def run(self):
        print('ready', flush=True)
        for line in sys.stdin:
            word, *limit = line.split()
            try:
                done = getattr(self, f'do_{word}')(int(limit[0]) / 1000 if limit else 10)
                print('ok' if done else f'{word}: refused', flush=True)
            except OSError as error:
                print(f'{word}: {error}', flush=True)


if __name__ == '__main__':
    if sys.argv[1] == 'server':
        serve(sys.argv[2])
    Client(*sys.argv[2:]).run()
