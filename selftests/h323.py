#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Both ends of a call by H.323: its signals (Q.931), and the connections for control
(H.245) and channels of media that they announce, as its parties would make them.

usage: h323.py server ADDRESS
       h323.py client ADDRESS SERVER [PORT]

The server says "ready" and takes any number of calls. The client has one, and is
reached for control at PORT, or at any. It is told what to do, a word a line, and says
"ok", or what is wrong:

call [MS]     SETUP and CONNECT; each tells where its sender is reached for control
moved [MS]    whether NAT has announced another port than ours
again [MS]    SETUP once more; whether the server is told the same as before
open [MS]     connects to the server for control, and has a line sent back
opened [MS]   asks the server for the same in the other direction
channel [MS]  opens a channel to the server; whether NAT has announced it
media [MS]    the server acknowledges it and opens one to us, which we acknowledge;
              whether that announces the same ports, and all of it is heard
"""
import socket
import struct
import sys
import threading

SETUP, CONNECT, INFORMATION = 5, 7, 0x7b
DISPLAY, USER_USER = 0x28, 0x7e
MEDIA = 5004
LIMIT = 5
# A UserInformation in packed encoding, up to the address: no optional part but that.
HEAD = {SETUP: b'\x00\x40', CONNECT: b'\x02\x40'}
OID = bytes.fromhex('0600 0891 4a00 04')
CONFERENCE = bytes(range(16))


# What control says, in packed encoding: up to the number of a channel, and from there
# to the first address; a byte of flags before each.
OPEN = bytes.fromhex('0300'), bytes.fromhex('0c6013800a04000100')
ACKNOWLEDGE = bytes.fromhex('22c0'), bytes.fromhex('0280101c0000')
# An indication, which no helper looks into.
SAY = b'\x60'


def tpkt(body):
    return struct.pack('!BBH', 3, 0, 4 + len(body)) + body


def packed(where):
    return socket.inet_aton(where[0]) + struct.pack('!H', where[1])


def unpacked(body):
    return socket.inet_ntoa(body[:4]), struct.unpack('!H', body[4:6])[0]


def open_channel(number, rtcp):
    return OPEN[0] + struct.pack('!H', number) + OPEN[1] + packed(rtcp)


def acknowledge(number, rtp, rtcp):
    return ACKNOWLEDGE[0] + struct.pack('!H', number) + ACKNOWLEDGE[1] + packed(rtp) + \
        b'\0' + packed(rtcp)


def read_tpkt(sock):
    """The body of the next one; nothing at the end."""
    head = sock.recv(4, socket.MSG_WAITALL)
    if len(head) < 4:
        return b''
    # one that is sent again is seen by the helper, which would expect more
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
    return sock.recv(struct.unpack('!H', head[2:])[0] - 4, socket.MSG_WAITALL)


def signal(kind, where=None, text=''):
    """A TPKT with a message of Q.931, which tells where control is, or nothing."""
    q931 = struct.pack('!BBHB', 8, 2, 1, kind)
    if text:
        q931 += struct.pack('!BB', DISPLAY, len(text)) + text.encode()
    if where:
        part = b'\x05' + HEAD[kind] + OID + b'\0' + packed(where) + b'\0\0' + CONFERENCE + b'\0'
        q931 += struct.pack('!BH', USER_USER, len(part)) + part
    return tpkt(q931)


def receive(sock):
    """The kind of the next message, where it says that control is, and its text."""
    q931 = read_tpkt(sock)
    if not q931:
        return None, None, None
    where = None
    text = ''
    if q931[5:6] == bytes([DISPLAY]):
        text = q931[7:7 + q931[6]].decode()
    at = q931.find(OID)
    if at > 0:
        where = unpacked(q931[at + len(OID) + 1:])
    return q931[4], where, text


def media_pair(address, port=0):
    """Sockets of an even port and the one behind it."""
    while True:
        pair = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2)]
        try:
            pair[0].bind((address, port))
            even = pair[0].getsockname()[1]
            if even % 2 == 0:
                pair[1].bind((address, even + 1))
                for it in pair:
                    it.settimeout(LIMIT)
                return pair
        except OSError:
            if port:
                raise
        for it in pair:
            it.close()


def play(pair, theirs):
    """We send first; whether both are answered."""
    try:
        for it, where in zip(pair, theirs):
            it.sendto(b'media', where)
        return all(it.recv(100) == b'answer' for it in pair)
    except OSError:
        return False


def answer(pair, theirs):
    """They send first; what we send goes to what they have announced."""
    for it, where in zip(pair, theirs):
        try:
            if it.recv(100) == b'media':
                it.sendto(b'answer', where)
        except OSError:
            pass


def control(sock, address):
    """The server's end of control."""
    pair = media_pair(address)
    rtp, rtcp = (it.getsockname() for it in pair)
    while body := read_tpkt(sock):
        if body.startswith(OPEN[0]):
            host, port = unpacked(body[-6:])
            sock.send(tpkt(SAY + f'{host} {port}'.encode()))
        elif body.startswith(ACKNOWLEDGE[0]):
            theirs = unpacked(body[-13:]), unpacked(body[-6:])
            done = play(pair, theirs)
            sock.send(tpkt(SAY + f'{theirs} {done}'.encode()))
        else:
            sock.send(tpkt(acknowledge(0, rtp, rtcp)))
            sock.send(tpkt(open_channel(0, rtcp)))


