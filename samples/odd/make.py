#!/usr/bin/env python3
"""Writes the valid but unusual profiles next to this script: python3 make.py

Standard library only; every run writes the same bytes. Four files come from elsewhere (see ../README.md) and
are not touched: python2.prof, profile-module.prof, big-integers.prof, unicode-names.prof.

Most files share one small tree, in which `a` calls itself:

    (root) ─┬─ (program)
            ├─ (garbage collector)
            ├─ (idle)
            └─ main ─┬─ a ── a
                     └─ b
"""
import json
import marshal
import os

HERE = os.path.dirname(os.path.abspath(__file__))
START = 1_000_000  # µs

ROOT, PROGRAM, GC, IDLE, MAIN, A, AA, B = range(1, 9)
NAMES = {ROOT: '(root)', PROGRAM: '(program)', GC: '(garbage collector)', IDLE: '(idle)',
         MAIN: 'main', A: 'a', AA: 'a', B: 'b'}
CHILDREN = {ROOT: [PROGRAM, GC, IDLE, MAIN], MAIN: [A, B], A: [AA]}
LINES = {'main': 0, 'a': 9, 'b': 19}  # 0-based, as V8 counts
APP = 'file:///srv/app/main.js'


def call_frame(name, script='0', url='', line=-1, column=-1):
    return {'functionName': name, 'scriptId': script, 'url': url, 'lineNumber': line, 'columnNumber': column}


def frame_of(node):
    name = NAMES[node]
    return call_frame(name) if name.startswith('(') else call_frame(name, '7', APP, LINES[name], 9)


def tree(samples):
    """The shared tree, its hit counts taken from the samples."""
    nodes = []
    for node in NAMES:
        entry = {'id': node, 'callFrame': frame_of(node), 'hitCount': samples.count(node)}
        if node in CHILDREN:
            entry['children'] = CHILDREN[node]
        nodes.append(entry)
    return nodes


def profile(samples, deltas, duration):
    return {'nodes': tree(samples), 'startTime': START, 'endTime': START + duration,
            'samples': samples, 'timeDeltas': deltas}


def without(document, *keys):
    return {key: value for key, value in document.items() if key not in keys}


def plain():
    """Start-up before the first sample, an even rhythm, a longer last gap."""
    return profile([MAIN, A, B, B], [5000, 1000, 1000, 2000], 9700)


def even():
    """Four samples, 1 ms apart."""
    return profile([MAIN, A, B, B], [1000] * 4, 5000)


# ---- the same tree, other times ----

def recursion():
    return profile([A, AA, AA, B], [1000] * 4, 5000)


def gc_after_function():
    return profile([A, GC, GC, A, B], [1000] * 5, 6000)


def gc_after_idle():
    return profile([A, IDLE, GC, B], [1000] * 4, 5000)


def lone_program():
    return profile([A, PROGRAM, B, B], [1000] * 4, 5000)


def negative_deltas():
    """The third sample was taken before the second."""
    return profile([MAIN, A, B, MAIN], [1000, 1000, -400, 1400], 4000)


def huge_gap():
    """Half a second passes between two samples, as when the machine sleeps."""
    return profile([MAIN, A, A, B], [1000, 1000, 500_000, 1000], 504_000)


def long_tail():
    """The last sample comes 0.9 s before the end."""
    return profile([MAIN, A, B, B], [1000] * 4, 904_000)


def unknown_sample_id():
    """The third sample names node 99, which is not in the file."""
    return profile([MAIN, A, 99, B], [1000] * 4, 5000)


# ---- less than usual ----

def no_end_time():
    return without(even(), 'endTime')


def end_time_zero():
    return {**even(), 'endTime': 0}


def no_deltas():
    return without(profile([MAIN, A, B, B], [], 4000), 'timeDeltas')


def no_samples():
    return without(profile([MAIN, A, B, B], [], 4000), 'samples', 'timeDeltas')


# ---- other shapes ----

def parents_instead_of_children():
    parent_of = {child: node for node, children in CHILDREN.items() for child in children}
    document = plain()
    for node in document['nodes']:
        node.pop('children', None)
        if node['id'] in parent_of:
            node['parent'] = parent_of[node['id']]
    return document


def wrapped_in_result():
    """An answer of the inspector, saved whole."""
    return {'id': 3, 'result': {'profile': plain()}}


def old_head_tree():
    """Before 2016: nested nodes without callFrame, lines from 1, start and end in whole seconds, timestamps in µs."""
    samples = [MAIN, A, B, B]

    def nested(node):
        frame = frame_of(node)
        return {'functionName': frame['functionName'], 'scriptId': frame['scriptId'], 'url': frame['url'],
                'lineNumber': frame['lineNumber'] + 1, 'columnNumber': frame['columnNumber'] + 1,
                'hitCount': samples.count(node), 'callUID': node, 'deoptReason': 'no reason', 'id': node,
                'children': [nested(child) for child in CHILDREN.get(node, [])]}

    return {'typeId': 'CPU', 'uid': '1', 'title': 'Profile 1', 'head': nested(ROOT), 'startTime': 1, 'endTime': 1,
            'samples': samples, 'timestamps': [1_005_000, 1_006_000, 1_007_000, 1_009_000]}


