#!/usr/bin/env python3
"""Writes down what CPython's pstats prints of the .prof files in samples/: python3 make-pstats-goldens.py

The goldens next to this script were written by CPython 3.11. Nothing here knows pstat, and no test runs it.

goldens/NAME.txt holds questions, each a line `$ [arguments as JSON]`, then what pstats prints. What stands at the
beginning of a header line, when a file was written, is `DATE`: it is another one in every clone. A lone half of a
surrogate pair is U+FFFD, as it is in what pstat writes.

    make-pstats-goldens.py --answer < QUESTIONS > ANSWERS

answers other questions, a JSON list of lists of arguments, with a JSON list of texts (see sweep.mjs). An exception is
`!! its class: its message`.
"""
import io
import itertools
import json
import os
import pstats
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, '..', '..')
GOLDENS = os.path.join(HERE, 'goldens')


# ---- a question, asked of pstats ----

def parsed(arguments):
    words, options = [], {'--sort': [], '--restrict': [], '--limit': [], '--paths': [], '--format': []}
    reverse, rest = False, iter(arguments)
    for argument in rest:
        name, _, value = argument.partition('=')
        if argument == '--reverse':
            reverse = True
        elif name in options:
            options[name].append(value if '=' in argument else next(rest))
        else:
            words.append(argument)
    return words, options, reverse


def number_or_text(word):
    for kind in int, float:
        try:
            return kind(word)
        except ValueError:
            pass
    return word


def function_restriction(pattern):
    match = re.fullmatch(r'/(.+)/([ims]*)', pattern, re.DOTALL)
    if match is None:
        return pattern
    return f'(?{match[2]}){match[1]}' if match[2] else match[1]


def limit_restriction(limit):
    if limit.endswith('%'):
        return [float(limit[:-1]) / 100]
    return [int(limit)] if int(limit) else []


def answer(arguments):
    words, options, reverse = parsed(arguments)
    command = words.pop(0) if words[0] in ('top', 'callers', 'callees') else 'top'
    restrictions = [function_restriction(words.pop(0))] if command != 'top' else []
    restrictions += [number_or_text(word) for word in options['--restrict']]
    restrictions += [each for limit in options['--limit'][-1:] for each in limit_restriction(limit)]
    out = io.StringIO()
    try:
        stats = pstats.Stats(*words, stream=out)
        if options['--paths'] == ['base']:
            stats.strip_dirs()
        keys = [key for keys in options['--sort'] for key in keys.split(',')]
        if keys:
            stats.sort_stats(*(int(key) if re.fullmatch(r'-?\d', key) else key for key in keys))
        if reverse:
            stats.reverse_order()
        {'top': stats.print_stats, 'callers': stats.print_callers, 'callees': stats.print_callees}[command](*restrictions)
    except Exception as error:
        out.write(f'!! {type(error).__name__}: {error}\n')
    return ''.join('\ufffd' if 0xD800 <= ord(c) <= 0xDFFF else c for c in out.getvalue())


# ---- the questions of the goldens ----

SORTS = [[], ['--sort', 'tottime'], ['--sort', 'cumtime', '--reverse']]
KEYS = ['calls', 'ncalls', 'cumulative', 'filename', 'module', 'line', 'name', 'nfl', 'pcalls', 'stdname', 'time']
SHORT = ['cu', 'ca', 'nc', 'f', 'l', 'na', 'nf', 'p', 's', 'ti', 'to', '-1', '0', '1', '2']
SEVERAL = ['time,calls', 'module,line', 'name,cumulative', 'calls,time,stdname', 'pcalls,nfl']
RESTRICTIONS = [['5'], ['0.25'], [r'\(_'], [r'^\{'], ['(?i)JSON'], ['.5', 'a', '3'], ['nothing-like-it'], ['['], ['0'],
                ['-1'], ['1.5'], ["it's"], [r':\d{2}\('], ['0.999', '(?P<twice>.)(?P=twice)'], [r'\Z'], ['1e-05']]


def small(files):
    """Everything of a file of a few functions."""
    for sort in SORTS:
        yield [*files, *sort]
        yield ['callers', '', *files, *sort]
        yield ['callees', '', *files, *sort]
    for paths in [['--paths', 'base']]:
        yield [*files, *paths]
        yield ['callers', '', *files, *paths, '--sort', 'stdname']
        yield ['callees', '', *files, *paths, '--sort', 'stdname']


def keys(file, limit):
    for word in KEYS + SHORT + SEVERAL:
        yield [file, f'--sort={word}', '--limit', limit]
        yield [file, f'--sort={word}', '--reverse', '--limit', limit]


def restrictions(file, sort, limit):
    for words in RESTRICTIONS:
        options = [f'--restrict={word}' for word in words]
        yield [file, *sort, *options, '--limit', limit]
        yield ['callers', '/e/', file, *sort, *options, '--limit', limit]
    yield ['callees', '/LOADS|append/i', file, *sort, '--limit', limit]


def large(files, limit):
    for paths, sort in itertools.product([[], ['--paths', 'base']], SORTS):
        yield [*files, *paths, *sort, '--limit', limit]
        yield ['callers', '', *files, *paths, *sort, '--limit', limit]
        yield ['callees', '', *files, *paths, *sort, '--limit', limit]
        yield ['callers', 'append|isinstance', *files, *paths, *sort, '--limit', '10%']


REQUEST = 'samples/GET.resource_providers.prof'
BEFORE = sorted(f'samples/before/{name}' for name in os.listdir(os.path.join(ROOT, 'samples', 'before')))
ODD = [f'samples/odd/{name}.prof' for name in ('big-integers', 'profile-module', 'trailing-bytes', 'unicode-names')]


def questions():
    for file in ODD:
        yield os.path.basename(file)[:-len('.prof')], list(small([file]))
    yield 'strip-overwrites', list(small(['test/pstats/overwritten.prof']))
    yield 'ties', list(small(['test/pstats/ties.prof'])) + list(keys('test/pstats/ties.prof', '0'))
    yield 'two-odd', list(small(ODD[-2:])) + list(small(['test/pstats/overwritten.prof', 'test/pstats/ties.prof']))
    yield 'keys', list(keys(REQUEST, '5'))
    yield 'restrictions', list(restrictions(REQUEST, ['--sort', 'tottime'], '8'))
    yield 'request', list(large([REQUEST], '6'))
    yield 'two', list(large(BEFORE[:2], '5'))
    yield 'three', list(large([BEFORE[4], REQUEST, BEFORE[2]], '5'))


def without_dates(text):
    return re.sub(r'^\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}    ', 'DATE    ', text, flags=re.MULTILINE)


def main():
    os.chdir(ROOT)
    if sys.argv[1:] == ['--answer']:
        json.dump([answer(each) for each in json.load(sys.stdin)], sys.stdout)
        return
    os.makedirs(GOLDENS, exist_ok=True)
    for name, asked in questions():
        with open(os.path.join(GOLDENS, name + '.txt'), 'w', encoding='utf-8', newline='\n') as file:
            for each in asked:
                file.write(f'$ {json.dumps(each)}\n{without_dates(answer(each))}')


if __name__ == '__main__':
    main()
