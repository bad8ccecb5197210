#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Both ends of PPTP (RFC 2637): control connections, and packets of calls in GRE.

usage: pptp.py server ADDRESS...
       pptp.py client ADDRESS SERVER CALL

The server says "ready", takes any number of sessions, and sends back whatever it
hears of a call that belongs to the one who sends it. The client has one session,
from ADDRESS, and calls with the number CALL. It is told what to do, a word a line,
and says "ok", or what is wrong:

start         opens the session
ask           asks for a call, which the server accepts only when
accepted      it gets an echo request
call          makes a call that is accepted at once
data [MS]     a packet of the call, again until it comes back
knock [MS]    the other way round: the server sends the first packet, when it is asked
              to by an echo request in the session
clear         ends the call
"""
import fcntl
import selectors
import socket
import struct
import sys
import termios
import time

COOKIE = 0x1a2b3c4d
START, STARTED, ECHO, ECHOED, CALL, CALLED, CLEAR, CLEARED = 1, 2, 5, 6, 7, 8, 12, 13
PATIENT = 2     # serial number of a call that is not accepted at once
FORMAT = {
    START: '!HHIIHH64s64s', STARTED: '!HBBIIHH64s64s',
    ECHO: '!I', ECHOED: '!IBBH',
    CALL: '!HHIIIIHHHH64s64s', CALLED: '!HHBBHIHHI',
    CLEAR: '!HH', CLEARED: '!HBBHH128s',
}


def message(kind, *fields):
    size = struct.calcsize(FORMAT[kind])
    body = struct.pack(FORMAT[kind], *fields)
    return struct.pack('!HHIHH', 12 + size, 1, COOKIE, kind, 0) + body


def receive(sock):
    """The next message: its kind and fields; None at the end."""
    head = sock.recv(12, socket.MSG_WAITALL)
    if len(head) < 12:
        return None
    size, _, cookie, kind, _ = struct.unpack('!HHIHH', head)
    assert cookie == COOKIE and kind in FORMAT, f'message {kind}'
    body = sock.recv(size - 12, socket.MSG_WAITALL)
    # one that is sent again is seen by the helper, which expects its call once more
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
    return kind, struct.unpack(FORMAT[kind], body)


class Gre:
    """GRE of version 1 from and to one address."""
    def __init__(self, address):
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_GRE)
        self.sock.bind((address, 0))
        self.number = 0

    def send(self, to, call, data):
        head = struct.pack('!HHHHI', 0x3001, 0x880b, len(data), call, self.number)
        self.number += 1
        self.sock.sendto(head + data, (to, 0))

    def receive(self):
        """Who has sent the next packet, its call and what is in it."""
        packet, (peer, _) = self.sock.recvfrom(2048)
        gre = packet[(packet[0] & 15) * 4:]
        flags, kind, size, call = struct.unpack_from('!HHHH', gre)
        assert flags & 7 == 1 and kind == 0x880b, 'another GRE'
        return peer, call, gre[8 + (flags >> 10 & 4) + (flags >> 5 & 4):][:size]


class Server:
    def __init__(self, addresses):
        self.watch = selectors.DefaultSelector()
        self.calls = {}     # by its number here: GRE, peer, the number there
        self.next = 0x4000
        for address in addresses:
            gre = Gre(address)
            self.watch.register(gre.sock, selectors.EVENT_READ, lambda gre=gre: self.echo(gre))
            listener = socket.create_server((address, 1723))
            self.watch.register(listener, selectors.EVENT_READ,
                                lambda gre=gre, it=listener: self.accept(it, gre))

    def accept(self, listener, gre):
        sock, (peer, _) = listener.accept()
        mine, asked = [], []
        self.watch.register(sock, selectors.EVENT_READ,
                            lambda: self.answer(sock, gre, peer, mine, asked))

    def take(self, sock, gre, peer, mine, call):
        self.next += 1
        mine.append(self.next)
        self.calls[self.next] = gre, peer, call
        sock.send(message(CALLED, self.next, call, 1, 0, 0, 64000, 64, 0, 0))

    def answer(self, sock, gre, peer, mine, asked):
        got = receive(sock)
        if not got:
            self.watch.unregister(sock)
            sock.close()
            return
        kind, fields = got
        if kind == START:
            sock.send(message(STARTED, 0x100, 1, 0, 3, 3, 0, 0, b'server', b''))
        elif kind == CALL and fields[1] == PATIENT:
            asked.append(fields[0])
        elif kind == CALL:
            self.take(sock, gre, peer, mine, fields[0])
        elif kind == ECHO:
            while asked:
                self.take(sock, gre, peer, mine, asked.pop())
            sock.send(message(ECHOED, fields[0], 1, 0, 0))
            for call in mine:
                gre.send(peer, self.calls[call][2], b'knock')
        elif kind == CLEAR:
            for call in mine:
                del self.calls[call]
                sock.send(message(CLEARED, call, 4, 0, 0, 0, b''))
            mine.clear()

    def echo(self, gre):
        peer, call, data = gre.receive()
        if self.calls.get(call, ())[:2] == (gre, peer):
            gre.send(peer, self.calls[call][2], data)

    def serve(self):
        print('ready', flush=True)
        while True:
            for key, _ in self.watch.select():
                key.data()


class Client:
    def __init__(self, address, server, call):
        self.gre = Gre(address)
        self.address, self.server, self.call = address, server, int(call)
        self.control = self.peer = None
        self.round = 0

    def hear(self, answer):
        """The fields of the next message, which has to be of that kind."""
        got = receive(self.control)
        assert got and got[0] == answer, f'no answer, but {got}'
        return got[1]

    def ask(self, answer, *fields):
        """Sends a message; the fields of its answer."""
        self.control.send(message(*fields))
        return self.hear(answer)

    def do_start(self, _):
        self.control = socket.create_connection((self.server, 1723), 60,
                                                (self.address, 0))
        assert self.ask(STARTED, START, 0x100, 0, 3, 3, 0, 0, b'client', b'')[1] == 1

    def request(self, serial):
        self.control.send(message(CALL, self.call, serial, 300, 10 ** 8, 3, 3, 64, 0, 0, 0,
                                  b'', b''))

    def called(self):
        call, mine, result = self.hear(CALLED)[:3]
        assert (mine, result) == (self.call, 1), f'call {mine}, result {result}'
        self.peer = call

    def do_ask(self, _):
        self.request(PATIENT)
        # what is not acknowledged would be sent again after a takeover, and seen
        while any(fcntl.ioctl(self.control, termios.TIOCOUTQ, b'\0\0\0\0')):
            time.sleep(0.01)

    def do_accepted(self, _):
        self.control.send(message(ECHO, 2))
        self.called()
        self.hear(ECHOED)

    def do_call(self, _):
        self.request(1)
        self.called()

    def do_clear(self, _):
        self.ask(CLEARED, CLEAR, self.call, 0)
        self.peer = None

    def hears(self, data, until):
        while (left := until - time.monotonic()) > 0:
            self.gre.sock.settimeout(left)
            try:
                if self.gre.receive() == (self.server, self.call, data):
                    return True
            except TimeoutError:
                return False
        return False

    def again(self, limit, data, send):
        """Sends until something is heard; not later than after LIMIT milliseconds."""
        end = time.monotonic() + limit / 1000
        while time.monotonic() < end:
            send()
            if self.hears(data, min(end, time.monotonic() + 0.2)):
                return
        raise TimeoutError('nothing heard')

    def do_data(self, limit):
        self.round += 1
        data = b'packet %d' % self.round
        self.again(limit, data, lambda: self.gre.send(self.server, self.peer, data))

    def do_knock(self, limit):
        self.again(limit, b'knock', lambda: self.ask(ECHOED, ECHO, 1))

    def serve(self):
        print('ready', flush=True)
        for line in sys.stdin:
            word, *limit = line.split()
            try:
                getattr(self, f'do_{word}')(int(limit[0]) if limit else 10000)
                print('ok', flush=True)
            except (AssertionError, OSError) as error:
                print(f'{word}: {error}', flush=True)


if __name__ == '__main__':
    {'server': lambda *them: Server(them), 'client': Client}[sys.argv[1]](*sys.argv[2:]).serve()