def unclosed_trace():
    """A Chrome trace whose writer was stopped after a whole event: the closing bracket is missing."""
    document = plain()
    nodes = []
    for node in document['nodes']:
        frame = {key: value for key, value in node['callFrame'].items() if value not in ('', -1)}
        frame['scriptId'] = int(frame['scriptId'])
        nodes.append({'id': node['id'], 'callFrame': frame})
    for parent, children in CHILDREN.items():
        for child in children:
            nodes[child - 1]['parent'] = parent

    def event(name, time, data):
        return {'pid': 41, 'tid': 42, 'ts': time, 'ph': 'P', 'cat': 'disabled-by-default-v8.cpu_profiler',
                'name': name, 'id': '0x1', 'args': {'data': data}}

    events = [
        {'pid': 41, 'tid': 42, 'ts': 0, 'ph': 'M', 'cat': '__metadata', 'name': 'thread_name',
         'args': {'name': 'JavaScriptMainThread'}},
        event('Profile', START, {'startTime': START}),
        event('ProfileChunk', START + 7000, {
            'cpuProfile': {'nodes': nodes, 'samples': [MAIN, A]}, 'timeDeltas': [5000, 1000]}),
        event('ProfileChunk', START + 9600, {'cpuProfile': {'samples': [B, B]}, 'timeDeltas': [1000, 2000]}),
        event('ProfileChunk', START + 9700, {'endTime': START + 9700}),
    ]
    return '[' + ',\n'.join(compact(each) for each in events) + ',\n'


def hermes_trace():
    """React Native's Hermes: a trace, most numbers as text, whose samples are objects that point at stack frames."""
    return {
        'traceEvents': [{'name': 'process_name', 'ph': 'M', 'cat': '__metadata', 'pid': 41, 'ts': '0', 'tid': '42',
                         'args': {'name': 'hermes'}}],
        'samples': [{'cpu': '-1', 'name': '', 'ts': '1000000', 'pid': 41, 'tid': '42', 'weight': '1', 'sf': 2},
                    {'cpu': '-1', 'name': '', 'ts': '1010000', 'pid': 41, 'tid': '42', 'weight': '1', 'sf': 2}],
        'stackFrames': {
            '1': {'name': '[root]', 'category': 'root'},
            '2': {'line': '12', 'column': '5', 'funcLine': '10', 'funcColumn': '1',
                  'name': 'render(http://localhost:8081/index.bundle:10:1)', 'category': 'JavaScript', 'parent': 1}},
    }


def nodes_empty():
    """A profiler that was stopped before it saw anything."""
    return {**profile([], [], 8000), 'nodes': []}


# ---- Python ----

# By cProfile of CPython 3.11: one lambda, called once.
ONE_LAMBDA = bytes.fromhex(
    'fb2903fa017ee900000000fa303c6d6574686f64202764697361626c6527206f6620275f6c7370726f662e50726f66696c657227'
    '206f626a656374733e2905e9010000007204000000671ce86cc43ddd833e671ce86cc43ddd833e7b302903fa172f7372762f6170'
    '702f70726f66696c655f7a6f6f2e7079e99c000000fa083c6c616d6264613e290572040000007204000000679c61ec8296b59a3e'
    '679c61ec8296b59a3e7b3030')


MAIN_10 = ('/srv/app/main.py', 10, 'main')
MAIN_11 = ('/srv/app/main.py', 11, 'main')
HANDLE_20 = ('/srv/app/main.py', 20, 'handle')
HANDLE_21 = ('/srv/app/main.py', 21, 'handle')
ENCODE = ('/usr/lib/python3.15/json/encoder.py', 205, 'iterencode')

# As the sampler of CPython 3.15 writes them, 1 ms between samples: (samples on top, samples anywhere, seconds of each, callers).
# The line of a key is the one that was executing, so `main` and `handle` stand on two rows each.
SAMPLED = {
    ('__sampled__',): True,
    MAIN_10: (1, 40, 0.001, 0.04, {}),
    MAIN_11: (2, 20, 0.002, 0.02, {}),
    HANDLE_20: (30, 30, 0.03, 0.03, {MAIN_10: 30}),
    HANDLE_21: (27, 27, 0.027, 0.027, {MAIN_10: 9, MAIN_11: 18}),
    ENCODE: (5, 5, 0.005, 0.005, {HANDLE_20: 5}),
}


# ---- names ----

