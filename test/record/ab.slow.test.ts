/** `pstat ab`: runs two versions in turn, leaves nothing behind, and goes on where it stopped. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Repository } from '../support/ab.ts';

/** Of equal cost; `parse` takes `factor` times as long. */
const program = (factor: number) => `
const spin = (count) => { let sum = 0; for (let i = 0; i < count; i++) sum = (sum * 31 + i) % 65521; return sum; };
function parse() { return spin(${Math.round(factor * 150_000)}); }
function encode() { let sum = 0; for (let i = 0; i < 150000; i++) sum = (sum * 33 + i) % 65519; return sum; }
let sum = 0;
for (let i = 0; i < 100; i++) sum += parse() + encode();
console.log('result', sum);
`;

let place: Repository;
let dir: string;
let repository: string;

beforeEach(() => {
  place = new Repository();
  [dir, repository] = [place.dir, place.folder];
  commit(program(1), 'first');
});
afterEach(() => place.remove());

const git = (...args: string[]) => place.git(...args);
const commit = (source: string, message: string) => place.commit(source, message);
const leftBehind = () => place.leftBehind();

/** @param stopAt text on stderr at which it gets a SIGINT */
const ab = (args: readonly string[], stopAt: string | null = null) =>
  place.ab(args, stopAt === null ? null : { at: stopAt });

test('a revision is compared with the working tree as it is, which stays as it is', async () => {
  writeFileSync(path.join(repository, 'bench.js'), program(4));
  writeFileSync(path.join(repository, 'untracked.txt'), 'mine');
  const status = git('status', '--porcelain');
  const { stdout, code } = await ab(['-n', '6', '--json', 'HEAD', '--', 'node', 'bench.js']);
  const answer = JSON.parse(stdout);
  expect({ code, verdict: answer.verdict, paired: answer.paired }).toEqual({
    code: 0,
    verdict: 'slower',
    paired: true,
  });
  const hash = git('rev-parse', '--short=8', 'HEAD').trim();
  expect(answer.before).toMatchObject({ label: `HEAD (${hash})`, runs: 6 });
  expect(answer.after).toMatchObject({ label: `working tree (${hash} and changes)`, runs: 6 });
  expect(answer.rows[0]).toMatchObject({ name: 'spin', file: 'bench.js', verdict: 'slower', status: 'matched' });
  expect(git('status', '--porcelain')).toBe(status);
  expect(leftBehind()).toEqual([]);
});

test('two revisions are compared, a gate judges, and --dir keeps the recordings', async () => {
  git('tag', 'v1');
  commit(program(6), 'second');
  const runs = path.join(dir, 'runs');
  const { stdout, code } = await ab([
    '-n4',
    '--dir',
    runs,
    '--fail-above',
    '5%',
    'v1',
    'main',
    '--',
    'node',
    'bench.js',
  ]);
  expect(stdout).toContain('FAILED: total');
  expect(code).toBe(3);
  expect(statSync(runs).mode & 0o777).toBe(0o700);
  expect(readdirSync(path.join(runs, 'before'))).toEqual(['0001', '0002', '0003', '0004']);
  expect(readdirSync(path.join(runs, 'after'))).toEqual(['0001', '0002', '0003', '0004']);
  expect(leftBehind()).toEqual([]);
});

