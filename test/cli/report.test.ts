/** `pstat report`: what is written where, and read back. */

import { copyFileSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { streamProfiles } from '../../src/input/load.ts';
import { pstat } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const V8 = 'samples/resource-providers.cpuprofile';
const PYTHON = 'samples/GET.resource_providers.prof';

function outputPath(name: string): string {
  return path.join(temporaryFolder('report'), name);
}

/** The JSON of an answer, without the names of the files. @param report and the folder to name in place of it */
async function jsonOf(
  words: readonly string[],
  [report, folder]: readonly [string, string] = ['\0', ''],
): Promise<unknown> {
  const { stdout, code } = await pstat([...words, '--json']);
  expect(code).toBe(0);
  const answer = JSON.parse(stdout.replaceAll(report, folder));
  return { ...answer, profile: { ...answer.profile, sources: null } };
}

test('writes one file of less than 80 kB and says so', async () => {
  const file = outputPath('report.html');
  const { stdout, stderr, code } = await pstat(['report', V8, '-o', file]);
  expect([stdout, code]).toEqual(['', 0]);
  expect(stderr).toMatch(/^\S+report\.html: report, 164 functions, [\d.]+ kB\n$/);
  expect(readFileSync(file).length).toBeLessThan(80_000);
  expect(readdirSync(path.dirname(file))).toEqual(['report.html']);
});

test.each([
  [V8, ['top']],
  [V8, ['callers', 'serializeLinks']],
  [V8, ['tree']],
  [V8, ['list', 'serializeLinks', '--source-path', '.']],
  [V8, ['top', '--from', '1s', '--to', '2s']],
  [PYTHON, ['top']],
  [PYTHON, ['callees', '_serialize_links']],
])('a report of %s answers %j as the file itself', async (source, words) => {
  const file = outputPath('report.html');
  await pstat(['report', source, '-o', file]);
  expect(await jsonOf([...words, file])).toEqual(await jsonOf([...words, source]));
});

test.each([
  ['samples/placement/profiles', ['top']],
  ['samples/placement/profiles', ['tree', '--focus', 'encodeJson']],
  ['samples/before', ['callers', '_serialize_links']],
])('a report of the requests in %s answers %j as the folder', async (source, words) => {
  const file = outputPath('report.html');
  const { stderr } = await pstat(['report', source, '-o', file]);
  expect(stderr).toMatch(/report, \d+ requests, \d+ functions, [\d.]+ kB\n/);
  expect(await jsonOf([...words, file], [file, source])).toEqual(await jsonOf([...words, source]));
});

describe('a report of requests is read as its folder', () => {
  const FOLDER = 'samples/placement/profiles/before';

  /** The answer in JSON or text; names in the report are as in the folder. */
  async function answerOf(words: readonly string[], file: string, folder: string): Promise<string> {
    const { stdout, stderr, code } = await pstat([...words, '--limit', '5']);
    expect([code, stderr]).toEqual([0, '']);
    return stdout.replaceAll(file, folder);
  }

  test.each([
    ['samples/before', ['requests']],
    [FOLDER, ['requests']],
    [FOLDER, ['requests', '--route', 'GET /resource_providers', '--tail', '20%']],
    [FOLDER, ['top', '--format', 'markdown']],
  ])('%s: %j', async (folder, words) => {
    const file = outputPath('report.html');
    await pstat(['report', folder, '-o', file]);
    expect(await answerOf([...words, file], file, folder)).toBe(await answerOf([...words, folder], file, folder));
  });

  test('by compare, whose verdict is that of the processes', async () => {
    const sides = ['before', 'after'].map((side) => ({
      folder: path.join(path.dirname(FOLDER), side),
      file: outputPath(`${side}.html`),
    }));
    for (const { folder, file } of sides) await pstat(['report', folder, '-o', file]);
    const ofFiles = await answerOf(['compare', ...sides.map(({ file }) => file)], '', '');
    const ofFolders = await answerOf(['compare', ...sides.map(({ folder }) => folder)], '', '');
    const named = sides.reduce((text, { file, folder }) => text.replaceAll(file, folder), ofFiles);
    expect(named).toBe(ofFolders);
    expect(named).toContain('% faster (95% interval');
  });

  test('by a report of it', async () => {
    const [file, again] = [outputPath('report.html'), outputPath('again.html')];
    await pstat(['report', FOLDER, '-o', file]);
    await pstat(['report', file, '-o', again]);
    expect(await answerOf(['requests', again], again, file)).toBe(await answerOf(['requests', file], again, file));
  });

  test('and each request by its name in the report', async () => {
    const file = outputPath('report.html');
    const name = 'GET.resource_providers.000029ms.1795705756.cpuprofile';
    await pstat(['report', FOLDER, '-o', file]);
    const part = path.join(file, name);
    expect(await jsonOf(['top', part])).toEqual(await jsonOf(['top', path.join(FOLDER, name)]));
    const { stderr, code } = await pstat(['top', path.join(file, 'GET.other.cpuprofile')]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('GET.other.cpuprofile: no such file or folder')]);
  });

  test('and is read once for requests that follow each other', async () => {
    const files = [outputPath('report.html'), outputPath('same.html')] as const;
    await pstat(['report', FOLDER, '-o', files[0]]);
    copyFileSync(files[0], files[1]);
    const names = readdirSync(FOLDER).slice(0, 3);
    const parts = [...names.map((name) => path.join(files[0], name)), path.join(files[1], names[0] ?? '')];
    const read: string[] = [];
    for await (const { sources } of streamProfiles(parts)) {
      if (read.length === 0) rmSync(files[0]);
      read.push(...sources);
    }
    expect(read).toEqual(parts);
  });

  test('of which the notes on the folder stay', async () => {
    const folder = path.dirname(outputPath('profiles'));
    for (const ms of [10, 20]) copyFileSync(PYTHON, path.join(folder, `GET.users.${ms}ms.1795332255.prof`));
    writeFileSync(path.join(folder, 'notes.txt'), 'no profile');
    const file = outputPath('report.html');
    await pstat(['report', folder, '-o', file]);
    expect((await pstat(['top', file])).stdout).toContain(`note: skipped 1 file in ${folder}`);
  });

  test('but one profile is no folder', async () => {
    const file = outputPath('report.html');
    await pstat(['report', V8, '-o', file]);
    const { stderr, code } = await pstat(['requests', file]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('a file where a folder was expected')]);
  });
});

