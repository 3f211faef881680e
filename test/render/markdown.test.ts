/** Markdown tables, taken apart as GitHub and others take them apart. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { escapeControls } from '../../src/base/text.ts';
import { loadProfile } from '../../src/index.ts';
import { readProfile } from '../../src/input/read-bytes.ts';
import { Stats } from '../../src/query/stats.ts';
import { reportMarkdown } from '../../src/render/markdown.ts';
import { reportTable } from '../../src/render/table/table.ts';
import { PLAIN_THEME } from '../../src/render/theme.ts';
import { functionsReport } from '../../src/render/views/functions.ts';
import { functionsView, groupsView, relationsView, type View } from '../../src/view/views.ts';
import { pstat } from '../support/cli.ts';
import { APP, code, json, plain, withFrames } from '../support/documents.ts';
import { known } from '../support/reading.ts';
import { within } from '../support/time.ts';
import { named, traceOf } from '../support/trace.ts';
import { record } from '../support/v8.ts';

function markdown(view: View): string {
  return reportMarkdown(functionsReport(view));
}

/** The cells of the table's lines. Markdown's readers disagree on whether `\\` before a pipe escapes it: none may. */
function cells(text: string, splitter = splitByPairs): string[][] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map(splitter);
}

/** As micromark and marked: a backslash and what follows it are a pair. */
function splitByPairs(line: string): string[] {
  return split(line, /^(?:\\[\\|]|[^|])/);
}

/** As cmark and markdown-it: a pipe is part of the cell if a backslash stands before it. */
function splitByLookingBack(line: string): string[] {
  return split(line, /^(?:\\\||[^|])/);
}

function split(line: string, part: RegExp): string[] {
  const found: string[] = [];
  let cell = '';
  for (let rest = line.slice(1); rest !== ''; ) {
    const [match] = part.exec(rest) ?? [];
    if (match === undefined) {
      found.push(cell.trim());
      cell = '';
      rest = rest.slice(1);
    } else {
      cell += match;
      rest = rest.slice(match.length);
    }
  }
  expect(cell.trim()).toBe('');
  return found;
}

