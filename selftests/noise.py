#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""A unit in a hundred lines, to hold the module against its specification.

It is a secondary, over UDP, after Documentation/protocol.rst; the handshake and
the seals are those of dissononce, a public Noise library that shares nothing
with the module. Says "associated ..." and then what each new hello of the
primary tells; ends after SECONDS.

usage: noise.py HERE THERE PORT KEY SECONDS     (KEY: 64 hexadecimal digits)
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

HELLO, NOISE = 2, 5
INIT, RESP = 2, 3
POLL = 0.1


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

    def hello(self, counter):
        version = bytes([1, 0, 0]) + b'noise.py'
        body = attribute(1, b'\0') + attribute(2, b'\1') + attribute(3, varint(0)) + \
            attribute(4, varint(0)) + attribute(11, b'\1' * 8 + varint(1)) + \
            attribute(12, version)
        head = header(HELLO, len(body) + 16, self.to, counter)
        self.send.set_nonce(HELLO << 56 | counter)
        self.socket.sendto(head + self.send.encrypt_with_ad(head, body), self.there)

    def hear(self):
        frame = self.receive(HELLO, POLL)
        if not frame:
            return None
        counter = struct.unpack('>Q', frame[8:16])[0]
        self.open.set_nonce(HELLO << 56 | counter)
        return attributes(self.open.decrypt_with_ad(frame[:16], frame[16:]))


def main():
    here, there, port, key, seconds = sys.argv[1:]
    unit = Unit(here, there, int(port), bytes.fromhex(key))
    end = time.monotonic() + float(seconds)
    peer = None
    while not peer:
        if time.monotonic() > end:
            sys.exit('no answer')
        peer = unit.associate()
    print('associated version=' + peer[6].decode(), flush=True)
    counter, said = 0, None
    while time.monotonic() < end:
        counter += 1
        unit.hello(counter)
        hello = unit.hear()
        words = hello and f'hello role={hello[1][0]} epoch={unvarint(hello.get(3, b""))}'
        if words and words != said:
            print(words, flush=True)
            said = words


if __name__ == '__main__':
    main()