describe('what the diff touches is marked', () => {
  const sources = (factor: number, callee = 'encode') => `
const encode = (count) => { let sum = 0; for (let i = 0; i < count; i++) sum = (sum * 33 + i) % 65519; return sum; };
function parse() {
  let sum = 0;
  for (let i = 0; i < ${150_000 * factor}; i++) sum = (sum * 31 + i) % 65521;
  return sum + ${callee}(150000);
}
let sum = 0;
for (let i = 0; i < 100; i++) sum += parse();
console.log(sum);
`;

  test('by ab and by compare --diff', async () => {
    commit(sources(1), 'one');
    git('tag', 'one');
    commit(sources(4), 'two');
    const runs = path.join(dir, 'runs');
    const args = ['-n', '6', '--dir', runs, '--json', 'one', 'main', '--', 'node', 'bench.js'];
    const rows = JSON.parse((await ab(args)).stdout).rows as Record<string, unknown>[];
    expect(rows[0]).toMatchObject({ name: 'parse', verdict: 'slower', edited: true });
    expect(rows.filter(({ edited }) => edited === true)).toHaveLength(1);
    const compared = place.pstat('compare', `${runs}/before`, `${runs}/after`, '--diff', 'one..main', '--limit', '2');
    expect(compared).toMatch(/slower .* edited .*parse .*bench\.js:3\n/);
  });

  test('between folders too', async () => {
    for (const [name, factor] of [
      ['old', 1],
      ['new', 2],
    ] as const) {
      mkdirSync(path.join(dir, name));
      writeFileSync(path.join(dir, name, 'bench.js'), sources(factor));
    }
    const args = ['-n', '4', '--json', '--before', '../old', '--after', '../new', '--', 'node', 'bench.js'];
    const rows = JSON.parse((await ab(args)).stdout).rows as Record<string, unknown>[];
    expect(rows.filter(({ edited }) => edited === true).map(({ name }) => name)).toEqual(['parse']);
  });
});

describe('after Ctrl+C', () => {
  const args = (runs: string, file = 'bench.js') => ['-n', '4', '--dir', runs, 'HEAD', '--', 'node', file];

  test('the worktree is gone, and the same command goes on', async () => {
    const runs = path.join(dir, 'runs');
    const stopped = await ab(args(runs), 'block 3 of 4');
    expect(stopped.signal).toBe('SIGINT');
    expect(stopped.stderr).toContain(`stopped after 2 of 4 blocks; the same command with --dir ${runs} goes on`);
    expect(leftBehind()).toEqual([]);
    const first = statSync(path.join(runs, 'before', '0001')).mtimeMs;
    const { stdout, stderr, code } = await ab([...args(runs).slice(0, 4), '--json', ...args(runs).slice(4)]);
    expect(code).toBe(0);
    expect(stderr).not.toContain('block 2 of 4');
    expect(stderr).toContain('block 3 of 4');
    expect(JSON.parse(stdout).before.runs).toBe(4);
    expect(statSync(path.join(runs, 'before', '0001')).mtimeMs).toBe(first);
    expect(existsSync(path.join(runs, 'unfinished'))).toBe(false);
  });

  test('another command, or a changed working tree, does not go on there', async () => {
    const runs = path.join(dir, 'runs');
    await ab(args(runs), 'block 2 of 4');
    const other = await ab(args(runs, './bench.js'));
    expect(other.stderr).toContain('holds runs of another comparison');
    writeFileSync(path.join(repository, 'bench.js'), program(2));
    expect((await ab(args(runs))).stderr).toContain('holds runs of another comparison');
  });

  test('without --dir the folder is named, and is gone where it holds nothing', async () => {
    const early = await ab(['-n', '4', 'HEAD', '--', 'node', 'bench.js'], 'warm-up');
    expect(early.stderr).toMatch(/stopped after 0 of 4 blocks\n$/);
    expect(leftBehind()).toEqual([]);
    const late = await ab(['-n', '4', 'HEAD', '--', 'node', 'bench.js'], 'block 2 of 4');
    const [, folder = ''] = /--dir (\S+) goes on/.exec(late.stderr) ?? [];
    expect(readdirSync(path.join(folder, 'before'))).toEqual(['0001']);
  });
});

