import { cpSync, existsSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { pstat } from '../support/cli.ts';
import { code, json, withFrames } from '../support/documents.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const TSX = 'test/sources/builds/tsx/recording.cpuprofile';

let folder = '';

beforeEach(() => {
  folder = temporaryFolder('cli-maps');
});

/** Copies the recording of tsx. @param withMaps whether it keeps the maps that it carries */
function copy(name: string, withMaps: boolean): string {
  const file = path.join(folder, name);
  const { pstat: carried, ...profile } = JSON.parse(readFileSync(TSX, 'utf8'));
  writeFileSync(file, JSON.stringify(withMaps ? { ...profile, pstat: carried } : profile));
  return file;
}

async function rows(...args: string[]): Promise<{ name: string; file: string; line: number; generated?: unknown }[]> {
  const { stdout } = await pstat([...args, '--limit', '0', '--json']);
  return JSON.parse(stdout).rows;
}

describe('--source-map', () => {
  test('auto, the default, shows original places, and the generated ones in JSON', async () => {
    const fib = (await rows('top', TSX)).find(({ name }) => name === 'fib');
    expect(fib).toMatchObject({ file: 'file:///srv/app/src/work.ts', line: 36, generated: { line: 1 } });
    expect((await pstat(['callers', 'fib', TSX])).stdout).toContain('work.ts:36');
    expect((await pstat(['callees', 'run', TSX, '--json'])).stdout).toMatch(/"line": 36, .*"generated": \{/);
  });

  test('off shows generated places', async () => {
    const fib = (await rows('top', TSX, '--source-map', 'off')).find(({ name }) => name === 'fib');
    expect(fib).toMatchObject({ file: 'file:///srv/app/src/work.ts', line: 1 });
    expect(fib).not.toHaveProperty('generated');
  });

  test('rejects a path that does not exist', async () => {
    const { code, stderr } = await pstat(['top', TSX, '--source-map', 'no-such-folder']);
    expect(stderr).toBe('pstat: no-such-folder: no such file or folder\n');
    expect(code).toBe(2);
  });

  test('--filter, --focus and --by see original places', async () => {
    expect((await rows('top', TSX, '--filter', 'work.ts:36')).map(({ name }) => name)).toEqual(['fib']);
    const files = (await rows('top', TSX, '--by', 'file', '--focus', 'work.ts:25')).map(({ name }) => name);
    expect(files).toContain('file:///srv/app/src/slow.ts');
  });
});

test('convert writes original places, and generated ones with --source-map off', async () => {
  const places = async (...options: string[]) => {
    const file = path.join(folder, 'out.speedscope.json');
    await pstat(['convert', TSX, '-o', file, ...options]);
    const { frames } = JSON.parse(readFileSync(file, 'utf8')).shared as { frames: { name: string; line?: number }[] };
    return frames.filter(({ name }) => name === 'fib').map(({ line }) => line);
  };
  expect(await places()).toEqual([36]);
  expect(await places('--source-map', 'off')).toEqual([1]);
});

test('list finds source maps below --source-path', async () => {
  const build = path.join(folder, 'dist/tsc');
  cpSync('test/sources/builds/tsc', build, { recursive: true });
  for (const name of ['main.js', 'work.js', 'slow.js']) {
    if (existsSync(path.join(build, name))) utimesSync(path.join(build, name), 1e9, 1e9);
  }
  const recording = path.join(folder, 'recording.cpuprofile');
  cpSync('test/sources/builds/tsc/recording.cpuprofile', recording);
  const lineOf = async (...options: string[]) => {
    const { stdout } = await pstat(['list', 'fib', recording, '--json', ...options]);
    return JSON.parse(stdout).functions[0].line;
  };
  expect(await lineOf()).not.toBe(36);
  expect(await lineOf('--source-path', folder)).toBe(36);
});

test('list shows the hottest functions where lines are not known, and says so as --by line does', async () => {
  const { stdout } = await pstat(['list', TSX, '--limit', '2']);
  expect(stdout).toMatch(
    /^note: \(no line\) is time on lines of generated code that hold several lines of the source/m,
  );
  expect(stdout).toMatch(/^2 functions of \d+ by tottime/m);
  const { notes } = JSON.parse((await pstat(['--by', 'line', TSX, '--json'])).stdout);
  expect(notes).toMatchObject([{ code: 'unknown-lines' }]);
  const { stdout: generated } = await pstat(['list', TSX, '--limit', '2', '--source-map', 'off']);
  expect(generated).toMatch(/^2 lines by tottime/m);
});

test('list shows a line of minified code from the function on, and CSV all of it', async () => {
  const before = 'f(1);'.repeat(1000);
  const text = `${before}function busy(){return 1}${before}`;
  writeFileSync(path.join(folder, 'main.js'), text);
  const recording = path.join(folder, 'recording.cpuprofile');
  writeFileSync(recording, json(withFrames(code('busy', 0, before.length + 'function busy'.length))));
  const list = ['list', 'busy', recording, '--source-path', folder];
  const shown = (await pstat(list)).stdout.split('\n').find((line) => line.includes('return 1'));
  expect(shown).toContain('…function busy(){return 1}f(1);');
  expect(shown?.length).toBeLessThan(1100);
  expect((await pstat([...list, '--format', 'csv'])).stdout).toContain(text);
});

describe('compare', () => {
  test('maps a stream as it does a file', async () => {
    const [before, after] = [copy('a.cpuprofile', true), copy('b.cpuprofile', true)];
    const { stdout } = await pstat(['compare', '-', after, '--limit', '0', '--json'], { stdin: readFileSync(before) });
    const answer: { rows: { name: string; line: number }[] } = JSON.parse(stdout);
    expect(answer.rows.find(({ name }) => name === 'fib')).toMatchObject({ line: 36 });
  });

  test('reads a stream once more where only one side has a map', async () => {
    const [before, after] = [copy('a.cpuprofile', true), copy('b.cpuprofile', false)];
    const { stdout } = await pstat(['compare', '-', after, '--limit', '0', '--json'], { stdin: readFileSync(before) });
    const answer: { rows: { name: string; line: number }[] } = JSON.parse(stdout);
    expect(answer.rows.find(({ name }) => name === 'fib')).toMatchObject({ line: 1 });
  });

  test('maps a file on both sides', async () => {
    const fib = (await rows('compare', copy('a.cpuprofile', true), copy('b.cpuprofile', true))).find(
      ({ name }) => name === 'fib',
    );
    expect(fib).toMatchObject({ line: 36 });
  });

  test('maps a file on neither side if one has no map of it, and says so', async () => {
    const [before, after] = [copy('a.cpuprofile', true), copy('b.cpuprofile', false)];
    for (const sides of [
      [before, after],
      [after, before],
    ]) {
      const { stdout } = await pstat(['compare', ...sides, '--limit', '0', '--json']);
      const answer: { rows: { name: string; line: number }[]; notes: { code: string; text: string }[] } =
        JSON.parse(stdout);
      expect(answer.rows.find(({ name }) => name === 'fib')?.line).toBe(1);
      const note = answer.notes.find(({ code }) => code === 'one-sided-source-map');
      expect(note?.text).toMatch(/^places are of the generated code where one side has no source map: .*work\.ts/);
    }
  });
});