HOSTILE_NAMES = [
    '\x1b[31mred\x1b[0m',                            # colours a terminal
    '\x1b]0;title\x07after the title',               # renames its window
    '\u009b31mred by a single C1 character',
    'two\nlines',
    'carriage\rreturn',
    'tab\tstop',
    'nul\0byte',
    '__proto__', 'constructor', 'hasOwnProperty', 'toString',
    '<script>alert(1)</script>', '`back` *stars* _under_ [link](javascript:alert(1)) | pipe \\|',
    "=cmd()|' /C calc'!A0", '+1', '-1', '@x', 'comma, "quote"',
    '\u202etxt.exe',                                 # turns the reading direction round
    'zero\u200bwidth\ufeffspace',
    'line\u2028separator',
    'lone \ud800 surrogate',
    '資源提供者',
    'rocket 🚀', 'family 👨‍👩‍👧',
    'combining e\u0301', 'composed \u00e9',          # look the same, are not
    'x' * 300,
    ' leading and trailing ',
    '/not/a/regexp/', '--limit', '',
]
HOSTILE_URLS = {
    'two\nlines': 'file:///srv/app/two\nlines.js',
    '__proto__': '__proto__',
    'constructor': 'constructor',
    'tab\tstop': 'file:///srv/app/\x1b[2Jclear.js',
    '<script>alert(1)</script>': 'javascript:alert(1)',
    "=cmd()|' /C calc'!A0": "=HYPERLINK(\"http://localhost/\")",
    'nul\0byte': 'file:///srv/app/../../nul\0.js',
    '資源提供者': 'file:///srv/資源/提供者.js',
    'rocket 🚀': 'file:///srv/app/a%20b%2Fc%00.js',
    'carriage\rreturn': 'C:\\srv\\app\\main.js',
}
META_NAMES = ['(idle)', '(garbage collector)', '(program)', '(root)']


def hostile_names():
    """One sample for each name; functions of the user that are called as V8's own rows; V8's own rows too."""
    nodes = [{'id': 1, 'callFrame': call_frame('(root)'), 'hitCount': 0, 'children': []}]
    samples = []

    def add(parent, frame):
        node = {'id': len(nodes) + 1, 'callFrame': frame, 'hitCount': 1}
        parent.setdefault('children', []).append(node['id'])
        nodes.append(node)
        samples.append(node['id'])
        return node

    root = nodes[0]
    for name in ('(program)', '(idle)'):
        add(root, call_frame(name))
    main = add(root, call_frame('main', '7', APP, 0, 9))
    for line, name in enumerate(HOSTILE_NAMES, start=10):
        add(main, call_frame(name, '7', HOSTILE_URLS.get(name, APP), line, 2))
    for line, name in enumerate(META_NAMES, start=100):
        add(main, call_frame(name, '7', APP, line, 2))
        add(root, call_frame(name, '7', APP, line + 100, 2))
    add(root, call_frame('(garbage collector)'))  # after a user's function: hangs under it

    # No two rows weigh the same, so their order is the same with every sort by time.
    deltas = [1000 + 10 * i for i in range(len(samples))]
    return {'nodes': nodes, 'startTime': START, 'endTime': START + sum(deltas) + 500,
            'samples': samples, 'timeDeltas': deltas}


def compact(document):
    """JSON on one line, as V8 writes it: characters as they are, lone surrogates escaped."""
    text = json.dumps(document, ensure_ascii=False, separators=(',', ':'))
    return ''.join(f'\\u{ord(c):04x}' if 0xD800 <= ord(c) <= 0xDFFF else c for c in text)


FILES = {
    'plain.cpuprofile': plain(),
    'recursion.cpuprofile': recursion(),
    'gc-after-function.cpuprofile': gc_after_function(),
    'gc-after-idle.cpuprofile': gc_after_idle(),
    'lone-program.cpuprofile': lone_program(),
    'negative-deltas.cpuprofile': negative_deltas(),
    'huge-gap.cpuprofile': huge_gap(),
    'long-tail.cpuprofile': long_tail(),
    'unknown-sample-id.cpuprofile': unknown_sample_id(),
    'no-end-time.cpuprofile': no_end_time(),
    'end-time-zero.cpuprofile': end_time_zero(),
    'no-deltas.cpuprofile': no_deltas(),
    'no-samples.cpuprofile': no_samples(),
    'parents-instead-of-children.cpuprofile': parents_instead_of_children(),
    'wrapped-in-result.cpuprofile': wrapped_in_result(),
    'byte-order-mark.cpuprofile': '\ufeff' + compact(plain()),
    'old-head-tree.cpuprofile': old_head_tree(),
    'unclosed-trace.json': unclosed_trace(),
    'hermes-trace.cpuprofile': hermes_trace(),
    'hostile-names.cpuprofile': hostile_names(),
    'nodes-empty.cpuprofile': nodes_empty(),
    'empty-profile.prof': '{0',  # a marshalled dict that ends at once: cProfile saw no call
    'trailing-bytes.prof': ONE_LAMBDA + b'and more',  # CPython reads this one and does not look further
    'sampled-3.15.pstats': marshal.dumps(SAMPLED, 2),  # version 2 writes no references: the same bytes each time
}


def to_bytes(content):
    if isinstance(content, bytes):
        return content
    return (content if isinstance(content, str) else compact(content)).encode()


if __name__ == '__main__':
    for name, content in FILES.items():
        with open(os.path.join(HERE, name), 'wb') as file:
            file.write(to_bytes(content))
    print(f'{len(FILES)} files written')
