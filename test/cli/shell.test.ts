/** `pstat shell`: transcripts of CPython's browser, the commands that pstat adds, and use at a terminal. */

import { chmodSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import type { ReadStream, WriteStream } from 'node:tty';
import { describe, expect, test } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { pstat } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const GOLDENS = 'test/pstats/shell-goldens';
const REQUEST = 'samples/GET.resource_providers.prof';
const STACKS = 'samples/resource-providers.cpuprofile';
const EXAMPLE = 'test/pstats/overwritten.prof';
const WELCOME = 'Welcome to the profile statistics browser.\n';

const folder = temporaryFolder('shell');

async function shell(files: readonly string[], input: string) {
  return pstat(['shell', ...files], { stdin: Buffer.from(input) });
}

/** Returns what is printed between the prompts. */
async function answers(files: readonly string[], ...lines: readonly string[]): Promise<string[]> {
  const { stdout, stderr } = await shell(files, lines.map((line) => `${line}\n`).join(''));
  const prompt = `${files[0] ?? ''}% `;
  const all = stdout.split(prompt).slice(1, -1);
  if (stderr !== '') all.push(stderr);
  return all;
}

test.each(readdirSync(GOLDENS))('prints %s as python -m pstats does', async (name) => {
  const text = readFileSync(path.join(GOLDENS, name), 'utf8');
  const end = text.indexOf('\n');
  const { files, input } = JSON.parse(text.slice(0, end));
  const { stdout } = await shell(files, input);
  const dateless = stdout.replace(/\b\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4} {4}/g, 'DATE    ');
  expect(dateless).toBe(text.slice(end + 1));
});

