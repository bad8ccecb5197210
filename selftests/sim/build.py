# SPDX-License-Identifier: GPL-2.0
"""Builds the simulation: the module's sources as they are, against the headers
of include/, the daemon's election, and the files of this directory.

A build is a directory of objects. Two things can be different from the tree,
and both are plain replacements of text that must occur exactly once: constants
(a queue of 8192 entries is never full within a run of some seconds), and faults
that are planted to see whether they are found.
"""
import pathlib
import re
import shutil
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parent.parent
KMOD = TOP / 'kmod'
TOOLS = TOP / 'tools'

# What is built of the module: all but netlink, the netdevs and main. capture.c
# includes ct_capture.c.
KERNEL = ['codec', 'codec_link', 'codec_ct', 'codec_msg', 'pace', 'rate', 'window', 'noise', 'lag',
          'filter', 'ct_filter', 'ct_walk',
          'stats', 'seal', 'store', 'msg', 'echo', 'reconnect',
          'history', 'apply', 'refused', 'session', 'session_tx', 'handshake', 'role', 'queue',
          'hello',
          'ct_slot', 'ct_fill', 'ct_extra', 'ct', 'ct_apply', 'bulk', 'unit_history', 'unit_ops',
          'unit_role', 'unit_watch', 'unit']
DAEMON = ['addr', 'drive', 'drive_deeds', 'elect', 'holddown', 'ifpolicy', 'ifstate', 'lookout',
          'messages', 'monitor', 'names', 'notice', 'probe_frame', 'seek']
OURS = ['machine', 'sched', 'timers', 'conntrack', 'net', 'box', 'capture', 'traffic', 'check',
        'policy', 'bridge', 'helper']
OURS_DAEMON = ['daemon', 'verdict']
OURS_PLAIN = ['lan', 'plan', 'world', 'table', 'main']

# file, the line as it is, the line of the small build
SMALL = [
    ('window.h', '#define FO_WINDOW\t256', '#define FO_WINDOW\t64'),
    ('queue.h', '#define FO_SHARD_SIZE\t8192', '#define FO_SHARD_SIZE\t32'),
    ('queue.c', '#define FLUSH_BUDGET\t1024', '#define FLUSH_BUDGET\t24'),
    ('bulk.c', '#define HIGH_WATER\t2048', '#define HIGH_WATER\t16'),
    ('ct_walk.c', '#define WALK_BUCKETS\t256', '#define WALK_BUCKETS\t5'),
    ('ct_walk.c', '#define WALK_BATCH\t64', '#define WALK_BATCH\t8'),
    # no run is that long
    ('drive_deeds.c', '#define DRIVE_GRACE_MS\t15000',
     '#define DRIVE_GRACE_MS\t1500'),
    ('drive_deeds.c', '#define PREEMPT_AGAIN_MS\t30000', '#define PREEMPT_AGAIN_MS\t3000'),
    ('handshake.c', '#define REKEY_TIME\t120000000000ULL', '#define REKEY_TIME\t300000000ULL'),
    ('session.c', '#define PREV_LIFE\t5000000000ULL', '#define PREV_LIFE\t1000000000ULL'),
]

WARNINGS = ['-Wall', '-Wextra', '-Werror', '-Wno-unused-parameter', '-Wno-sign-compare',
            '-Wno-missing-field-initializers', '-Wno-unused-value',
            '-Wno-unused-but-set-variable', '-Wno-unused-function', '-Wno-type-limits']
FAST = ['-O2', '-g']
PLANTED = ['-O1']         # the one file with a fault
CAREFUL = ['-O1', '-g', '-fsanitize=address,undefined', '-fno-sanitize-recover=all',
           '-fno-omit-frame-pointer']


class BuildError(Exception):
    pass


def changed(path, replacements):
    """The text of a file with the replacements that are meant for it."""
    text = path.read_text()
    for name, old, new in replacements:
        if name != path.name:
            continue
        if text.count(old) != 1:
            raise BuildError(f'{name} has no such line any more: {old!r}')
        text = text.replace(old, new)
    return text