describe('a run that fails', () => {
  test('is shown with its output and ends everything', async () => {
    git('tag', 'good');
    commit("console.log('out'); console.error('Error: broken\\x1b[31m'); process.exitCode = 7;", 'broken');
    const { stdout, stderr, code } = await ab(['good', 'main', '--', 'node', 'bench.js']);
    const hash = git('rev-parse', '--short=8', 'main').trim();
    expect(stderr).toContain('out\nError: broken\\x1b[31m\n');
    const good = git('rev-parse', '--short=8', 'good').trim();
    expect(stderr).toContain(
      `the run of main (${hash}) exited with code 7, and that of good (${good}) with 0: both must exit alike`,
    );
    expect({ stdout, code }).toEqual({ stdout: '', code: 2 });
    expect(leftBehind()).toEqual([]);
  });

  test('is none with --exit-code, where both versions exit so', async () => {
    commit(`${program(1)}process.exitCode = 1;`, 'findings');
    const words = ['HEAD', '--', 'node', 'bench.js'];
    const { stderr, code } = await ab(words);
    expect(stderr).toContain(
      'exited with code 1, and all runs must exit with 0 (or --exit-code 1, if both versions do)',
    );
    expect(code).toBe(2);
    expect((await ab(['-n', '1', '--exit-code', '1', ...words])).code).toBe(0);
    writeFileSync(path.join(repository, 'bench.js'), program(1));
    const fixed = await ab(['-n', '1', '--exit-code', '1', ...words]);
    expect(fixed.stderr).toMatch(/exited with code 0, and that of HEAD \(\w+\) with 1: both must exit alike/);
    expect(leftBehind()).toEqual([]);
  });

  test('is named: its setup, a missing program, nothing recorded', async () => {
    const setup = await ab(['--setup', 'echo no network; exit 4', 'HEAD', '--', 'node', 'bench.js']);
    expect(setup.stderr).toMatch(/no network\npstat: --setup of HEAD \(\w+\) exited with code 4/);
    expect((await ab(['HEAD', '--', 'no-such-program'])).stderr).toContain("cannot run 'no-such-program'");
    expect((await ab(['HEAD', '--', 'true'])).stderr).toContain('recorded nothing: no Node program');
    expect(leftBehind()).toEqual([]);
  });
});

test('a repository that git does not read is an error with what git says', async () => {
  writeFileSync(path.join(repository, '.git/config'), '[broken\n');
  const { stderr, code } = await ab(['-n', '2', 'HEAD', '--', 'node', 'bench.js']);
  expect([stderr, code]).toEqual([
    expect.stringMatching(/^pstat: git rev-parse failed: fatal: bad config line 1 .*\n$/),
    2,
  ]);
});

test('--setup runs in worktrees only, before anything else', async () => {
  writeFileSync(path.join(repository, '.gitignore'), 'made.js\n');
  writeFileSync(path.join(repository, 'made.js'), program(1));
  git('add', '-A');
  git('commit', '-q', '-m', 'ignore');
  const { stderr, code } = await ab(['-n', '1', '--setup', 'cp bench.js made.js', 'HEAD', '--', 'node', 'made.js']);
  expect(stderr).toContain('setting up HEAD');
  expect(code).toBe(0);
});

test('two commands are compared, and two folders', async () => {
  writeFileSync(path.join(repository, 'new.js'), program(8));
  const commands = await ab(['-n', '4', '--json', '--before', 'node bench.js', '--after', 'node new.js']);
  expect(JSON.parse(commands.stdout)).toMatchObject({ verdict: 'slower', before: { label: 'node bench.js' } });
  git('worktree', 'add', '-q', '../other', 'HEAD');
  writeFileSync(path.join(dir, 'other', 'bench.js'), program(8));
  const folders = await ab(['-n', '4', '--json', '--before', '.', '--after', '../other', '--', 'node', 'bench.js']);
  const answer = JSON.parse(folders.stdout);
  expect(answer).toMatchObject({ verdict: 'slower', after: { label: '../other' } });
  expect(answer.rows[0]).toMatchObject({ name: 'spin', file: 'bench.js', status: 'matched' });
});