describe('files', () => {
  test.each([
    ['README.md', 'README.md: not a profile pstat knows;'],
    ['nope.prof', 'nope.prof: no such file or folder'],
    ['a name with blanks', 'a name with blanks: no such file or folder'],
    ['src/cli', 'src/cli: none of its '],
    ['samples/broken/truncated.prof', 'samples/broken/truncated.prof: byte '],
    [STACKS, `${STACKS}: cannot be merged with ${EXAMPLE}`],
  ])('reports that %j cannot be added in one line of stderr and keeps what was read', async (name, message) => {
    const { stdout, stderr, code } = await shell([EXAMPLE], `add ${name}\nstats 1\n`);
    expect(stderr).toMatch(/^pstat: [^\n]*\n$/);
    expect(stderr).toContain(message);
    expect(stdout).toContain(`${EXAMPLE}% ${EXAMPLE}% `);
    expect(stdout).toContain('List reduced from 6 to 1');
    expect(code).toBe(0);
  });

  test('keeps what was read when a file cannot be read', async () => {
    const { stdout, stderr } = await shell([EXAMPLE], 'read README.md\nstats 1\n');
    expect(stderr).toMatch(/^pstat: README\.md: not a profile pstat knows;[^\n]*\n$/);
    expect(stdout).toContain('List reduced from 6 to 1');
  });

  test('exits with 2 if a file on the command line of a script cannot be read', async () => {
    expect((await shell(['nope.prof'], 'stats\n')).code).toBe(2);
    expect((await shell([EXAMPLE, 'nope.prof'], 'stats\n')).code).toBe(2);
    expect((await shell([], 'read nope.prof\n')).code).toBe(0);
  });

  test('rejects - as a file', async () => {
    expect(await shell(['-'], '')).toMatchObject({ code: 2, stdout: '' });
  });

  test('reads all files of a folder', async () => {
    const [listed = ''] = await answers(['samples/before'], 'stats 1');
    expect(listed.match(/samples\/before\//g)?.length).toBeGreaterThan(5);
  });
});

describe('commands that pstat adds', () => {
  test('filter and exclude select rows and print messages', async () => {
    const [, , listed = ''] = await answers([EXAMPLE], 'filter util', 'exclude opt', 'stats');
    expect(listed).toContain("   List reduced from 6 to 2 due to filter <'util'>\n");
    expect(listed).toContain("   List reduced from 2 to 1 due to exclude <'opt'>\n");
    expect(listed).toContain('/app/lib/util.py:10(work)\n\n\n');
  });

  test('filter selects inner rows in callers', async () => {
    const [, listed = ''] = await answers([EXAMPLE], 'filter main', 'callers work');
    expect(listed).toContain("   Inner list reduced from 3 to 2 due to filter <'main'>\n");
    expect(listed).toContain('/app/lib/util.py:10(work)  <-       4    0.900    4.000  /app/main.py:20(handle)\n');
  });

  test('filter lists, replaces and removes patterns', async () => {
    const lines = ['filter', 'filter a "b c"', 'filter', 'filter /x/i', 'filter', 'filter off', 'filter'];
    expect(await answers([EXAMPLE], ...lines)).toEqual([
      'filter: none\n',
      '',
      "filter: 'a' 'b c' (filter off: none)\n",
      '',
      "filter: '/x/i' (filter off: none)\n",
      '',
      'filter: none\n',
    ]);
  });

  test('a bad pattern changes nothing', async () => {
    const [, , , listed] = await answers([EXAMPLE], 'filter a', 'filter /(/', 'stats 1', 'filter');
    expect(listed).toBe("filter: 'a' (filter off: none)\n");
  });

  test('focus excludes stacks until focus off', async () => {
    const lines = ['focus serializeLinks', 'format json', 'stats', 'focus off', 'stats'];
    const [, , focused = '', , whole = ''] = await answers([STACKS], ...lines);
    const asked = JSON.parse((await pstat([STACKS, '--focus', 'serializeLinks', '--json'])).stdout);
    expect(JSON.parse(focused)).toEqual(asked);
    expect(JSON.parse(whole)).toEqual(JSON.parse((await pstat([STACKS, '--json'])).stdout));
  });

  test('reading a profile without stacks switches focus off', async () => {
    const { stdout, stderr } = await shell([STACKS], `focus handler\nread ${EXAMPLE}\nfocus\nstats 1\n`);
    expect(stderr).toContain('note: focus and ignore are off now');
    expect(stdout).toContain('focus: none\n');
    expect(stdout).toContain('List reduced from 6 to 1');
  });

  test('sort with an unknown key lists the keys of the profile', async () => {
    const [keys = ''] = await answers([STACKS], 'sort zzz');
    expect(keys).toMatch(/^Valid sort keys:\ntottime -- /);
    expect(keys).toContain('\nsamples -- ');
    expect(keys).not.toContain('ncalls');
  });

  test('focus fails on a profile without stacks and is not kept', async () => {
    const { stdout, stderr } = await shell([EXAMPLE], 'focus work\nfocus\nstats 1\n');
    expect(stderr).toBe(
      `pstat: ${EXAMPLE}: has caller-callee edges, not stacks; filter functions, or query callers and callees\n`,
    );
    expect(stdout).toContain('focus: none\n');
  });

  test('sort, reverse and strip are kept when a stack pattern changes', async () => {
    const lines = [
      'format pstats',
      'sort tottime',
      'reverse',
      'strip',
      'sort cumtime',
      'stats 2',
      'ignore zzz',
      'stats 2',
    ];
    const [, , , , , before, , after] = await answers([STACKS], ...lines);
    expect(after).toBe(before);
    expect(before).toContain('Ordered by: cumulative time');
  });

  test.each(['file', 'package', 'category', 'owner'])('by %s prints the table of --by', async (grouping) => {
    const [listed] = await answers([STACKS], `by ${grouping} 3`);
    expect(listed).toBe(
      (await pstat([STACKS, '--by', grouping, '--limit', '3'])).stdout.replace('--limit 0', `by ${grouping} 0`),
    );
  });

  test('the default format of a V8 profile is a table of 20 rows', async () => {
    const [table = '', , python = ''] = await answers([STACKS], 'stats', 'format pstats', 'stats');
    expect(table).toBe((await pstat([STACKS])).stdout.replace('--limit 0', 'stats 0'));
    expect(python).toContain('   Random listing order was used\n');
  });

  test('sort, reverse, strip and restrictions apply to tables', async () => {
    const lines = ['format table', 'strip', 'sort cumtime', 'reverse', 'stats 3 sqlalchemy'];
    const [, , , , table = ''] = await answers([REQUEST], ...lines);
    const args = ['--paths', 'base', '--sort', 'cumtime', '--reverse', '--limit', '3', '--filter', '/sqlalchemy/'];
    expect(table).toBe((await pstat([REQUEST, ...args])).stdout.replace('--limit 0', 'stats 0'));
  });

  test('callers prints the table of pstat callers', async () => {
    const [, table = ''] = await answers([REQUEST], 'format table', 'callers append 2');
    expect(table).toBe(
      (await pstat(['callers', 'append', REQUEST, '--limit', '2'])).stdout.replace('--limit 0', 'callers 0'),
    );
  });

  test('compare uses what was read as BEFORE', async () => {
    const [table] = await answers(['samples/before'], 'compare 5 samples/after');
    const asked = await pstat(['compare', 'samples/before', 'samples/after', '--limit', '5']);
    expect(table).toBe(asked.stdout.replace('--limit 0', 'compare 0 samples/after'));
  });

  test.each([
    ['format yaml', 'format: pstats; available: table, json, csv, markdown and pstats\n'],
    ['by color', 'by takes function, file, package, category, line and owner, then the arguments of stats\n'],
    ['list', 'list takes a FUNCTION: list serializeLinks\n'],
    ['compare', 'compare takes the path of AFTER: compare 20 after/\n'],
  ])('%s lists the valid arguments', async (line, said) => {
    expect(await answers([EXAMPLE], line)).toEqual([said]);
  });

  test.each(['by file', 'compare samples/after'])('%s reports that nothing is loaded', async (line) => {
    expect((await shell([], `${line}\n`)).stdout).toBe(`${WELCOME}% No statistics object is loaded.\n% \nGoodbye.\n`);
  });

  test('help lists every command and has a page for each', async () => {
    const { SHELL_COMMANDS } = await import('../../src/cli/shell/commands.ts');
    const [page = '', ...pages] = await answers(
      [EXAMPLE],
      'help',
      ...[...SHELL_COMMANDS.keys()].map((name) => `help ${name}`),
    );
    for (const [i, name] of [...SHELL_COMMANDS.keys()].entries()) {
      expect(page).toMatch(new RegExp(`\\b${name}\\b`));
      expect(pages[i]).not.toContain('No help');
    }
  });
});

describe('output', () => {
  test('> writes to a file and >> appends to it', async () => {
    const file = path.join(folder, 'out.txt');
    const [first, second, third = ''] = await answers([EXAMPLE], `stats 1 > ${file}`, `callers >> ${file}`, 'stats 1');
    expect([first, second]).toEqual(['', '']);
    const written = readFileSync(file, 'utf8');
    expect(written.startsWith(third)).toBe(true);
    expect(written).toContain('was called by...');
    await answers([EXAMPLE], `stats 1 >"${file}"`);
    expect(readFileSync(file, 'utf8')).toBe(third);
  });

  test('reports a file that cannot be written', async () => {
    const { stderr } = await shell([EXAMPLE], `stats > ${folder}/no/such/folder\n`);
    expect(stderr).toBe(`pstat: ${folder}/no/such/folder: cannot be written: no such folder\n`);
  });

  test.each([
    ['filter "a > b"', 'filter', `filter: 'a > b' (filter off: none)\n`],
    ["filter 'a | b' c", 'filter', `filter: 'a | b' 'c' (filter off: none)\n`],
  ])('%s is not a redirection', async (line, asked, said) => {
    expect(await answers([EXAMPLE], line, asked)).toEqual(['', said]);
  });

  test('prints messages to the screen and leaves the file as it is', async () => {
    const file = path.join(folder, 'kept.txt');
    writeFileSync(file, 'kept');
    expect((await shell([], `stats > ${file}\nreverse > ${file}\n`)).stdout).toContain('No statistics object');
    expect(await answers([EXAMPLE], `reverse > ${file}`)).toEqual(['']);
    expect(readFileSync(file, 'utf8')).toBe('kept');
  });

  test('| pipes to a command', async () => {
    const file = path.join(folder, 'piped.txt');
    const [listed = '', piped] = await answers([EXAMPLE], 'stats', `stats | cat > ${file}`);
    expect(piped).toBe('');
    expect(readFileSync(file, 'utf8')).toBe(listed);
  });
});

// ---- a person ------------------------------------------------------------------------------------------------------

const CTRL_C = '\x03';
const CTRL_D = '\x04';
const UP = '\x1b[A';

/** A terminal that types what it is given, each part when a prompt stands there, and keeps what it is shown. */
async function typed(
  files: readonly string[],
  parts: readonly string[],
  env: Record<string, string> = { PSTAT_HISTORY: '' },
) {
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => input }) as unknown as ReadStream;
  let screen = '';
  let errors = '';
  const left = [...parts];
  const show = (data: string | Uint8Array) => {
    screen += String(data);
    if (!/% (?:\x1b\[\d*[A-Z])*$/.test(screen)) return;
    const next = isTyping ? undefined : left.shift();
    if (next === undefined) return;
    isTyping = true;
    setImmediate(type, next);
  };
  // An editor of lines writes its prompt again and again while it is typed at.
  let isTyping = false;
  const type = async (part: string) => {
    // What arrives at once is taken for pasted, and then a tab is a tab.
    const all = part.includes('\t') ? [...part] : [part];
    for (const [i, keys] of all.entries()) {
      isTyping = i < all.length - 1;
      (input as unknown as PassThrough).write(keys);
      await new Promise(setImmediate);
    }
  };
  const output = Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 24 });
  output.on('data', show);
  const stdout = { isTTY: true, columns: 80, isOpen: true, opensLinks: async () => false, write: show };
  const write = (data: string | Uint8Array) => {
    errors += String(data);
  };
  const stderr = { isTTY: true, columns: 80, isOpen: true, opensLinks: async () => false, write: write };
  const code = await run(['shell', ...files], {
    stdout,
    stderr,
    stdin: (async function* () {})(),
    stdinIsFile: () => false,
    env: { NO_COLOR: '1', ...env },
    terminal: {
      input,
      output: output as unknown as WriteStream,
      onInterrupt: () => () => {},
      onLifecycle: () => () => {},
      stop: () => {},
    },
  });
  return { screen: screen.replaceAll(/\x1b\[\d*[A-Z]/g, ''), errors, code, left };
}

