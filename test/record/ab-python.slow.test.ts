/** `pstat ab --profiler cprofile`: two versions of a Python program in turn. */

import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Repository } from '../support/ab.ts';

/** `parse` takes `factor` times as long. */
const program = (factor: number) => `
import module

def parse(count):
    total = 0
    for i in range(count):
        total = (total * 31 + i) % 65521
    return total

print(sum(parse(${factor} * 30000) + module.encode(30000) for _ in range(40)))
`;
const MODULE = `
def encode(count):
    total = 0
    for i in range(count):
        total = (total * 33 + i) % 65519
    return total
`;

let repository: Repository;

beforeEach(() => {
  repository = new Repository();
  repository.write('module.py', MODULE);
  repository.commit(program(1), 'first', 'bench.py');
});
afterEach(() => repository.remove());

test('the changed function is found, with elapsed and CPU time, also by compare later', async () => {
  repository.write('bench.py', program(3));
  const runs = `${repository.dir}/runs`;
  const words = ['-n', '7', '--dir', runs, '--json', '--profiler', 'cprofile', 'HEAD', '--', 'python3', 'bench.py'];
  const { stdout, stderr, code } = await repository.ab(words);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  const compared = JSON.parse(repository.pstat('compare', `${runs}/before`, `${runs}/after`, '--json'));
  for (const answer of [JSON.parse(stdout), compared]) {
    expect(answer).toMatchObject({ paired: true, before: { runs: 7 }, after: { runs: 7 } });
    const slower = answer.rows.filter(({ verdict }: { verdict: string }) => verdict === 'slower');
    expect(slower[0]).toMatchObject({ name: 'parse', file: 'bench.py', status: 'matched' });
    const encode = answer.rows.find(({ name }: { name: string }) => name === 'encode');
    expect(encode).toMatchObject({ file: 'module.py', status: 'matched' });
    expect(Object.keys(answer.otherTotals)).toEqual(['cpu', 'elapsed']);
  }
  const facts = JSON.parse(readFileSync(`${runs}/before/0002/runs.json`, 'utf8'))['block-2.prof'];
  expect(facts).toMatchObject({ block: 2, elapsed: expect.any(Number), cpu: { user: expect.any(Number) } });
  expect(repository.leftBehind()).toEqual([]);
});

test('other commands and failing programs end it', async () => {
  const ab = (...words: string[]) => repository.ab(['--profiler', 'cprofile', 'HEAD', '--', ...words]);
  expect((await ab('node', 'bench.js')).stderr).toBe(
    "pstat: cProfile records python SCRIPT and python -m MODULE, and 'node bench.js' is neither\n",
  );
  const failed = await ab('python3', 'missing.py');
  expect(failed.stderr).toMatch(/No such file or directory: 'missing.py'\npstat: the run of HEAD \(\w+\) exited/);
  const unprofiled = await repository.ab(['HEAD', '--', 'python3', 'bench.py']);
  expect(unprofiled.stderr).toContain('Python is recorded with --profiler cprofile');
});
