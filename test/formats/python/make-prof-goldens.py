#!/usr/bin/env python3
"""Writes down what CPython makes of the .prof files in samples/: python3 make-prof-goldens.py

The goldens next to this script were written by CPython 3.11. Nothing here knows pstat, and no test runs it.

goldens/<path below samples/>.txt, lines of words separated by one space:

    total_calls N           pstats.Stats(file).total_calls, prim_calls, total_tt
    prim_calls N
    total_tt REPR
    functions N             entries of the dict
    edges N                 entries of all callers dicts
    sha256 HEX              of the canonical lines below, each ended by a line feed, in UTF-8

and then, for a small file, every function in dict order, each followed by its callers in dict order:

    function FILE LINE NAME CC NC TT CT
    caller   FILE LINE NAME CC NC TT CT        (of a pure-Python `profile`: CC, TT and CT are `?`, NC is the int)

or, for a large one, the 15 functions of the highest tt, highest first, without callers.
FILE and NAME are JSON strings, non-ASCII characters as they are and lone surrogates escaped; times are Python's repr.

A canonical line is a `function` or `caller` line with the times as the 16 hex digits of the IEEE double, high byte
first (`3fe0000000000000` for 0.5), and single spaces throughout. All functions, each followed by its callers,
both in dict order.

goldens/before-added.txt: pstats.Stats(first, *others) of the ten files of before/, by name. The same lines, but its
canonical lines hold no times, functions stand in code point order of their lines, callers likewise below them:
add() appends new functions last and sums in an order that is its own. Before the lines are made,
` at 0x7f…` is cut from names, as pstat does where it puts files together; here all ten agree anyway.

python2.prof is read by the reader below, for CPython 3 cannot; with --check it is compared with a CPython 2.7.
"""
import glob
import hashlib
import json
import marshal
import os
import pstats
import re
import struct
import subprocess
import sys
import types

HERE = os.path.dirname(os.path.abspath(__file__))
SAMPLES = os.path.join(HERE, '..', '..', 'samples')
GOLDENS = os.path.join(HERE, 'goldens')
HOTTEST = 15


# ---- a reader of its own for marshal version 2 ----

class Python2Marshal:
    """Just the types that CPython 2.7's cProfile writes."""

    def __init__(self, data):
        self.data, self.at, self.interned = data, 0, []

    def take(self, count):
        self.at += count
        assert self.at <= len(self.data)
        return self.data[self.at - count:self.at]

    def int32(self):
        return struct.unpack('<i', self.take(4))[0]

    def text(self, data):
        try:
            return data.decode('utf-8')
        except UnicodeDecodeError:
            return data.decode('latin-1')

    def value(self):
        kind = self.take(1)
        if kind == b'{':
            entries = {}
            while True:
                key = self.value()
                if key is END:
                    return entries
                entries[key] = self.value()
        if kind == b'0':
            return END
        if kind == b'(':
            return tuple(self.value() for _ in range(self.int32()))
        if kind == b'i':
            return self.int32()
        if kind == b'g':
            return struct.unpack('<d', self.take(8))[0]
        if kind == b's':
            return self.text(self.take(self.int32()))
        if kind == b't':
            self.interned.append(self.text(self.take(self.int32())))
            return self.interned[-1]
        if kind == b'R':
            return self.interned[self.int32()]
        raise ValueError(kind)


END = object()


# ---- entries, totals, lines ----

class InMemory:
    """What pstats.Stats takes instead of a file: a profiler that is done. pstats takes the dict away from it."""

    def __init__(self, stats):
        self.stats = dict(stats)

    def create_stats(self):
        pass


def load(path):
    """The dict and its totals, as (total_calls, prim_calls, total_tt)."""
    with open(path, 'rb') as file:
        data = file.read()
    if os.path.basename(path) == 'python2.prof':
        reader = Python2Marshal(data)
        stats = reader.value()
        assert reader.at == len(data)
        return stats, totals(pstats.Stats(InMemory(stats)))
    stats = marshal.loads(data)
    return stats, totals(pstats.Stats(path)) if stats else (0, 0, 0.0)  # pstats refuses an empty dict


def totals(stats):
    return stats.total_calls, stats.prim_calls, float(stats.total_tt)


def text(value):
    written = json.dumps(value, ensure_ascii=False)
    return ''.join(f'\\u{ord(c):04x}' if 0xD800 <= ord(c) <= 0xDFFF else c for c in written)


def key_words(key):
    file, line, name = key
    if isinstance(name, types.CodeType):
        name = f'<code object {name.co_name}, line {name.co_firstlineno}>'
    return f'{text(file)} {line} {text(name)}'


