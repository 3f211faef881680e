#!/usr/bin/env python3
"""Writes the files next to this script that pstat must refuse, each for the reason in its name: python3 make.py

Standard library only; every run writes the same bytes. The .cpuprofile files start from one small sound
profile, the .prof files are put together byte by byte (Python's own marshal chooses among several encodings).
"""
import base64
import json
import os
import pickle
import struct
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))


# ---- V8 profiles ----

def call_frame(name, script='0', url='', line=-1, column=-1):
    return {'functionName': name, 'scriptId': script, 'url': url, 'lineNumber': line, 'columnNumber': column}


def sound():
    """(root) ── main ── handle: a profile with nothing wrong."""
    return {
        'nodes': [
            {'id': 1, 'callFrame': call_frame('(root)'), 'hitCount': 0, 'children': [2]},
            {'id': 2, 'callFrame': call_frame('main', '7', 'file:///srv/app/main.js', 0, 9), 'hitCount': 1,
             'children': [3]},
            {'id': 3, 'callFrame': call_frame('handle', '7', 'file:///srv/app/main.js', 9, 9), 'hitCount': 2},
        ],
        'startTime': 1_000_000, 'endTime': 1_008_000,
        'samples': [2, 3, 3], 'timeDeltas': [5000, 1000, 1000],
    }


def changed(**fields):
    return {**sound(), **fields}


def with_node(number, **fields):
    """The sound profile with fields of one node replaced; a field that is None is removed."""
    document = sound()
    node = document['nodes'][number - 1]
    node.update(fields)
    for key in [key for key, value in node.items() if value is None]:
        del node[key]
    return document


def with_frame(number, **fields):
    document = sound()
    document['nodes'][number - 1]['callFrame'].update(fields)
    return document


def two_parents():
    document = sound()
    document['nodes'][0]['children'] = [2, 3]
    return document


def cycle_beside_the_root():
    """main and handle are each other's child, and (root) has none."""
    document = sound()
    del document['nodes'][0]['children']
    document['nodes'][2]['children'] = [2]
    return document


def compact(document):
    return json.dumps(document, separators=(',', ':'))


def to_bytes(content):
    if isinstance(content, bytes):
        return content
    return (content if isinstance(content, str) else compact(content)).encode()


def gzipped(content, crc=None):
    """RFC 1952 by hand: no time, no name, and any checksum."""
    data = to_bytes(content)
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = deflate.compress(data) + deflate.flush()
    checksum = zlib.crc32(data) if crc is None else crc
    return b'\x1f\x8b\x08\0\0\0\0\0\x02\xff' + body + struct.pack('<II', checksum, len(data))


SOUND = compact(sound())

