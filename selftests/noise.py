#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""A unit in a hundred lines, to hold the module against its specification.

It is a secondary, over UDP, after Documentation/protocol.rst; the handshake and
the seals are those of dissononce, a public Noise library that shares nothing
with the module. Says "associated ..." and then what each new hello of the
primary tells; ends after SECONDS. With the name of a HELPER it is active, and
replicates one connection, which has that helper.

usage: noise.py HERE THERE PORT KEY SECONDS [HELPER]  (KEY: 64 hexadecimal digits)
"""
import os
import socket
import struct
import sys
import time

from dissononce.cipher.chachapoly import ChaChaPolyCipher
from dissononce.dh.x25519.x25519 import X25519DH
from dissononce.hash.blake2s import Blake2sHash
from dissononce.processing.handshakepatterns.interactive.NN import NNHandshakePattern
from dissononce.processing.impl.cipherstate import CipherState
from dissononce.processing.impl.handshakestate import HandshakeState
from dissononce.processing.impl.symmetricstate import SymmetricState
from dissononce.processing.modifiers.psk import PSKPatternModifier

HELLO, DATA, NOISE = 2, 3, 5
INIT, RESP = 2, 3
POLL = 0.1
ACTIVE = 10
RESYNC = 8


def varint(n):
    out = b''
    while n > 0x7f:
        out += bytes([n & 0x7f | 0x80])
        n >>= 7
    return out + bytes([n])


def unvarint(data):
    return sum((b & 0x7f) << 7 * i for i, b in enumerate(data))


def attribute(kind, data):
    short = len(data) < 7
    return bytes([kind << 3 | (len(data) if short else 7)]) + \
        (b'' if short else bytes([len(data)])) + data


def attributes(data):
    """{type: value}; of one that is repeated the last."""
    found = {}
    while data:
        kind, length, at = data[0] >> 3, data[0] & 7, 1
        if length == 7:
            length, at = data[1], 2
        found[kind] = data[at:at + length]
        data = data[at + length:]
    return found


def record(group, op, body):
    return bytes([group << 3 | op, len(body)]) + body


def replica(helper):
    """A bulk sync of one connection of TCP, established; its port is of the helper."""
    ports = struct.pack('>HH', 40000 + len(helper), 21)
    tuple4 = bytes([6, 10, 10, 0, 10, 203, 0, 113, 10]) + ports
    return record(0, 1, varint(1)) + record(1, 1, varint(1) + attribute(1, tuple4) +
        attribute(4, varint(0x186)) + attribute(5, varint(300)) +
        attribute(6, bytes([3, 0x77, 0, 0])) + attribute(14, helper)) + record(0, 2, varint(1))


def header(kind, body, index, counter):
    return struct.pack('>BBHIQ', 1, kind, 16 + body, index, counter)


def first_message(key, assoc, boot, index):
    """A handshake that has begun, and the frame of its INIT."""
    noise = HandshakeState(SymmetricState(CipherState(ChaChaPolyCipher()), Blake2sHash()),
                           X25519DH())
    noise.initialize(PSKPatternModifier(0).modify(NNHandshakePattern()), True,
                     b'nf_failover 1', psks=(key,))
    message = bytearray()
    noise.write_message(
        attribute(1, bytes([INIT])) + attribute(2, b'\2') + attribute(3, assoc) +
        attribute(4, boot) + attribute(5, varint(1)) + attribute(6, b'noise.py') +
        attribute(7, varint(1472)) + attribute(8, index) +
        attribute(9, struct.pack('>Q', time.time_ns())), message)
    return noise, header(NOISE, len(message), 0, 0) + message


class Unit:
    def __init__(self, here, there, port, key):
        family = socket.AF_INET6 if ':' in here else socket.AF_INET
        self.socket = socket.socket(family, socket.SOCK_DGRAM)
        self.socket.bind((here, port))
        self.there = (there, port)
        self.key = key
        self.began = time.time_ns() // 1000000
        self.assoc, self.boot, self.index = os.urandom(4), os.urandom(8), os.urandom(4)

    def receive(self, kind, seconds):
        """The next frame of this type that is for us, or None."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.socket.settimeout(left)
            try:
                frame = self.socket.recv(9000)
            except socket.timeout:
                return None
            length = struct.unpack('>H', frame[2:4])[0]
            if frame[1] == kind and frame[4:8] == self.index:
                return frame[:length]
        return None

    def associate(self):
        noise, init = first_message(self.key, self.assoc, self.boot, self.index)
        payload = bytearray()
        self.socket.sendto(init, self.there)
        frame = self.receive(NOISE, 1)
        if not frame:
            return None
        self.send, self.open = noise.read_message(frame[16:], payload)
        peer = attributes(bytes(payload))
        assert peer[1] == bytes([RESP]) and peer[2] == b'\1', peer
        self.to = struct.unpack('>I', peer[8])[0]
        return peer

    def say(self, kind, counter, body):
        head = header(kind, len(body) + 16, self.to, counter)
        self.send.set_nonce(kind << 56 | counter)
        self.socket.sendto(head + self.send.encrypt_with_ad(head, body), self.there)

    def hello(self, counter, active):
        # a higher epoch than any: the other one has to yield
        state, epoch = (ACTIVE, self.began) if active else (1, 0)
        version = bytes([1, 0, 0]) + b'noise.py'
        self.say(HELLO, counter, attribute(1, bytes([bool(active)])) +
                 attribute(2, bytes([state])) + attribute(3, varint(epoch)) +
                 attribute(4, varint(1 if active else 0)) +
                 attribute(11, b'\1' * 8 + varint(1)) + attribute(12, version))

    def hear(self):
        frame = self.receive(HELLO, POLL)
        if not frame:
            return None
        counter = struct.unpack('>Q', frame[8:16])[0]
        self.open.set_nonce(HELLO << 56 | counter)
        return attributes(self.open.decrypt_with_ad(frame[:16], frame[16:]))


def main():
    here, there, port, key, seconds, *helper = sys.argv[1:]
    unit = Unit(here, there, int(port), bytes.fromhex(key))
    end = time.monotonic() + float(seconds)
    peer = None
    while not peer:
        if time.monotonic() > end:
            sys.exit('no answer')
        peer = unit.associate()
    print('associated version=' + peer[6].decode(), flush=True)
    counter, sent, said = 0, 0, None
    while time.monotonic() < end:
        counter += 1
        unit.hello(counter, helper)
        hello = unit.hear()
        if helper and hello and hello[1] == b'\0' and unvarint(hello.get(4, b'')) & RESYNC:
            # It may be too early, when it has yielded but does not apply yet: it asks
            # anew. And the last one may be lost.
            for number in range(max(sent, 1), sent + 2):
                unit.say(DATA, number, replica(helper[0].encode()))
            sent += 1
        words = hello and f'hello role={hello[1][0]} epoch={unvarint(hello.get(3, b""))}' + \
            (f' helper={hello[14].decode()}' if 14 in hello else '')
        if words and words != said:
            print(words, flush=True)
            said = words


if __name__ == '__main__':
    main()
