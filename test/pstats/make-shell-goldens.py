#!/usr/bin/env python3
"""Writes the transcripts of `python -m pstats` in shell-goldens/: python3 make-shell-goldens.py

The files were written by CPython 3.11. No test runs this script. The first line of a file holds the profiles and the
input as JSON; the rest is the output. Dates are replaced by `DATE`, as they differ in every clone. Files that cannot
be read are not covered: pstat has its own error messages.
"""
import json
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, '..', '..')
GOLDENS = os.path.join(HERE, 'shell-goldens')

REQUEST = 'samples/GET.resource_providers.prof'
EXAMPLE = 'test/pstats/overwritten.prof'
TIES = 'test/pstats/ties.prof'

SESSIONS = {
    'story': ([REQUEST], 'sort tottime\nstats 5\ncallers _serialize_links\ncallees _serialize_links 3\n'),
    'words': ([EXAMPLE], 'stats 1 0.5\nstats .5 1\nstats 1.0 2\nstats 1_0 -1\nstats inf\nstats nan 2 infinity -0.1\n'
              'stats 1e-1\nstats util <\nstats (\ncallers ( 3\ncallees <module>\nstats \t work \u3000 2\nstats \u0663\n'
              'stats 2 work|len\nstats 00\nstats +2\nstats [>]\nstats {m\n'),
    'keys': ([TIES], 'sort\nsort cum\nsort cu\nstats\nsort time calls\nstats 3\nreverse\nstats 3\nsort t\nsort tottime zzz\n'
             'sort -1\nsort stdname\nreverse\nreverse\nstats 2\nreverse x\nstrip y\nreverse\nstats 2\n'),
    'adding': ([EXAMPLE, TIES], f'stats\ncallees work\nadd {TIES}\ncallees work\nsort calls\nadd {EXAMPLE}\nstats 4\n'
               'strip\nstats\ncallers\nread\nstats\nstats 1\n'),
    'nothing': ([], f'stats\nsort\nsort zzz\nreverse\nstrip\nadd x\nread\ncallers 2.5\nread {TIES}\nstats 1\n'),
    'repeating': ([TIES], '\n\nstats 1\n\n  \nfoo bar\n\n!x\n\n?foo\n\n EOF\n'),
    'unknown': ([TIES], 'stat\nstats1\nstats-1\nstats(x\nSTATS\n-\n?\x20nothing\nhelp nothing here\nhelp help me\nq\n*** x\n'),
    'leaving': ([TIES], 'quit now\nstats 1\n'),
    'no-newline': ([TIES], 'stats 1\r\nstats f\rstats 2\nstats 1'),
}


def transcript(files, text):
    command = [sys.executable, '-W', 'ignore', '-m', 'pstats', *files]
    result = subprocess.run(command, input=text.encode(), stdout=subprocess.PIPE, check=True)
    return re.sub(r'\b\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}    ', 'DATE    ', result.stdout.decode())


def main():
    os.chdir(ROOT)
    os.makedirs(GOLDENS, exist_ok=True)
    for name, (files, text) in SESSIONS.items():
        with open(os.path.join(GOLDENS, name + '.txt'), 'w', encoding='utf-8', newline='\n') as file:
            file.write(f'{json.dumps({"files": files, "input": text})}\n{transcript(files, text)}')


if __name__ == '__main__':
    main()