V8 = {
    'truncated.cpuprofile': SOUND[:len(SOUND) // 2],
    'empty.cpuprofile': '',
    'not-json.cpuprofile': 'nodes: 3, startTime: 1000000\n',
    'nodes-missing.cpuprofile': {},
    'nodes-not-an-array.cpuprofile': changed(nodes={'1': call_frame('(root)')}),
    'json-null.cpuprofile': 'null',
    'json-empty-array.cpuprofile': '[]',
    'nested-brackets.cpuprofile': '[' * 2400 + ']' * 2400,
    'duplicate-node-ids.cpuprofile': with_node(3, id=2),
    'id-is-a-string.cpuprofile': with_node(2, id='2'),
    'child-not-in-nodes.cpuprofile': with_node(3, children=[4]),
    'children-not-an-array.cpuprofile': with_node(2, children=3),
    'two-parents.cpuprofile': two_parents(),
    'parent-cycle.cpuprofile': cycle_beside_the_root(),
    'root-is-a-child.cpuprofile': with_node(3, children=[1]),
    'own-child.cpuprofile': with_node(3, children=[3]),
    'node-without-callframe.cpuprofile': with_node(3, callFrame=None),
    'function-name-is-a-number.cpuprofile': with_frame(3, functionName=42),
    'samples-not-an-array.cpuprofile': changed(samples={'0': 2, '1': 3}),
    'delta-is-a-string.cpuprofile': changed(timeDeltas=[5000, '1000', 1000]),
    'delta-is-infinite.cpuprofile': SOUND.replace('[5000,1000,1000]', '[5000,1e999,1000]'),
    'gzip-cut-short.cpuprofile.gz': gzipped(SOUND)[:120],
    'gzip-crc-wrong.cpuprofile.gz': gzipped(SOUND, crc=0xDEADBEEF),
    'gzip-of-nothing.cpuprofile.gz': gzipped(''),
    'trace-cut-inside-event.json':
        '[{"pid":41,"tid":42,"ts":1000000,"ph":"P","cat":"disabled-by-default-v8.cpu_profiler","name":"Profile",'
        '"id":"0x1","args":{"data":{"startTime":1000000}}},\n{"pid":41,"tid":42,"ts":1007000,"ph":"P","na',
    'trace-without-profile.json': {'traceEvents': [
        {'pid': 41, 'tid': 42, 'ts': 0, 'ph': 'M', 'cat': '__metadata', 'name': 'thread_name',
         'args': {'name': 'CrRendererMain'}},
        {'pid': 41, 'tid': 42, 'ts': 1_000_000, 'dur': 500, 'ph': 'X', 'cat': 'devtools.timeline',
         'name': 'RunTask', 'args': {}},
    ], 'metadata': {'source': 'DevTools'}},
}


# ---- Python profiles ----

# A real one, by cProfile of CPython 3.11: one lambda, called once.
ONE_LAMBDA = bytes.fromhex(
    'fb2903fa017ee900000000fa303c6d6574686f64202764697361626c6527206f6620275f6c7370726f662e50726f66696c657227'
    '206f626a656374733e2905e9010000007204000000671ce86cc43ddd833e671ce86cc43ddd833e7b302903fa172f7372762f6170'
    '702f70726f66696c655f7a6f6f2e7079e99c000000fa083c6c616d6264613e290572040000007204000000679c61ec8296b59a3e'
    '679c61ec8296b59a3e7b3030')

END = b'0'


def integer(value):
    return b'i' + struct.pack('<i', value)


def real(value):
    return b'g' + struct.pack('<d', value)


def text(value):
    data = value.encode()
    return b'u' + struct.pack('<i', len(data)) + data


def tuple_of(*items):
    return b')' + bytes([len(items)]) + b''.join(items)


def list_of(*items):
    return b'[' + struct.pack('<i', len(items)) + b''.join(items)


def dict_of(*pairs):
    return b'{' + b''.join(key + value for key, value in pairs) + END


KEY = tuple_of(text('/srv/app/main.py'), integer(1), text('main'))
CALLER = tuple_of(text('/srv/app/main.py'), integer(9), text('start'))
NO_CALLERS = dict_of()
VALUE = tuple_of(integer(1), integer(1), real(0.25), real(1.0), NO_CALLERS)
TOO_DEEP = 2100  # CPython's own reader stops at 2,000

PYTHON = {
    'truncated.prof': ONE_LAMBDA[:len(ONE_LAMBDA) // 2],
    'empty.prof': b'',
    'list-not-dict.prof': list_of(integer(1), integer(2), integer(3)),
    'key-not-a-tuple.prof': dict_of((text('main'), VALUE)),
    'key-of-two.prof': dict_of((tuple_of(text('/srv/app/main.py'), integer(1)), VALUE)),
    'line-is-text.prof': dict_of((tuple_of(text('/srv/app/main.py'), text('1'), text('main')), VALUE)),
    'value-of-three.prof': dict_of((KEY, tuple_of(integer(1), integer(1), real(0.25)))),
    'time-is-text.prof': dict_of((KEY, tuple_of(integer(1), integer(1), text('0.25'), real(1.0), NO_CALLERS))),
    'callers-not-a-dict.prof': dict_of((KEY, tuple_of(integer(1), integer(1), real(0.25), real(1.0), list_of()))),
    'edge-of-two.prof': dict_of((KEY, tuple_of(integer(1), integer(1), real(0.25), real(1.0),
                                               dict_of((CALLER, tuple_of(integer(1), integer(1))))))),
    'length-lies.prof': b'{' + tuple_of(b'u' + struct.pack('<i', 0x7FFFFFFF) + b'main.py'),
    'length-is-negative.prof': b'{' + tuple_of(b'u' + struct.pack('<i', -1) + b'main.py', integer(1), text('main')),
    'nested-too-deep.prof': b'{' + b')\x01' * TOO_DEEP + integer(1) + VALUE + END,
    'reference-to-nothing.prof': dict_of((KEY, b'r' + struct.pack('<i', 99))),
}


# ---- look-alikes: sound files of another kind, some with a profile's name ----

def varint(value):
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(out + bytes([value]))


def message(*fields):
    """A protocol buffer of (number, int or bytes)."""
    out = b''
    for number, value in fields:
        if isinstance(value, int):
            out += varint(number << 3) + varint(value)
        else:
            out += varint(number << 3 | 2) + varint(len(value)) + value
    return out


def go_pprof():
    """One sample of main.main, 10 ms, in the format of profile.proto."""
    strings = ['', 'samples', 'count', 'cpu', 'nanoseconds', 'main.main', '/srv/app/main.go']
    return message(
        (1, message((1, 1), (2, 2))),                              # sample_type: samples, count
        (1, message((1, 3), (2, 4))),                              # sample_type: cpu, nanoseconds
        (2, message((1, varint(1)), (2, varint(1) + varint(10_000_000)))),  # sample: location 1
        (4, message((1, 1), (4, message((1, 1), (2, 12))))),       # location 1: function 1, line 12
        (5, message((1, 1), (2, 5), (3, 5), (4, 6))),              # function 1
        *((6, string.encode()) for string in strings),
        (9, 1_552_408_596_000_000_000),                            # time_nanos
        (10, 10_000_000),                                          # duration_nanos
        (11, message((1, 3), (2, 4))),                             # period_type
        (12, 10_000_000))                                          # period


HEAP_PROFILE = {
    'head': {'callFrame': call_frame('(root)'), 'selfSize': 0, 'id': 1, 'children': [
        {'callFrame': call_frame('build', '81', 'file:///srv/app/main.js', 1, 15), 'selfSize': 524_320, 'id': 2,
         'children': []}]},
    'samples': [{'size': 524_320, 'nodeId': 2, 'ordinal': 3}],
}

HEAP_SNAPSHOT = {
    'snapshot': {'meta': {'node_fields': ['type', 'name', 'id', 'self_size', 'edge_count', 'trace_node_id',
                                          'detachedness'],
                          'node_types': [['hidden', 'object'], 'string', 'number', 'number', 'number', 'number',
                                         'number'],
                          'edge_fields': ['type', 'name_or_index', 'to_node'],
                          'edge_types': [['context', 'element'], 'string_or_number', 'node']},
                 'node_count': 1, 'edge_count': 0, 'trace_function_count': 0},
    'nodes': [1, 0, 1, 16, 0, 0, 0], 'edges': [], 'samples': [], 'locations': [], 'strings': ['(root)'],
}

SPEEDSCOPE = {
    '$schema': 'https://www.speedscope.app/file-format-schema.json',
    'shared': {'frames': [{'name': 'main', 'file': '/srv/app/main.js', 'line': 1, 'col': 10}, {'name': 'handle'}]},
    'profiles': [{'type': 'sampled', 'name': 'main', 'unit': 'milliseconds', 'startValue': 0, 'endValue': 3,
                  'samples': [[0], [0, 1], [0, 1]], 'weights': [1, 1, 1]}],
    'activeProfileIndex': 0, 'exporter': 'speedscope@1.20.0', 'name': 'main',
}

FIREFOX_PROFILE = {
    'meta': {'interval': 1, 'startTime': 1_552_408_596_000, 'processType': 0, 'product': 'Firefox', 'stackwalk': 1,
             'version': 29, 'preprocessedProfileVersion': 48, 'categories': [{'name': 'Other', 'color': 'grey'}]},
    'libs': [],
    'threads': [{'name': 'GeckoMain', 'processType': 'default', 'pid': '41', 'tid': 42,
                 'samples': {'length': 1, 'stack': [0], 'time': [1000.5], 'weight': None, 'weightType': 'samples'},
                 'stackTable': {'length': 1, 'frame': [0], 'prefix': [None], 'category': [0]},
                 'frameTable': {'length': 1, 'func': [0], 'line': [1]},
                 'funcTable': {'length': 1, 'name': [0], 'isJS': [True]}, 'stringArray': ['main']}],
}

PYTHON_REPORT = '''\
         12 function calls in 0.001 seconds

   Ordered by: internal time

   ncalls  tottime  percall  cumtime  percall filename:lineno(function)
        1    0.001    0.001    0.001    0.001 /srv/app/main.py:1(main)
       11    0.000    0.000    0.000    0.000 {built-in method builtins.len}


'''

HASKELL_REPORT = '''\
\tTue Mar 12 16:36 2019 Time and Allocation Profiling Report  (Final)

\t   main +RTS -p -RTS

\ttotal time  =        0.03 secs   (30 ticks @ 1000 us, 1 processor)
\ttotal alloc =  12,345,678 bytes  (excludes profiling overheads)

COST CENTRE MODULE SRC                %time %alloc

main        Main   main.hs:3:1-20      96.7   99.1
'''

CALLGRIND = '''\
# callgrind format
version: 1
creator: callgrind-3.19.0
pid: 41
cmd: main
positions: line
events: Ir

fl=(1) /srv/app/main.c
fn=(1) main
3 1200
'''

WEB_PAGE = '''\
<!DOCTYPE html>
<html><head><title>Sign in</title></head>
<body><p>You are signed out. Sign in to download GET.resource_providers.prof</p></body></html>
'''

GIT_LFS_POINTER = '''\
version https://git-lfs.github.com/spec/v1
oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393
size 76136
'''

NODE_PROF_LOG = '''\
v8-version,11,3,244,8,-node.38,0
v8-platform,linux,linux
code-creation,JS,10,6021,0x7f08a3036380,512,main file:///srv/app/main.js:1:10,0x1d2c3b4a5968,~
tick,0x7f08a303638f,7512,0,0x0,0
'''


def gperftools():
    """64-bit little-endian slots: header, one record, trailer; then the text of the mapped objects."""
    slots = [0, 3, 0, 10_000, 0] + [1, 2, 0x400526, 0x400588] + [0, 1, 0]
    return struct.pack(f'<{len(slots)}Q', *slots) + b'build=/srv/app/main\n00400000-00401000 r-xp 00000000 08:01 41 $build\n'


def elf_header():
    return b'\x7fELF\x02\x01\x01' + bytes(9) + struct.pack('<HHIQQQIHHHHHH', 2, 62, 1, 0x400000, 0, 0, 0, 64, 56, 0, 64, 0, 0)


# One transparent pixel.
PNG = base64.b64decode('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==')

LOOK_ALIKES = {
    'heap-profile.heapprofile': HEAP_PROFILE,
    'heap-snapshot.heapsnapshot': HEAP_SNAPSHOT,
    'speedscope.json': SPEEDSCOPE,
    'firefox-profile.json': FIREFOX_PROFILE,
    'folded-stacks.txt': 'main;handle;parse 12\nmain;handle 3\nmain 1\n',
    'node-prof-isolate.log': NODE_PROF_LOG,
    'callgrind.out': CALLGRIND,
    'web-page.html': WEB_PAGE,
    'git-lfs-pointer.cpuprofile': GIT_LFS_POINTER,
    'go-pprof.pb.gz': gzipped(go_pprof()),
    'gperftools.prof': gperftools(),
    'haskell-report.prof': HASKELL_REPORT,
    'python-text-report.prof': PYTHON_REPORT,
    'python-pickle.prof': pickle.dumps({('/srv/app/main.py', 1, 'main'): (1, 1, 0.25, 1.0, {})}, protocol=4),
    'png-image.prof': PNG,
    'elf-program.prof': elf_header(),
}


if __name__ == '__main__':
    files = {**V8, **PYTHON, **LOOK_ALIKES}
    for name, content in files.items():
        with open(os.path.join(HERE, name), 'wb') as file:
            file.write(to_bytes(content))
    print(f'{len(files)} files written')