/** What a reader sees of a cell that is one span of code; null for any other cell. */
function codeIn(cell: string): string | null {
  const [, entities] = /^<code>((?:[a-z0-9 ]|&#\d+;)*)<\/code>$/i.exec(cell) ?? [];
  if (entities !== undefined) return entities.replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
  const [, fence = '', body = ''] = /^(`+)(.*)\1$/s.exec(cell) ?? [];
  const runs = (body.match(/`+/g) ?? []).map((run) => run.length);
  if (fence === '' || runs.includes(fence.length) || body === '' || body.startsWith('`') || body.endsWith('`'))
    return null;
  const unescaped = body.replaceAll('\\|', '|');
  const isPadded = unescaped.startsWith(' ') && unescaped.endsWith(' ') && unescaped.trim() !== '';
  return isPadded ? unescaped.slice(1, -1) : unescaped;
}

/** What a reader sees of escaped text, with words of code among it. */
function shown(text: string): string {
  return text.replace(/\\([!-/:-@[-`{-~])|`([^`]*)`/g, (_, escaped, code) => escaped ?? code);
}

/** The text without its code, in which nothing means anything. */
function withoutCode(text: string): string {
  return text.replace(/(?<!\\)`[^`]*`/g, '');
}

const v8 = new Stats(record({ samples: 'main a b b native', deltas: [5000, 1000, 1000, 2000, 10], duration: 9700 }));

describe('the page', () => {
  test('is the header in bold, the breakdown as a list, the table and the last line', () => {
    expect(markdown(functionsView(v8, { limit: 2 }))).toBe(
      [
        '**test.cpuprofile: V8 CPU profile, 9.70 ms, 5 samples every 1.00 ms**',
        '- 9.70 ms = 4.70 ms counted + 5.00 ms before the first sample',
        '| tottime µs | % | ±% | cumtime µs | % | samples | function | file:line |\n' +
          '| -: | -: | -: | -: | -: | -: | :- | :- |\n' +
          '| 2,010 | 42.8 | 100\\~ | 2,010 | 42.8 | 2 | `b` | `/app.js:1:1` |\n' +
          '| 1,000 | 21.3 | 100\\~ | 4,700 | 100.0 | 1 | `main` | `/app.js:1:1` |',
        '2 of 6 functions by tottime, 64.0% of tottime; --limit 0 shows all; \\~ rests on under 10 samples and may be noise\n',
      ].join('\n\n'),
    );
  });

  test('names nothing but text: no color, no link, no padding, whatever the terminal', async () => {
    const args = ['samples/GET.resource_providers.prof', '--format', 'markdown'];
    const piped = await pstat(args);
    expect(await pstat([...args, '--color', 'always'], { columns: 40, links: true })).toEqual(piped);
    expect(piped.stdout).not.toMatch(/\u001b| {2}\|/);
    expect(cells(piped.stdout)).toHaveLength(22);
  });

  test('nothing that matches is a sentence, and exit code 1', async () => {
    const { stdout, code } = await pstat(['samples/odd/plain.cpuprofile', '--format', 'markdown', '--filter', 'zzz']);
    expect(stdout).toMatch(/\n\nNo function matches\.\n\n/);
    expect(stdout).not.toContain('|');
    expect(code).toBe(1);
  });

  test('notes stand below the table', async () => {
    const { stdout, stderr } = await pstat(['samples/odd/huge-gap.cpuprofile', '--format', 'markdown']);
    expect(stdout).toMatch(/\|\n\nnote: most of the time was not sampled: .*\n\n3 of 5 functions/);
    expect(stderr).toBe('');
  });
});

describe('the columns are those of the table, where nothing is left out', async () => {
  const python = new Stats(await loadProfile('samples/GET.resource_providers.prof'));
  const node = new Stats(await loadProfile('samples/resource-providers.cpuprofile'));
  const limit = { limit: 12 };

  test.each<[string, View]>([
    ['calls', functionsView(python, limit)],
    ['calls by cumtime', functionsView(python, { ...limit, sort: ['cumtime'] })],
    ['samples', functionsView(node, limit)],
    ['samples by cumtime', functionsView(node, { ...limit, sort: ['cumtime'] })],
    ['packages', groupsView('package', node, limit)],
    ['files of pairs', groupsView('file', python, limit)],
    ['callers', relationsView('callers', node, { pattern: 'serializeLinks', query: {} })],
    ['callees', relationsView('callees', python, { pattern: '(process)', query: {} })],
  ])('%s', (_, view) => {
    const table =
      reportTable(functionsReport(view), { columns: null, theme: PLAIN_THEME, links: false }).split('\n\n')[1] ?? '';
    const [first = '', second = '', ...lines] = table.split('\n').filter((line) => !line.includes('more call'));
    const [titles = [], , ...rows] = cells(markdown(view));
    const asOneLine = (each: string) => each.trim().replace(/\s+/g, ' ');
    // The words of both title lines, and of a row, stand in the same order in both.
    for (const title of titles) expect(`${asOneLine(first)} ${asOneLine(second)}`).toContain(title.split(' ')[0]);
    expect(rows).toHaveLength(lines.length);
    rows.forEach((row, i) => {
      const words = row
        .map((cell) => codeIn(cell.replace(/^&nbsp;&nbsp;. /, '')) ?? shown(cell))
        .filter((cell) => cell !== '');
      const line = asOneLine(known(lines[i])).replace(/<- |-> /, '');
      expect(line).toBe(asOneLine(words.join(' ')));
    });
  });
});

// ---- hostile names ------------------------------------------------------------------------------------------

function statsOf(names: readonly string[], url = APP): Stats {
  const frames = names.map((name, i) => ({ ...code(name, i), url }));
  return new Stats(readProfile(json(withFrames(...frames)), 'x.cpuprofile'), { paths: 'full' });
}

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({
    unit: fc.constantFrom(
      '`',
      '``',
      '|',
      '\n',
      ' ',
      '*',
      '_',
      '<',
      '>',
      '[',
      ']',
      '(',
      ')',
      '@',
      '#',
      '!',
      'a',
      '&',
      '\t',
      '~',
    ),
    maxLength: 8,
  }),
);

/** Both ends of the line are code, so nothing in it is anything else. */
function expectHarmless(text: string, names: readonly string[]): void {
  for (const splitter of [splitByPairs, splitByLookingBack]) {
    const [titles = [], , ...rows] = cells(text, splitter);
    expect(rows).toHaveLength(names.length);
    rows.forEach((row, i) => {
      expect(row).toHaveLength(titles.length);
      const name = escapeControls(names[i] || '(anonymous)');
      // Of a name of nothing but blanks, nobody counts how many.
      expect(codeIn(known(row.at(-2)))?.replace(/^ +$/, ' ')).toBe(name.replace(/^ +$/, ' '));
      expect(row.slice(0, -2).every((cell) => /^(?:[\d.,/?-]|\\[<~])*$/.test(cell))).toBe(true);
    });
  }
}

describe('untrusted names', () => {
  test('are one span of code each, and one row, whatever they hold', () => {
    const name = anyText.filter((text) => !text.includes('\\|'));
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 4 }), (names) => {
        expectHarmless(markdown(functionsView(statsOf(names), { sort: ['line'], limit: 0 })), names);
      }),
      { numRuns: 150 },
    );
  });

  test.each([
    'a|b',
    '||',
    '`',
    '``',
    '`a`',
    'a``b`c',
    '` `',
    ' a ',
    '  ',
    '@octocat',
    '#1',
    'https://example.com',
    'www.example.com',
    '<img src=x onerror=alert(1)>',
    '![](https://example.com/pixel.png)',
    '[link](javascript:alert(1))',
    '</td></table>',
    '<!--',
    '&lt;b&gt;',
    '--- | ---',
    'two\nlines\n\n# heading',
    '\u202etxt.exe',
    'a\\',
    '\\',
    '~~a~~',
    ':tada:',
    '$x^2$',
  ])('%j', (name) => {
    expectHarmless(markdown(functionsView(statsOf([name]), {})), [name]);
  });

  // Readers do not agree whether the first backslash escapes the second. V8 names regular expressions so.
  test.each(['\\|', 'RegExp: a\\|b', '\\\\\\|', '`back` | pipe \\|'])('%j', (name) => {
    expectHarmless(markdown(functionsView(statsOf([name]), {})), [name]);
  });

  // Between the tags of <code> markdown goes on, and bare underscores would be emphasis.
  test('_under_ \\|: nothing between the tags means anything', () => {
    expectHarmless(markdown(functionsView(statsOf(['_under_ \\|']), {})), ['_under_ \\|']);
  });

  test('paths are code too', () => {
    for (const url of ['a|b.js', '@octocat', 'http://example.com/x.js', '`.js', '<b>']) {
      const [, , row = []] = cells(markdown(functionsView(statsOf(['f'], url), {})));
      expect(codeIn(known(row.at(-1)))).toBe(`${url}:1`);
    }
  });

  test('groups too', () => {
    const view = groupsView('file', statsOf(['f'], 'a|b `@octocat`'), {});
    const [, , row = []] = cells(markdown(view));
    expect(codeIn(known(row.at(-1)))).toBe('a|b `@octocat`');
  });

  test('a function without a place has an empty cell', () => {
    const [, , row = []] = cells(
      markdown(functionsView(new Stats(record({ samples: 'program', deltas: [0], duration: 10 })), {})),
    );
    expect(row.slice(-2)).toEqual(['`(program)`', '']);
  });
});

