#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""INITs of one start of a secondary unit that has the key, and never goes on.

usage: inits.py IFACE MAC KEY PER_SECOND SECONDS     (KEY: 64 hexadecimal digits)
"""
import os
import socket
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))

from noise import first_message  # noqa: E402  (it is found there)


def main():
    iface, mac, key, rate, seconds = sys.argv[1:]
    link = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    link.bind((iface, 0))
    ethernet = bytes.fromhex(mac.replace(':', '')) + b'\2\0\0\xba\xad\1' + b'\x88\xb5'
    assoc, boot = os.urandom(4), os.urandom(8)
    count = int(rate) * int(seconds)
    for _ in range(count):
        link.send(ethernet + first_message(bytes.fromhex(key), assoc, boot, os.urandom(4))[1])
        time.sleep(1 / int(rate))
    print(f'frames sent={count}')


main()
