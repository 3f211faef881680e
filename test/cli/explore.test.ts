/** Tests the explorer by the keys that are typed and the cells of the terminal. */

import { rm } from 'node:fs/promises';
import path from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import type { ReadStream, WriteStream } from 'node:tty';
import { describe, expect, test } from 'vitest';
import { Explorer } from '../../src/cli/explore/explorer.ts';
import { runExplore } from '../../src/cli/explore/run-explore.ts';
import { INITIAL, type State } from '../../src/cli/explore/state.ts';
import { exploreView } from '../../src/cli/explore/view.ts';
import type { Io } from '../../src/cli/io.ts';
import { loadProfile } from '../../src/index.ts';
import { Stats } from '../../src/query/stats.ts';
import { loadTheme } from '../../src/render/theme.ts';
import { PANES } from '../../src/view/explore-view.ts';
import { pstat } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { KEYS, openTerminal, type TestTerminal } from '../support/terminal.ts';

const FILE = 'samples/resource-providers.cpuprofile';
const PYTHON = 'samples/GET.resource_providers.prof';
const COMPARED =
  'test/compare/recordings/compare-machine/same --against test/compare/recordings/compare-machine/noisy-plus';
const RENAMED = 'samples/compare/base-1.cpuprofile --against samples/compare/renamed.cpuprofile';
const { down, up, left, right, home, end, pageUp, pageDown, enter, escape: esc, tab, backspace, click } = KEYS;

const SURROUNDINGS = { words: FILE, windowWords: [], sourceWords: [], comparedWords: null, source: null };

async function quit(terminal: TestTerminal): Promise<void> {
  await terminal.type('\x03');
  await terminal.exit;
}

/** name of the golden, command, size, keys */
const SEQUENCES: readonly (readonly [
  name: string,
  command: string,
  size: readonly [number, number],
  keys: readonly string[],
])[] = [
  ['first screen', FILE, [80, 24], []],
  ['first screen, 60 × 12', FILE, [60, 12], []],
  ['first screen, 120 × 30', FILE, [120, 30], []],
  ['zoomed', FILE, [80, 24], [up, enter]],
  ['inverted', FILE, [80, 24], ['i']],
  ['packages', FILE, [80, 24], ['g']],
  ['without folding', FILE, [80, 24], ['d']],
  ['search', FILE, [80, 24], ['/', ...'want', enter, 'n']],
  ['focused', FILE, [80, 24], [up, right, 'f']],
  ['hottest path', FILE, [60, 16], ['h']],
  ['table', FILE, [80, 24], ['1', down, down]],
  ['table by cumtime', FILE, [80, 24], ['1', 's', 'S']],
  ['tree', FILE, [80, 24], ['3', up]],
  ['tree of a function', FILE, [80, 24], ['3', up, enter]],
  ['callers and callees', FILE, [80, 24], ['1', down, enter]],
  ['callers of a caller', FILE, [80, 24], ['1', down, enter, up, enter]],
  ['source without a file', FILE, [80, 24], ['5']],
  ['help', FILE, [80, 24], ['?']],
  ['help with notes', PYTHON, [80, 24], ['?']],
  ['help, scrolled', FILE, [60, 12], ['?', pageDown, down]],
  ['Python', PYTHON, [80, 24], []],
  ['Python, picture', PYTHON, [80, 24], ['2']],
  ['Python, estimated', `${PYTHON} --estimate`, [80, 24], []],
  ['comparison', COMPARED, [100, 24], []],
  ['comparison, table', COMPARED, [100, 24], ['1', down]],
  ['comparison, by cumtime', COMPARED, [80, 24], ['s']],
  ['comparison of one run a side', RENAMED, [80, 24], []],
  ['time order', FILE, [80, 24], ['o']],
  ['time order, zoomed', FILE, [80, 24], ['o', up, up, enter]],
  ['time line', FILE, [80, 24], ['t', ...Array.from({ length: 20 }, () => right), '[', pageDown, ']']],
  ['time window of the table', FILE, [80, 24], ['t', end, pageUp, '[', enter, '1']],
  ['Python, time', PYTHON, [80, 24], ['t']],
  ['hostile names', 'samples/odd/hostile-names.cpuprofile', [80, 24], []],
  ['nothing recorded', 'samples/odd/nodes-empty.cpuprofile', [80, 24], []],
];

