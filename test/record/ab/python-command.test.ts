import { expect, test } from 'vitest';
import { isPython, withProfiler } from '../../../src/record/ab/python-command.ts';

const profiled = (...words: string[]) => {
  const [command = '', ...args] = words;
  const { command: same, args: all } = withProfiler({ command, args }, '/tmp/a b.prof');
  return [same, ...all];
};

const ADDED = ['-m', 'cProfile', '-o', '/tmp/a b.prof'];

test.each([
  [
    ['python', 'bench.py', '-c', '3'],
    ['python', ...ADDED, 'bench.py', '-c', '3'],
  ],
  [
    ['python3.11', '-m', 'pkg.bench'],
    ['python3.11', ...ADDED, '-m', 'pkg.bench'],
  ],
  [
    ['/usr/bin/python3', '-uB', '-W', 'error', '-Xdev', 'a.py'],
    ['/usr/bin/python3', '-uB', '-W', 'error', '-Xdev', ...ADDED, 'a.py'],
  ],
  [
    ['env', 'SEED=1', 'pypy3', '--check-hash-based-pycs', 'never', 'a.py'],
    ['env', 'SEED=1', 'pypy3', '--check-hash-based-pycs', 'never', ...ADDED, 'a.py'],
  ],
])('%j runs under cProfile', (words, expected) => {
  expect(profiled(...words)).toEqual(expected);
});

test('what a shell runs is profiled too, with the file quoted', () => {
  expect(profiled('/bin/sh', '-c', 'cd lib && python -X dev bench.py > out')).toEqual([
    '/bin/sh',
    '-c',
    "cd lib && python -X dev -m cProfile -o '/tmp/a b.prof' bench.py > out",
  ]);
});

test.each([
  ['node x.js', "cProfile records python SCRIPT and python -m MODULE, and 'node x.js' is neither"],
  ['python', "cProfile records python SCRIPT and python -m MODULE, and 'python' is neither"],
  ['python -um bench', "cProfile records python SCRIPT and python -m MODULE, and 'python -um bench' is neither"],
  ['pytest tests', "cProfile records python SCRIPT and python -m MODULE, and 'pytest tests' is neither"],
  ['python -c x', 'cProfile runs no code of the command line (python -c); write it into a file'],
  ['python -', 'cProfile runs no code of the command line (python -c); write it into a file'],
])('%s is rejected', (line, message) => {
  expect(() => profiled(...line.split(' '))).toThrow(message);
});

test('Python commands are distinguished from others', () => {
  expect(isPython({ command: 'sh', args: ['-c', 'python x.py'] })).toBe(true);
  expect(isPython({ command: 'node', args: ['python.js'] })).toBe(false);
});
