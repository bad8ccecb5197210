#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""A client of FTP that takes its time between what it announces and what it does.

Logs in and announces a data connection: it asks where to (passive), or says
where from (active). Says "announced", waits for SIGUSR1, and fetches the file.
No answer may take longer than SECONDS.

usage: ftp.py active|passive HOST FILE SECONDS     (writes it to standard output)
"""
import ftplib
import signal
import socket
import sys


def main():
    how, host, name, limit = sys.argv[1:]
    limit = float(limit)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
    ftp = ftplib.FTP(host, timeout=limit)
    ftp.login()
    ftp.voidcmd('TYPE I')
    if how == 'passive':
        where = ftp.makepasv()
    else:
        listener = ftp.makeport()
    # one that is sent again is seen by the helper, which expects it once more
    ftp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
    print('announced', file=sys.stderr, flush=True)
    signal.sigwait({signal.SIGUSR1})
    if how == 'passive':
        data = socket.create_connection(where, limit)
        ftp.sendcmd(f'RETR {name}')
    else:
        ftp.sendcmd(f'RETR {name}')
        data = listener.accept()[0]
        data.settimeout(limit)
    while part := data.recv(65536):
        sys.stdout.buffer.write(part)
    data.close()
    ftp.voidresp()
    ftp.quit()


if __name__ == '__main__':
    main()