test('SIGTERM leaves no worktree, and what SIGKILL leaves the next run removes; the working tree stays', async () => {
  writeFileSync(path.join(repository, 'bench.js'), `${program(1)}// mine`);
  const [status, words] = [git('status', '--porcelain'), ['HEAD', '--', 'node', 'bench.js']];
  const ended = await place.ab(['-n', '3', '--dir', path.join(dir, 'a'), ...words], {
    at: 'block 2',
    signal: 'SIGTERM',
  });
  expect(ended.signal).toBe('SIGTERM');
  expect(leftBehind()).toEqual([]);
  const runs = ['-n', '3', '--dir', path.join(dir, 'b')];
  const killed = await place.ab([...runs, ...words], { at: 'block 2', signal: 'SIGKILL' });
  expect(killed.signal).toBe('SIGKILL');
  expect(git('worktree', 'list').trim().split('\n')).toHaveLength(2);
  const { stdout, code } = await place.ab([...runs, '--json', ...words]);
  expect({ code, runs: JSON.parse(stdout).before.runs }).toEqual({ code: 0, runs: 3 });
  expect(git('worktree', 'list').trim().split('\n')).toHaveLength(1);
  expect(git('status', '--porcelain')).toBe(status);
});

test('the worktree of a pstat that was killed is removed by the next one', async () => {
  const gone = spawn(process.execPath, ['-e', '']);
  await once(gone, 'close');
  const folder = path.join(dir, `pstat-ab-${gone.pid}-0a1b2c3d4e5f`);
  git('worktree', 'add', '-q', '--detach', folder, 'HEAD');
  await ab(['-n', '1', 'HEAD', '--', 'node', 'bench.js']);
  expect(leftBehind()).toEqual([]);
  expect(readFileSync(path.join(repository, 'bench.js'), 'utf8')).toBe(program(1));
});

describe('--bisect', () => {
  const bisect = (...args: string[]) => ab(['-n', '6', '--json', '--bisect', ...args, '--', 'node', 'bench.js']);

  test('finds the one of eight commits that is slower, its change and the function', async () => {
    const source = (count: number, note: number) => `
function spin(count) { let sum = 0; for (let i = 0; i < count; i++) sum = (sum * 31 + i) % 65521; return sum; }
function parse() { let sum = 0; for (let i = 0; i < ${count}; i++) sum = (sum * 33 + i) % 65519; return sum; }
let sum = 0;
for (let i = 0; i < 80; i++) sum += parse() + spin(400000);
console.log(sum); // ${note}
`;
    for (let note = 1; note <= 8; note++) commit(source(note < 6 ? 400_000 : 800_000, note), `change ${note}`);
    const slower = git('rev-parse', '--short=8', 'HEAD~2').trim();
    git('bisect', 'start', 'HEAD', 'HEAD~7'); // the user's own
    const log = git('bisect', 'log');
    const head = git('rev-parse', 'HEAD');
    const { stdout, stderr, code } = await bisect('main~7', 'main');
    expect(stderr).toMatch(new RegExp(`${slower} is bad: [\\d.]+% slower`));
    const { bisect: conclusion } = JSON.parse(stdout);
    expect(conclusion.commit).toEqual({ hash: git('rev-parse', slower).trim(), subject: 'change 6' });
    expect(conclusion.text).toMatch(
      new RegExp(`^${slower} is [\\d.]+% slower \\(p .*\\): parse \\+[\\d.]+ ms, edited$`),
    );
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'slower', after: { label: slower } });
    expect({ log: git('bisect', 'log'), head: git('rev-parse', 'HEAD') }).toEqual({ log, head });
    expect(leftBehind()).toEqual([]);
  });

  test('ends with 0 where nothing is slower, and with 125 where there is no verdict', async () => {
    commit(`${program(1)}// 2`, 'second');
    const same = await bisect('HEAD~1', 'HEAD');
    expect(JSON.parse(same.stdout).bisect).toEqual({
      commit: null,
      text: expect.stringContaining('is not significantly slower'),
    });
    expect(same.code).toBe(0);
    const few = await ab(['-n', '2', '--bisect', 'HEAD~1', 'HEAD', '--', 'node', 'bench.js']);
    expect(few.stdout).toMatch(/^no verdict: the commit is not found; run more blocks with -n\n/);
    expect(few.code).toBe(125);
    expect(leftBehind()).toEqual([]);
  });
});