test.each(SEQUENCES)('%s', async (name, command, [columns, rows], keys) => {
  const terminal = await openTerminal(
    ['explore', ...command.split(' '), '--source-path', 'samples/odd'],
    columns,
    rows,
  );
  await terminal.type(...keys);
  const screen = [...terminal.screen(), '', ...terminal.selected().map((text) => `selected: ${text}`)].join('\n');
  await quit(terminal);
  await expect(`${screen}\n`).toMatchFileSnapshot(`goldens-explore/${name}.txt`);
});

describe('keys', () => {
  test('that move and come back lead to the same screen', async () => {
    const terminal = await openTerminal(['explore', FILE]);
    const before = terminal.screen();
    await terminal.type(up, enter, esc, esc, esc, down, '1', tab, tab, '2');
    expect(terminal.screen()).toEqual(before);
    await quit(terminal);
  });

  test('Esc leads from callers back to those before, and to the row or box that they were opened at', async () => {
    const terminal = await openTerminal(['explore', FILE]);
    const screens: string[][] = [];
    for (const keys of [['1', down, down], [enter], [up, enter]]) {
      await terminal.type(...keys);
      screens.push(terminal.screen());
    }
    const [table, callers, others] = screens;
    expect(others).not.toEqual(callers);
    await terminal.type('4', esc);
    expect(terminal.screen()).toEqual(callers);
    await terminal.type(esc);
    expect(terminal.screen()).toEqual(table);
    await terminal.type(up, '2', left);
    const picture = terminal.screen();
    await terminal.type('4', esc);
    expect(terminal.screen()).toEqual(picture);
    await quit(terminal);
  });

  test('another tree keeps the selected function selected', async () => {
    const terminal = await openTerminal(['explore', FILE, '--no-color'], 120, 30);
    for (const key of ['i', 'i', 'd', 'r']) {
      await terminal.type(key);
      expect(terminal.screen().join('\n')).toContain('›encodeJson');
    }
    await quit(terminal);
  });

  test('undo filters', async () => {
    const terminal = await openTerminal(['explore', FILE]);
    await terminal.type('x');
    expect(terminal.screen()[1]).toContain('excluded by filters');
    await terminal.type('F');
    expect(terminal.screen()[1]).not.toContain('excluded by filters');
    await quit(terminal);
  });

  test('set a window, whose command prints the same, and remove it', async () => {
    const terminal = await openTerminal(['explore', FILE], 200, 30);
    await terminal.type('1');
    const before = terminal.screen();
    await terminal.type('t', pageDown, '[', pageDown, ']', enter);
    const [words = []] = terminal.commands();
    expect(words.join(' ')).toMatch(/--from \d+ms --to \d+ms$/);
    const { stdout } = await pstat(words, { columns: 200, env: { NO_COLOR: '1' } });
    expect(stdout).toContain(terminal.screen()[6]?.replace('›', ' ').trim());
    await terminal.type('t', '0', enter);
    expect(terminal.screen()).toEqual(before);
    await terminal.type('t', ']');
    expect(terminal.screen().at(-2)).toBe('the end of the window is not after its begin');
    await quit(terminal);
  });

  test('write a report and an export of what is shown, and replace no file', async () => {
    const folder = temporaryFolder('explore');
    const terminal = await openTerminal(['explore', FILE], 200, 24);
    const write = async (name: string) => {
      const file = path.join(folder, name);
      await terminal.type('w', ...file, enter);
      await terminal.waitFor(`${file}: `);
      return file;
    };
    const report = await write('all.html');
    await terminal.type(up, right, 'f');
    const [, counted = ''] = /= ([\d.]+ \w+) counted/.exec(terminal.screen()[1] ?? '') ?? [];
    const exported = await write('part.cpuprofile');
    await terminal.type('w', ...report, enter);
    await terminal.waitFor('exists; choose another name');
    await quit(terminal);
    expect((await pstat([report])).stdout).toContain('3.91 s counted');
    expect((await pstat([exported])).stdout).toContain(`${counted} counted`);
    await rm(folder, { recursive: true });
  });

  test('edit what is typed, and Esc leaves it', async () => {
    const terminal = await openTerminal(['explore', FILE]);
    await terminal.type('/', 'a', 'b', backspace);
    expect(terminal.screen().at(-2)).toBe('/a▏');
    await terminal.type(esc);
    expect(terminal.screen().at(-2)).toContain('$ pstat flame');
    await quit(terminal);
  });

  test('report a pattern that does not parse', async () => {
    const terminal = await openTerminal(['explore', FILE]);
    await terminal.type('/', ...'/(/', enter);
    expect(terminal.screen().join('\n')).toContain('does not parse');
    await quit(terminal);
  });

  test('move between siblings that are wide enough to be seen', async () => {
    const terminal = await openTerminal(['explore', FILE]);
    await terminal.type(up, right);
    expect(terminal.selected().join('\n')).toContain('dispatch');
    await terminal.type(left);
    expect(terminal.selected().join('\n')).toContain('send');
    await quit(terminal);
  });
});