def hexadecimal(seconds):
    return struct.pack('>d', seconds).hex()


def function_line(key, figures, seconds):
    cc, nc, tt, ct = figures
    return f'function {key_words(key)} {cc} {nc} {seconds(tt)} {seconds(ct)}'


def caller_line(key, edge, seconds):
    if isinstance(edge, int):
        return f'caller {key_words(key)} ? {edge} ? ?'
    nc, cc, tt, ct = edge  # swapped, compared with the function's own
    return f'caller {key_words(key)} {cc} {nc} {seconds(tt)} {seconds(ct)}'


def lines(stats, seconds):
    for key, (cc, nc, tt, ct, callers) in stats.items():
        yield function_line(key, (cc, nc, tt, ct), seconds)
        for caller, edge in callers.items():
            yield caller_line(caller, edge, seconds)


def hottest(stats):
    for key in sorted(stats, key=lambda each: -stats[each][2])[:HOTTEST]:
        yield function_line(key, stats[key][:4], decimal)


def decimal(seconds):
    return repr(float(seconds))


def head(stats, sums, canonical):
    digest = hashlib.sha256(''.join(line + '\n' for line in canonical).encode('utf-8')).hexdigest()
    return [f'total_calls {sums[0]}', f'prim_calls {sums[1]}', f'total_tt {sums[2]!r}',
            f'functions {len(stats)}', f'edges {sum(len(value[4]) for value in stats.values())}', f'sha256 {digest}']


def golden(path, whole):
    stats, sums = load(path)
    return head(stats, sums, lines(stats, hexadecimal)) + list(lines(stats, decimal) if whole else hottest(stats))


# ---- add ----

def without_times(stats):
    """Canonical lines of an add(): (function line, its caller lines), in code point order, no times."""
    blocks = []
    for key, (cc, nc, tt, ct, callers) in stats.items():
        own = re.sub(r' \S+ \S+$', '', function_line(key, (cc, nc, tt, ct), decimal))
        edges = sorted(re.sub(r' \S+ \S+$', '', caller_line(caller, edge, decimal)) for caller, edge in callers.items())
        blocks.append([own, *edges])
    return [line for block in sorted(blocks) for line in block]


def without_addresses(stats):
    def cut(key):
        return key[0], key[1], re.sub(r' at 0x[0-9a-fA-F]+', '', key[2])
    result = {cut(key): (*value[:4], {cut(caller): edge for caller, edge in value[4].items()})
              for key, value in stats.items()}
    assert len(result) == len(stats)
    return result


def added(paths):
    sums = pstats.Stats(*paths)
    stats = without_addresses(sums.stats)
    return head(stats, totals(sums), without_times(stats)) + list(hottest(stats))


# ---- files ----

def write(name, content):
    path = os.path.join(GOLDENS, name + '.txt')
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'w', encoding='utf-8', newline='\n') as file:
        file.write('\n'.join(content) + '\n')


def below(*pattern):
    return sorted(os.path.relpath(path, SAMPLES) for path in glob.glob(os.path.join(SAMPLES, *pattern)))


def main():
    small = below('odd', '*.prof')
    large = below('*.prof') + below('before', '*.prof') + below('after', '*.prof')
    for name in small + large:
        write(name, golden(os.path.join(SAMPLES, name), whole=name in small))
    write('before-added', added([os.path.join(SAMPLES, name) for name in below('before', '*.prof')]))
    print(f'{len(small) + len(large) + 1} goldens written')


CHECK = '''
import marshal, sys
for (f, l, n), (cc, nc, tt, ct, callers) in marshal.load(open(sys.argv[1], 'rb')).items():
    print([f, l, n, cc, nc, repr(tt), repr(ct), sorted(k + v for k, v in callers.items())])
'''


def check(python2):
    """Compares this file's reader with CPython 2.7 itself: --check PYTHON2."""
    path = os.path.join(SAMPLES, 'odd', 'python2.prof')
    theirs = subprocess.run([python2, '-c', CHECK, path], capture_output=True, text=True, check=True).stdout.splitlines()
    stats, _ = load(path)
    ours = [str([f, l, n, cc, nc, repr(tt), repr(ct), sorted(k + v for k, v in callers.items())])
            for (f, l, n), (cc, nc, tt, ct, callers) in stats.items()]
    assert sorted(ours) == sorted(theirs), set(ours) ^ set(theirs)
    print('the same as CPython 2.7')


if __name__ == '__main__':
    main()
    if sys.argv[1:2] == ['--check']:
        check(sys.argv[2])
