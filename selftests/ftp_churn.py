#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Sessions of FTP that come and go.

Each session logs in, announces some data connections, passive or active, takes
its time, fetches FILE by most of them and forgets the others, and ends, in good
order or not; then there is another one. On SIGTERM it says how many there were.

usage: ftp_churn.py SESSIONS SEED FILE SECONDS HOST...
       (SECONDS: the limit of each answer; hosts are taken by turns)
"""
import ftplib
import os
import random
import signal
import socket
import sys
import threading
import time

count = dict.fromkeys(('sessions', 'announced', 'fetched', 'forgotten', 'failed'), 0)


def fetch(ftp, how, where, name, limit):
    if how == 'passive':
        data = socket.create_connection(where, limit)
        ftp.sendcmd(f'RETR {name}')
    else:
        ftp.sendcmd(f'RETR {name}')
        data = where.accept()[0]
        data.settimeout(limit)
    while data.recv(65536):
        pass
    data.close()
    ftp.voidresp()
    count['fetched'] += 1


def session(rnd, host, name, limit):
    ftp = ftplib.FTP(host, timeout=limit)
    ftp.login()
    ftp.voidcmd('TYPE I')
    count['sessions'] += 1
    for _ in range(rnd.randint(1, 5)):
        how = rnd.choice(('passive', 'active'))
        where = ftp.makepasv() if how == 'passive' else ftp.makeport()
        count['announced'] += 1
        time.sleep(rnd.uniform(0.2, 2))
        if rnd.random() < 0.7:
            fetch(ftp, how, where, name, limit)
        else:
            count['forgotten'] += 1
    if rnd.random() < 0.7:
        ftp.quit()
    else:
        ftp.close()


def sessions(rnd, hosts, name, limit):
    while True:
        try:
            session(rnd, rnd.choice(hosts), name, limit)
        except (OSError, EOFError, ftplib.Error) as err:
            count['failed'] += 1
            print(f'failed: {err!r}', file=sys.stderr, flush=True)
            time.sleep(1)


def report():
    print(*(f'{k}={v}' for k, v in count.items()), flush=True)
    os._exit(0)


def main():
    number, seed, name, limit, *hosts = sys.argv[1:]
    # In all threads: one that was stopped takes it up only if nobody else does.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    for i in range(int(number)):
        rnd = random.Random(f'{seed} {i}')
        threading.Thread(target=sessions, daemon=True,
                         args=(rnd, hosts, name, float(limit))).start()
    print('ready', file=sys.stderr, flush=True)
    signal.sigwait({signal.SIGTERM})
    report()


if __name__ == '__main__':
    main()