test('a report of requests leaves out broken files; in another folder they are an error', async () => {
  const folder = path.dirname(outputPath('profiles'));
  const request = (ms: number) => path.join(folder, `GET.users.${ms}ms.1795332255.prof`);
  for (const ms of [71, 72]) copyFileSync('samples/before/GET.resource_providers.71ms.1795332255.prof', request(ms));
  writeFileSync(request(73), readFileSync(PYTHON).subarray(0, 2000));
  const file = outputPath('report.html');
  const { stderr, code } = await pstat(['report', folder, '-o', file]);
  expect([stderr, code]).toEqual([expect.stringMatching(/2 requests[\s\S]*note: .*73ms/), 0]);
  expect(await jsonOf([file], [file, folder])).toEqual(await jsonOf([folder, '--skip-broken']));
  for (const ms of [71, 72]) renameSync(request(ms), path.join(folder, `${ms}.prof`));
  const others = await pstat(['report', folder, '-o', file]);
  expect([others.stderr, others.code]).toEqual([expect.stringMatching(/^pstat: .*73ms.*\n$/), 2]);
});

test('compare reads reports', async () => {
  const [before, after] = [outputPath('before.html'), outputPath('after.html')];
  await pstat(['report', V8, '-o', before]);
  await pstat(['report', V8, '-o', after, '--focus', 'serializeLinks']);
  const { stdout } = await pstat(['compare', before, after, '--json']);
  const expected = await pstat(['compare', V8, V8, '--json']);
  expect(JSON.parse(stdout).total.before).toEqual(JSON.parse(expected.stdout).total.before);
});

test('compare --format html is a profile, that of AFTER', async () => {
  const file = outputPath('diff.html');
  const sides = ['samples/compare/base-1.cpuprofile', 'samples/compare/slowsort.cpuprofile'] as const;
  const { stdout, code } = await pstat(['compare', ...sides, '--format', 'html']);
  expect([stdout.slice(0, 16), code]).toEqual(['<!doctype html>\n', 0]);
  writeFileSync(file, stdout);
  expect(await jsonOf([file])).toEqual(await jsonOf([sides[1]]));
});

test.each([
  [[], { columns: 80 }, '--format html is a page for a browser; write it to a file: > diff.html'],
  [
    ['--fail-above', '5%'],
    {},
    '--fail-above does not go with --format html, which has every function and no exit code',
  ],
  [['--limit', '3'], {}, '--limit does not go with --format html'],
])('compare --format html with %j is an error', async (options, output, message) => {
  const { stdout, stderr, code } = await pstat(['compare', V8, V8, '--format', 'html', ...options], output);
  expect([stdout, stderr, code]).toEqual(['', expect.stringContaining(message), 2]);
});

test('goes to standard output, but never to a terminal', async () => {
  const piped = await pstat(['report', V8]);
  expect(piped.stdout).toMatch(/^<!doctype html>\n/);
  const terminal = await pstat(['report', V8], { columns: 80 });
  expect([terminal.stdout, terminal.code]).toEqual(['', 2]);
  expect(terminal.stderr).toBe('pstat: a report is a page for a browser; write it to a file: -o report.html\n');
});

test('writes nothing if a file cannot be read or the folder is not there', async () => {
  const file = outputPath('report.html');
  expect((await pstat(['report', 'samples/README.md', '-o', file])).code).toBe(2);
  expect(existsSync(file)).toBe(false);
  const { stderr, code } = await pstat(['report', V8, '-o', path.join(file, 'no', 'report.html')]);
  expect([stderr, code]).toEqual([expect.stringMatching(/cannot be written: no such folder\n$/), 2]);
});