test('the command at the bottom prints what is shown', async () => {
  const terminal = await openTerminal(['explore', FILE], 200, 30);
  for (const keys of [['1'], ['3', down, down, enter], ['2', up, enter]]) {
    await terminal.type(...keys);
    const [words = []] = terminal.commands();
    const { stdout, code } = await pstat(words, { columns: 200, env: { NO_COLOR: '1' } });
    expect(code).toBe(0);
    // Columns are as wide as what is in them, and the explorer has more rows.
    const words5 = (terminal.screen()[5] ?? '').split(/[\s›▏]+/).filter((word) => word !== '');
    expect(stdout.split('\n').some((line) => words5.every((word) => line.includes(word)))).toBe(true);
  }
  await quit(terminal);
});

test('a comparison takes one path a side', async () => {
  const terminal = await openTerminal(['explore', FILE, FILE, '--against', FILE], 100, 24, { ready: '' });
  expect(await terminal.exit).toBe(2);
});

test('what is shown of a comparison is printed by the command at the bottom', async () => {
  const terminal = await openTerminal(['explore', ...RENAMED.split(' ')], 200, 30);
  await terminal.type('1', down, 'f');
  const [words = []] = terminal.commands();
  const { stdout } = await pstat(words, { columns: 200, env: { NO_COLOR: '1' } });
  expect(words[0]).toBe('compare');
  expect(words).toContain('--focus');
  const selected = terminal.screen()[4]?.replace('›', ' ').trim();
  expect(stdout.split('\n').map((line) => line.trim())).toContain(selected);
  await quit(terminal);
});

test('a pass over the profile is announced, and its answer kept', async () => {
  let computed = 0;
  const explored = { stats: new Stats(await loadProfile(FILE)), options: {}, estimates: false };
  const explorer = new Explorer(explored, () => computed++);
  const count = (state: State) => {
    explorer.pictures.picture(state);
    return computed;
  };
  const first = count(INITIAL);
  expect(first).toBeGreaterThan(0);
  expect(count(INITIAL)).toBe(first);
  expect(count({ ...INITIAL, isInverted: true })).toBeGreaterThan(first);
});

describe('the parts of an answer', () => {
  const switches: readonly Partial<State>[] = [
    {},
    { isInverted: true },
    { by: 'package' },
    { inTimeOrder: true },
    { window: { from: 500_000, to: 900_000 } },
    { filters: [{ kind: 'ignore', pattern: 'send' }], search: 'want' },
  ];
  const states = PANES.flatMap((pane) => switches.map((each) => ({ ...INITIAL, ...each, pane, fn: 12 })));
  test('are all that a screen shows, and none takes more than two passes', async () => {
    const stats = new Stats(await loadProfile(FILE));
    for (const state of states) {
      let computed = 0;
      const explorer = new Explorer({ stats, options: {}, estimates: false }, () => computed++);
      for (const _ of explorer.parts(state, { columns: 80, rows: 24 })) {
        expect(computed).toBeLessThanOrEqual(2);
        computed = 0;
      }
      exploreView(state, explorer, SURROUNDINGS);
      expect([state, computed]).toEqual([state, 0]);
    }
  });
});

describe('the command of a zoomed picture', () => {
  test('names the function as its root, unless the picture is inverted', async () => {
    const stats = new Stats(await loadProfile(FILE));
    const explorer = new Explorer({ stats, options: {}, estimates: false });
    const commands = [false, true].map((isInverted) => {
      const state = { ...INITIAL, pane: 'picture' as const, zoom: [12], isInverted };
      for (const _ of explorer.parts(state, { columns: 80, rows: 24 }));
      return exploreView(state, explorer, SURROUNDINGS).command;
    });
    expect(commands).toEqual([expect.stringContaining('--root '), `pstat flame ${FILE} --inverted`]);
  });
});