def write(path, text):
    """Keeps the time of a file that does not change."""
    if not path.exists() or path.read_text() != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def copy_sources(place, replacements):
    for path in sorted(KMOD.glob('*.[ch]')):
        if path.name.endswith('.mod.c'):
            continue
        write(place / 'kmod' / path.name, changed(path, replacements))
    for path in sorted(TOOLS.glob('*.[ch]')):
        write(place / 'tools' / path.name, changed(path, replacements))


def make_headers(place):
    """Every kernel header that the module includes is shim.h."""
    names = set()
    for path in (place / 'kmod').glob('*.[ch]'):
        names.update(re.findall(r'^#include <((?:linux|net|crypto|trace)/[^>]*)>', path.read_text(), re.M))
    for name in names - {'linux/errno.h'}:
        write(place / 'include' / name, '#include "shim.h"\n')


def units(place):
    """(object, source, flags) of all that is compiled."""
    kernel = ['-D__KERNEL__', f'-I{place}/include', f'-I{HERE}/include', f'-I{HERE}',
              f'-I{place}/kmod', f'-I{TOP}']
    daemon = [f'-I{place}/tools', f'-I{TOP}/uapi', f'-I{HERE}', '-D_GNU_SOURCE',
              '-Dclock_gettime=sim_clock_gettime']
    plain = [f'-I{HERE}', '-D_GNU_SOURCE']
    rows = [(f'k_{n}', place / 'kmod' / f'{n}.c', kernel) for n in KERNEL]
    rows += [(n, HERE / f'{n}.c', kernel) for n in OURS]
    # daemon.c decides whether a unit is as its interfaces are
    real = ['-Dmonitor_unfit=real_monitor_unfit', '-Dmonitor_report=real_monitor_report']
    rows += [(f'd_{n}', place / 'tools' / f'{n}.c', daemon + (real if n == 'monitor' else []))
             for n in DAEMON]
    rows += [(n, HERE / f'{n}.c', daemon) for n in OURS_DAEMON]
    rows += [(n, HERE / f'{n}.c', plain) for n in OURS_PLAIN]
    return rows


def compile_all(place, flags, jobs):
    """Compiles what is older than anything it may include."""
    newest = max(p.stat().st_mtime for d in (place, HERE, HERE / 'include')
                 for p in (d.rglob('*.h') if d == place else d.glob('*.[h]')))
    capture = (place / 'kmod/ct_capture.c').stat().st_mtime
    running, objects, bad = [], [], []

    def reap(most):
        while len(running) > most:
            done = running.pop(0)
            said = done.communicate()[0]
            if done.returncode:
                bad.append(said)

    for name, source, more in units(place):
        obj = place / f'{name}.o'
        objects.append(obj)
        stamp = max(newest, source.stat().st_mtime, capture if name == 'capture' else 0)
        if obj.exists() and obj.stat().st_mtime > stamp:
            continue
        reap(jobs - 1)
        running.append(subprocess.Popen(
            ['gcc', '-std=gnu11', *flags, *WARNINGS, *more, '-c', '-o', obj, source],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True))
    reap(0)
    if bad:
        raise BuildError(''.join(bad))
    return objects


def link(place, flags, jobs=2):
    """Compiles what has changed; returns the program."""
    objects = compile_all(place, flags, jobs)
    program = place / 'sim'
    if not program.exists() or any(o.stat().st_mtime > program.stat().st_mtime
                                   for o in objects):
        done = subprocess.run(['gcc', *flags, '-o', program, *objects], text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode:
            raise BuildError(done.stdout)
    return program


def build(place, flags, replacements):
    copy_sources(place, replacements)
    make_headers(place)
    return link(place, flags)


def plant(base, place, fault):
    """A copy of a build with a fault in one file; only that is compiled again."""
    name = fault[0]
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(base, place)
    paths = [p for p in (place / 'kmod' / name, place / 'tools' / name) if p.exists()]
    # of two with one name that with the line; without it, changed() says so
    path = next((p for p in paths if fault[-2] in p.read_text()), paths[0])
    path.write_text(changed(path, [fault]))
    return link(place, PLANTED, 1)