describe('at a terminal', () => {
  test('Ctrl-D prints Goodbye and Ctrl-C does not', async () => {
    expect((await typed([EXAMPLE], [CTRL_D])).screen).toMatch(/% \nGoodbye\.\n$/);
    const { screen, code } = await typed([EXAMPLE], [CTRL_C]);
    expect(screen).toMatch(/% \n$/);
    expect(code).toBe(0);
  });

  test('Ctrl-C discards a started line', async () => {
    const { screen } = await typed([EXAMPLE], [`stats 1${CTRL_C}`, 'sort zzz\r', 'quit\r']);
    expect(screen).toContain('stats 1^C\n');
    expect(screen).not.toContain('function calls');
    expect(screen).toContain('Valid sort keys');
    expect(screen).toMatch(/Goodbye\.\n$/);
  });

  test('runs pasted lines one after the other', async () => {
    const { screen, left } = await typed([EXAMPLE], ['sort calls\rstats 1\rquit\r']);
    expect(left).toEqual([]);
    expect(screen).toContain('Ordered by: call count');
    expect(screen).toMatch(/Goodbye\.\n$/);
  });

  test('keeps the history between sessions', async () => {
    const env = { PSTAT_HISTORY: path.join(folder, 'state', 'history') };
    await typed([EXAMPLE], ['sort calls\r', 'quit\r'], env);
    expect(readFileSync(env.PSTAT_HISTORY, 'utf8')).toBe('sort calls\nquit\n');
    const { screen } = await typed([EXAMPLE], [`${UP}${UP}\r`, 'stats 1\r', 'quit\r'], env);
    expect(screen).toContain('Ordered by: call count');
  });

  test.skipIf(process.platform === 'win32')('the history is the user’s alone, and no link is followed', async () => {
    const state = path.join(folder, 'private');
    const file = path.join(state, 'history');
    await typed([EXAMPLE], ['quit\r'], { PSTAT_HISTORY: file });
    const modeOf = (name: string) => statSync(name).mode & 0o777;
    expect([modeOf(state), modeOf(file)]).toEqual([0o700, 0o600]);
    chmodSync(file, 0o644);
    await typed([EXAMPLE], ['quit\r'], { PSTAT_HISTORY: file });
    expect(modeOf(file)).toBe(0o600);
    const target = path.join(folder, 'precious');
    writeFileSync(target, 'precious\n');
    symlinkSync(target, path.join(state, 'link'));
    const { code, errors } = await typed([EXAMPLE], ['sort calls\r', 'quit\r'], { PSTAT_HISTORY: `${state}/link` });
    expect([code, errors, readFileSync(target, 'utf8')]).toEqual([0, '', 'precious\n']);
  });

  test('Tab completes', async () => {
    const { screen } = await typed([EXAMPLE], ['so\ttott\t\r', 'stats han\t\r', 'quit\r']);
    expect(screen).toContain('Ordered by: internal time');
    expect(screen).toContain("due to restriction <'handle'>");
  });

  test('escapes control characters', async () => {
    const { screen } = await typed(['samples/odd/hostile-names.cpuprofile'], ['format pstats\r', 'stats\r', 'quit\r']);
    expect(screen).toContain('\\x1b[');
    expect(screen).not.toContain('\x1b]');
  });
});