describe('the explorer of a program that runs', () => {
  test('ends at once where it was stopped before the screen was there', async () => {
    const stats = new Stats(await loadProfile(FILE));
    const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => {} }) as unknown as ReadStream;
    let written = '';
    const stream = new Writable({
      write(chunk, _, done) {
        written += String(chunk);
        done();
      },
    });
    const output = Object.assign(stream, { isTTY: true, columns: 80, rows: 24 }) as unknown as WriteStream;
    const terminal = { input, output, onInterrupt: () => () => {}, onLifecycle: () => () => {}, stop: () => {} };
    await runExplore({ stats, options: {}, estimates: false }, terminal, {} as Io, {
      ...SURROUNDINGS,
      folders: [],
      links: false,
      mouse: false,
      theme: await loadTheme(0),
      live: { next: () => new Promise(() => {}), signal: AbortSignal.abort() },
      write: async () => '',
    });
    expect(written).toContain('\x1b[?1049l');
  });
});

describe('explore in the shell', () => {
  const ready = `${FILE}% `;
  const env = { PSTAT_HISTORY: '' };

  test('shows what was read with its filters, and q comes back to the prompt', async () => {
    const terminal = await openTerminal(['shell', FILE], 80, 24, { ready, env });
    await terminal.type(...'focus serializeLinks\rexplore', enter);
    await terminal.waitFor(`$ pstat flame ${FILE} --focus serializeLinks`);
    expect(terminal.isAlternate()).toBe(true);
    await terminal.type('1', down, down, 'q');
    await terminal.waitFor(`${ready}explore`);
    expect([terminal.isAlternate(), terminal.isRaw()]).toEqual([false, true]);
    // The keys of the explorer are none of the line.
    expect(
      terminal
        .screen()
        .findLast((line) => line !== '')
        ?.trim(),
    ).toBe(ready.trim());
    await terminal.type(...'explore', enter);
    await terminal.waitFor('$ pstat flame');
    await terminal.type('q', ...'quit', enter);
    await terminal.exit;
    expect([terminal.isAlternate(), terminal.isRaw()]).toEqual([false, false]);
  });

  test('estimates the tree of a Python profile', async () => {
    const terminal = await openTerminal(['shell', PYTHON], 80, 24, { ready: `${PYTHON}% `, env });
    await terminal.type(...'explore estimate', enter);
    await terminal.waitFor(`$ pstat flame ${PYTHON} --estimate`);
    await terminal.type('q', ...'quit', enter);
    await terminal.exit;
  });

  test('needs a terminal', async () => {
    const { stderr, code } = await pstat(['shell', FILE], { stdin: Buffer.from('explore\n') });
    expect(stderr).toContain('explore needs a terminal');
    expect(code).toBe(0);
  });
});

describe('the mouse', () => {
  test('selects what is clicked and zooms by a double click', async () => {
    const terminal = await openTerminal(['explore', FILE]);
    await terminal.type(click(2, 5));
    expect(terminal.selected().join('\n')).toContain('send');
    await terminal.type(click(2, 5) + click(2, 5));
    expect(terminal.screen()[2]).toMatch(/^.send/);
    await quit(terminal);
  });

  test('selects rows of lists', async () => {
    const terminal = await openTerminal(['explore', FILE]);
    await terminal.type('1', click(10, 6));
    expect(terminal.selected().join('\n')).toContain('encodeUtf8String');
    await quit(terminal);
  });

  test('is the terminal’s with --no-mouse', async () => {
    const terminal = await openTerminal(['explore', FILE, '--no-mouse']);
    expect(terminal.output()).not.toContain('\x1b[?1000h');
    await quit(terminal);
  });

  test('may send half a report at a time', async () => {
    const terminal = await openTerminal(['explore', FILE]);
    await terminal.type('\x1b[<0;3', ';6M');
    expect(terminal.selected().join('\n')).toContain('send');
    await quit(terminal);
  });
});