test('a folder leaves out reports where it has other files, and says so', async () => {
  const file = outputPath('report.html');
  const folder = path.dirname(file);
  await pstat(['report', V8, '-o', file]);
  const alone = await pstat([folder, '--limit', '1']);
  expect(alone.stdout).toContain('3,130 samples');
  copyFileSync(V8, path.join(folder, 'app.cpuprofile'));
  const both = await pstat([folder, '--limit', '1']);
  expect(both.stdout).toContain('3,130 samples');
  expect(both.stdout).toContain(`note: skipped 1 HTML report in ${folder}`);
});

test('needs a file', async () => {
  const { stderr, code } = await pstat(['report', '-o', 'x.html']);
  expect([stderr, code]).toEqual(['pstat: no file given; write `pstat report FILES… -o report.html`\n', 2]);
});

test.each(['used', 'all'])('with --sources %s it answers list without the files', async (which) => {
  const file = outputPath('report.html');
  const below = ['--source-path', 'samples/resource-providers'];
  const { stderr } = await pstat(['report', V8, '-o', file, '--sources', which, ...below]);
  expect(stderr).toContain('report, source text of 7 files, 164 functions');
  const words = ['list', 'serializeLinks'];
  const { stdout } = await pstat([...words, file, '--json']);
  const text = ({ line, text: of }: { line: number; text: string }) => [line, of];
  const inFunction = ({ outside }: { outside?: boolean }) => outside !== true;
  const expected = JSON.parse((await pstat([...words, V8, ...below, '--json'])).stdout);
  expect(JSON.parse(stdout).functions[0].lines.filter(inFunction).map(text)).toEqual(
    expected.functions[0].lines.filter(inFunction).map(text),
  );
});

test('holds no source text unless it is asked for', async () => {
  const file = outputPath('report.html');
  const { stderr } = await pstat(['report', V8, '-o', file, '--source-path', 'samples/resource-providers']);
  expect(stderr).toContain('report.html: report, 164 functions');
});

test('has the options and the title that were given', async () => {
  const { stdout } = await pstat(['report', V8, '--title', 'a <b> & "c"', '--focus', "it's", '--ignore', 'x']);
  expect(stdout).toContain('<title>a &#60;b&#62; &#38; &#34;c&#34;</title>');
});

describe('--format markdown', () => {
  const page = async (...words: readonly string[]) =>
    (await pstat(['report', ...words, '--format', 'markdown'])).stdout;

  test.each([V8, PYTHON, 'samples/odd/hostile-names.cpuprofile', 'samples/odd/nodes-empty.cpuprofile'])(
    'a page of %s is within every budget, and the same each time',
    async (file) => {
      let before = 0;
      for (const budget of [300, 500, 1000, 4000, 100_000]) {
        const text = await page(file, '--budget', String(budget));
        expect(text.length).toBeLessThanOrEqual(4 * budget);
        expect(text.length).toBeGreaterThanOrEqual(before);
        before = text.length;
      }
      expect(await page(file)).toBe(await page(file, '--budget', '4000'));
    },
  );

  test('names of any length keep to the budget, and it says what was cut', async () => {
    const file = outputPath('long.cpuprofile');
    const profile = JSON.parse(readFileSync(V8, 'utf8'));
    for (const node of profile.nodes.slice(1)) node.callFrame.functionName += 'x'.repeat(3000);
    writeFileSync(file, JSON.stringify(profile));
    const text = await page(file, '--budget', '500');
    expect(text.length).toBeLessThanOrEqual(2000);
    expect(text).toContain('cut to the budget: hot lines, hot paths');
  });

  test('means a function without a name by its place', async () => {
    const file = outputPath('anonymous.cpuprofile');
    const profile = JSON.parse(readFileSync(V8, 'utf8'));
    for (const node of profile.nodes.slice(1)) node.callFrame.functionName = '';
    writeFileSync(file, JSON.stringify(profile));
    expect(await page(file)).toContain("`pstat callers 'app/routes.js:81((anonymous))' ");
    const { rows } = JSON.parse((await pstat(['callers', 'app/routes.js:81((anonymous))', file, '--json'])).stdout);
    expect(rows).toHaveLength(1);
  });

  test('its figures are those of --json', async () => {
    const text = await page(V8);
    const { rows } = JSON.parse((await pstat([V8, '--json', '--limit', '1'])).stdout);
    expect(text).toContain(`| ${(rows[0].tottime / 1e3).toLocaleString('en', { maximumFractionDigits: 1 })} | 32.8 |`);
    expect(text).toContain(`The hottest function is \`${rows[0].name}\``);
  });

  test.each([
    [['--budget', '10', '--format', 'markdown'], "--budget '10' is not a number of tokens from 300"],
    [['--sources', 'all', '--format', 'markdown'], "--sources 'all' is not for markdown, but for HTML"],
    [['--sources', 'some'], "--sources 'some' is not none, used or all"],
    [['--budget', '1000'], "--budget '1000' is not for HTML, but for --format markdown"],
    [['--format', 'json'], '--format json does not go with report; use html or markdown'],
  ])('%j is an error', async (words, message) => {
    const { stderr, code } = await pstat(['report', V8, ...words]);
    expect([stderr.trim(), code]).toEqual([`pstat: ${message}`, 2]);
  });
});