def connected(sock, address):
    if sock.recv(1, socket.MSG_PEEK) == b'\3':
        control(sock, address)
    while line := sock.recv(100):
        sock.send(line)
    sock.close()


def take_all(listener, address):
    while True:
        threading.Thread(target=connected, args=(listener.accept()[0], address),
                         daemon=True).start()


def listen(address, port=0):
    listener = socket.create_server((address, port))
    threading.Thread(target=take_all, args=(listener, address), daemon=True).start()
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
        kind, told, _ = receive(sock)
        if kind is None:
            return
        if kind == SETUP:
            where = told
            sock.send(signal(CONNECT, listen(address), f'{told[0]} {told[1]}'))
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
    def __init__(self, address, server, port=0):
        self.address, self.server = address, server
        self.ours = listen(address, int(port))
        self.sock = self.where = self.told = self.control = None
        self.channels = []

    def set_up(self):
        self.sock.send(signal(SETUP, self.ours))
        kind, self.where, told = receive(self.sock)
        return told if kind == CONNECT and self.where[0] == self.server else None

    def do_call(self, limit):
        self.sock = socket.create_connection((self.server, 1720), limit, (self.address, 0))
        self.told = self.set_up()
        return self.told is not None

    def do_moved(self, _):
        return int(self.told.split()[1]) != self.ours[1]

    def do_again(self, limit):
        self.sock.settimeout(limit)
        return self.set_up() == self.told

    def do_open(self, limit):
        return talk(self.where, self.address, limit)

    def do_opened(self, limit):
        self.sock.settimeout(limit)
        self.sock.send(signal(INFORMATION))
        return receive(self.sock)[0] == INFORMATION

    def do_channel(self, limit):
        if not self.control:
            self.control = socket.create_connection(self.where, limit, (self.address, 0))
        self.control.settimeout(limit)
        number = len(self.channels)
        rtcp = self.address, MEDIA + 2 * number + 1
        self.control.send(tpkt(open_channel(number, rtcp)))
        host, port = read_tpkt(self.control)[1:].decode().split()
        self.channels.append((host, int(port)))
        return host != self.address

    def do_media(self, limit):
        self.control.settimeout(limit)
        self.control.send(tpkt(SAY))
        body = read_tpkt(self.control)
        theirs = unpacked(body[-13:]), unpacked(body[-6:])
        read_tpkt(self.control)
        pair = media_pair(self.address, MEDIA)
        self.control.send(tpkt(acknowledge(0, *(it.getsockname() for it in pair))))
        answer(pair, theirs)
        host, port = self.channels[0]
        said = read_tpkt(self.control)[1:].decode()
        for it in pair:
            it.close()
        return said == f'{((host, port - 1), (host, port))} True'

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