describe('words outside the table', () => {
  /** The header of a trace whose thread has this name. */
  const headerOf = (thread: string) => {
    const trace = [named('thread_name', thread), ...traceOf(plain())];
    const [first = ''] = markdown(functionsView(new Stats(readProfile(json(trace), 'x.json')), {})).split('\n\n');
    return first;
  };
  const expected = (thread: string) =>
    `x.json: V8 trace, ${escapeControls(thread)} 41/42, 9.70 ms, 4 samples every 1.00 ms`;

  test.each([
    '*bold* _under_ `code` ~~struck~~',
    '[link](javascript:alert(1)) ![](x)',
    '<img src=x onerror=alert(1)>',
    'https://example.com/x_y',
    'a|b',
    'a\\b',
    '#1 {x} !',
    '&#64;octocat',
    'two\nlines',
  ])('%j is shown as it is', (thread) => {
    const header = headerOf(thread);
    expect(header).toMatch(/^\*\*[^\n]*\*\*$/);
    const inside = header.slice(2, -2);
    expect(shown(inside)).toBe(expected(thread));
    expect(withoutCode(inside)).not.toMatch(/(?<!\\)[<>[\]*_`~|!#@]|https?:\/\//);
  });

  // GitHub looks for these in the page that the markdown became, where no backslash is left.
  test.each([
    '@octocat',
    '\\@octocat',
    '(@octocat)',
    'a@example.com',
    '#12',
    'owner/repo#12',
    'gh-7',
    ':100:',
    '$x^2$',
  ])('%j is no reference', (thread) => {
    const inside = headerOf(`${thread}, ${thread}`).slice(2, -2);
    expect(shown(inside)).toBe(expected(`${thread}, ${thread}`));
    expect(withoutCode(inside).replaceAll('\\', '')).not.toMatch(/@\w|#\d|gh-\d|:\w+:|\$/);
  });

  test('a long name takes no long time', () => {
    within(2000, () => headerOf(`${'@'.repeat(100_000)}${':a'.repeat(100_000)}${'.'.repeat(100_000)}`));
  });

  // Entities would become the characters they stand for, and www. a link on GitHub.
  test.each(['a&amp;b', '&lt;b&gt;', '&commat;octocat'])('%j is no entity', (thread) => {
    expect(headerOf(thread)).not.toMatch(/(?<!\\)&(?:\w+|#\d+);/);
  });
  test('www.example.com is no link', () => {
    expect(headerOf('www.example.com')).not.toMatch(/www\./);
  });

  test('a note is escaped', async () => {
    const note = { code: 'text', text: '@octocat <b> [x](y) | *z*' } as const;
    const profile = { ...(await loadProfile('samples/odd/plain.cpuprofile')), notes: [note] };
    const text = markdown(functionsView(new Stats(profile), {}));
    expect(text).toContain('note: `@octocat` \\<b\\> \\[x\\]\\(y\\) \\| \\*z\\*');
  });
});

describe('callers and callees', () => {
  const node = relationsView('callees', v8, { pattern: 'main', query: {} });

  test('stand below their function, behind an arrow', () => {
    const names = cells(markdown(node)).map((row) => row.at(-2));
    expect(names).toEqual([
      'function',
      ':-',
      '`main`',
      '&nbsp;&nbsp;→ `b`',
      '&nbsp;&nbsp;→ `a`',
      '&nbsp;&nbsp;→ `writev`',
    ]);
    const callers = cells(markdown(relationsView('callers', v8, { pattern: '(b)', query: {} }))).map((row) =>
      row.at(-2),
    );
    expect(callers.slice(2)).toEqual(['`b`', '&nbsp;&nbsp;← `main`']);
  });

  test.each<[string, View, RegExp]>([
    ['more', relationsView('callees', v8, { pattern: 'main', query: { limit: 1 } }), /2 more callees/],
    ['none', relationsView('callers', v8, { pattern: '(main)', query: {} }), /no callers/],
    [
      'none that match',
      relationsView('callees', v8, { pattern: '(main)', query: { filter: ['zzz'] } }),
      /none of its 3 callees matches/,
    ],
  ])('what is not shown is said: %s', (_, view, words) => {
    expect(markdown(view)).toMatch(words);
  });
});