describe('the terminal', () => {
  test('is left as it was after q, Ctrl-C and a signal', async () => {
    for (const key of ['q', '\x03']) {
      const terminal = await openTerminal(['explore', FILE]);
      expect([terminal.isAlternate(), terminal.isRaw()]).toEqual([true, true]);
      await terminal.type(key);
      await terminal.exit;
      expect([terminal.isAlternate(), terminal.isRaw()]).toEqual([false, false]);
      expect(terminal.output()).toContain('\x1b[?25h');
    }
    const terminal = await openTerminal(['explore', FILE]);
    terminal.end();
    await terminal.type();
    expect(terminal.isRaw()).toBe(false);
    expect(terminal.output().endsWith('\x1b[?1049l')).toBe(true);
  });

  test('may be resized, also while zoomed and to less than is needed', async () => {
    const terminal = await openTerminal(['explore', FILE]);
    await terminal.type(up, enter);
    await terminal.resize(120, 30);
    expect(terminal.screen()[2]).toMatch(/^.send/);
    await terminal.resize(40, 8);
    expect(terminal.screen()[0]).toBe('60 × 12 at least; this is 40 × 8');
    await terminal.resize(80, 24);
    expect(terminal.screen()[2]).toMatch(/^.send/);
    await quit(terminal);
  });

  test('gets the command on its clipboard, and nothing that ends the sequence', async () => {
    const terminal = await openTerminal(['explore', FILE]);
    await terminal.type('y');
    const [, text = ''] = /\x1b\]52;c;([^\x07]*)\x07/.exec(terminal.output()) ?? [];
    expect(Buffer.from(text, 'base64').toString()).toBe(`pstat flame ${FILE}`);
    await quit(terminal);
  });

  test('gets no control character of a name on its clipboard: a paste of one could run commands', async () => {
    const terminal = await openTerminal(['explore', 'samples/odd/hostile-names.cpuprofile']);
    await terminal.type('1', home);
    for (let row = 0; row < 40; row++) await terminal.type(...'fyF', down);
    const copied = [...terminal.output().matchAll(/\x1b\]52;c;([^\x07]*)\x07/g)];
    const commands = copied.map(([, text = '']) => Buffer.from(text, 'base64').toString());
    expect(commands.length).toBeGreaterThan(3);
    expect(commands.join('')).toContain('\\x00');
    expect(commands.filter((command) => /[\x00-\x1f\x7f-\x9f\u202a-\u202e]/.test(command))).toEqual([]);
    await quit(terminal);
  });

  test('has to move its cursor', async () => {
    const terminal = await openTerminal(['explore', FILE], 80, 24, {
      ready: '',
      env: { TERM: 'dumb' },
    });
    expect(await terminal.exit).toBe(2);
    expect(terminal.isAlternate()).toBe(false);
  });

  test('is needed', async () => {
    const { stderr, code } = await pstat(['explore', FILE]);
    expect(stderr).toContain('explore needs a terminal for its keys and its screen; `pstat flame` prints the picture');
    expect(code).toBe(2);
  });
});

test('draws no control character of a profile', async () => {
  const terminal = await openTerminal(['explore', 'samples/odd/hostile-names.cpuprofile'], 100, 30);
  for (const key of ['1', '3', '4', '5', '2']) await terminal.type(key, down, down);
  const text = terminal.output().replaceAll(/\x1b\[[?\d;]*[a-zA-Z]/g, '');
  expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
  await quit(terminal);
});

test('without color, signs say which pane, box and match is meant', async () => {
  const terminal = await openTerminal(['explore', FILE, '--no-color'], 80, 24);
  await terminal.type('/', ...'want', enter);
  expect(terminal.screen()[0]).toContain('1 table [2 picture] 3 tree');
  expect(terminal.screen().join('\n')).toMatch(/›want/);
  expect(terminal.screen().join('\n')).toMatch(/\*wantsVersion/);
  expect(terminal.screen().join('\n')).not.toContain('own code');
  await quit(terminal);
});

test('answers of few filters and windows are kept: each has a profile of its own', async () => {
  const { model } = new Explorer({ stats: new Stats(await loadProfile(FILE)), options: {}, estimates: false });
  const windowed = (to: number): State => ({ ...INITIAL, window: { from: 0, to } });
  const first = model.stats(windowed(1e6));
  expect(model.stats(windowed(1e6))).toBe(first);
  for (let i = 1; i <= 20; i++) model.stats(windowed(1e6 + 1000 * i));
  const again = model.stats(windowed(1e6));
  expect(again).not.toBe(first);
  expect(again.summary).toEqual(first.summary);
});
