/** The built shell survives a pager that cannot start, a folder that vanishes and a full disk: the next line is answered. */

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { canMount, FULL_FOLDER } from '../support/full-folder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const MAIN = path.resolve('dist/cli/main.js');
const PROFILE = path.resolve('samples/GET.resource_providers.prof');

let folder: string;
beforeEach(() => {
  folder = temporaryFolder('shell-trouble');
});

interface Given {
  /** A line of sh that starts `"$@"`, the shell. */
  readonly start?: string;
  readonly node?: readonly string[];
}

/** Gives the shell lines, and `sort calls` and `stats 1` behind them, which it must still answer. */
async function answersAfter(lines: readonly (string | Buffer)[], { start = 'exec "$@"', node = [] }: Given = {}) {
  const words = [process.execPath, ...node, MAIN, 'shell', PROFILE];
  const child = spawn('/bin/sh', ['-c', start, 'sh', ...words], { cwd: folder, stdio: 'pipe', detached: true });
  const texts = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => (texts.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (texts.stderr += text));
  child.stdin.on('error', () => {});
  for (const line of [...lines, 'sort calls', 'stats 1'])
    child.stdin.write(Buffer.concat([Buffer.from(line), LINE_FEED]));
  child.stdin.end();
  await once(child, 'close');
  expect(texts.stdout).toMatch(/Ordered by: call count[\s\S]*% \nGoodbye\.\n$/);
  expect(child.exitCode).toBe(0);
  return texts.stderr;
}

const LINE_FEED = Buffer.from('\n');

const cannotPipe = (command: string, why: string) =>
  `pstat: the answer cannot be piped to '${command}': ${why}; \`> FILE\` keeps it\n`;

describe('a pager that cannot start', () => {
  test('because its name has a zero byte', async () => {
    expect(await answersAfter(['stats 1 | le\0ss'])).toBe(cannotPipe('le\\x00ss', 'the command has a zero byte'));
  });

  test('because it is too long', async () => {
    const stderr = await answersAfter([`stats 1 | ${'a'.repeat(3_000_000)}`]);
    expect(stderr).toMatch(/^pstat: the answer cannot be piped to 'a+…a+': the command is too long; [^\n]*\n$/);
    expect(stderr.length).toBeLessThan(400);
  });

  test('because there is no such command', async () => {
    expect(await answersAfter(['stats 1 | no-such-pager 2>&1'])).toContain(
      cannotPipe('no-such-pager 2>&1', 'no such command'),
    );
  });

  test('because the permission model starts no program, and writes no file', async () => {
    const flag = process.allowedNodeEnvironmentFlags.has('--permission') ? '--permission' : '--experimental-permission';
    const stderr = await answersAfter(['stats 1 | cat', 'stats 1 > out.txt'], { node: [flag, '--allow-fs-read=*'] });
    expect(stderr).toContain(cannotPipe('cat', 'the permission model (--permission) starts no program'));
    expect(stderr).toContain(
      'pstat: out.txt: cannot be written: the permission model does not let pstat write it; add --allow-fs-write\n',
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  test('because too many files are open', async () => {
    // The limit falls when all is loaded: the second `stats` needs nothing new but the pipe.
    const limit = 'prlimit --pid $child --nofile=4 || exit 9; echo lowered >&2';
    const start = `mkfifo in; "$@" < in & child=$!; exec 3> in; printf 'stats 1\\nstats 1 | cat\\nstats 1 > x\\n' >&3
      sleep 1.5; ${limit}; cat >&3; exec 3>&-; wait $child`;
    const stderr = await answersAfter(['stats 1 | cat', 'stats 1 > y'], { start });
    expect(stderr).toContain('lowered\n');
    expect(stderr).toContain(cannotPipe('cat', 'too many open files'));
    expect(stderr).toContain('pstat: y: cannot be written: too many open files\n');
  });

  test('because its reader is gone: text that it does not read is lost', async () => {
    expect(await answersAfter(['stats | true', 'stats | exec 0<&-'])).toBe('');
  });
});

test('a folder that vanishes takes its files along, and no more', async () => {
  mkdirSync(path.join(folder, 'gone'));
  const stderr = await answersAfter(['read x.prof', 'stats 1 > x', 'stats 1 >> x', 'compare y', 'list main'], {
    start: 'cd gone; { sleep 1; rmdir ../gone; cat; } | "$@"',
  });
  expect(stderr.split('\n')).toEqual([
    'pstat: x.prof: no such file or folder',
    'pstat: x: cannot be written: no such folder',
    'pstat: x: cannot be written: no such folder',
    'pstat: y: no such file or folder',
    '',
  ]);
});

describe('a full disk', () => {
  test('leaves nothing half-written under the name, and what was there before stays', async () => {
    if (!canMount) return expect(process.env['CI']).toBeUndefined();
    mkdirSync(path.join(folder, 'full'));
    const start = `exec ${FULL_FOLDER} full 64k 'printf kept > full/old; exec "$@"; ' sh "$@"`;
    const stderr = await answersAfter(
      ['stats > full/new', 'stats > full/old', '! ', 'stats 1 | ls -A full >&2', 'stats 1 | cat full/old >&2'],
      { start },
    );
    expect(stderr).toBe(
      'pstat: full/new: cannot be written: no space left\npstat: full/old: cannot be written: no space left\nold\nkept',
    );
  });

  test('is reported for a device', async () => {
    expect(await answersAfter(['stats > /dev/full', 'stats >> /dev/full'])).toBe(
      'pstat: /dev/full: cannot be written: no space left\n'.repeat(2),
    );
  });

  test('as the output ends the shell with exit code 2', () => {
    const { status, stderr } = spawnSync(
      '/bin/sh',
      ['-c', '"$@" > /dev/full', 'sh', process.execPath, MAIN, 'shell', PROFILE],
      {
        input: 'stats 1\nstats\n',
        encoding: 'utf8',
      },
    );
    expect([status, stderr]).toEqual([2, 'pstat: cannot write the output: no space left\n']);
  });
});

describe('a file of an answer', () => {
  test('is the user’s alone, and keeps its mode where it exists', async () => {
    writeFileSync(path.join(folder, 'old'), '', { mode: 0o640 });
    await answersAfter(['stats 1 > new', 'stats 1 >> appended', 'stats 1 > old']);
    const modes = ['new', 'appended', 'old'].map((name) => statSync(path.join(folder, name)).mode & 0o777);
    expect(modes).toEqual([0o600, 0o600, 0o640]);
  });

  test('replaces a link and does not follow it', async () => {
    writeFileSync(path.join(folder, 'target'), 'kept');
    symlinkSync('target', path.join(folder, 'link'));
    await answersAfter(['stats 1 > link']);
    expect(readFileSync(path.join(folder, 'target'), 'utf8')).toBe('kept');
    expect(readFileSync(path.join(folder, 'link'), 'utf8')).toContain('function calls');
  });
});
