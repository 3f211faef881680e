/** No text of a profile, a path or an argument reaches the terminal unescaped, in any view, format, message or key. */

import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { completeLine } from '../../src/cli/shell/completion.ts';
import { Session } from '../../src/cli/shell/session.ts';
import { pstat } from '../support/cli.ts';
import { code, json, withFrames } from '../support/documents.ts';
import { prof } from '../support/marshal.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { named, traceOf } from '../support/trace.ts';

/** What a hostile text tries: to act on the terminal, to forge lines, to reverse, to hide. */
const HOSTILE: Readonly<Record<string, string>> = {
  'A text that acts on the terminal': [
    '\u001b]8;;http://evil.example\u0007click\u001b]8;;\u0007',
    '\u001b]52;c;ZXZpbA==\u001b\\',
    '\u009b31mred\u001b[2J',
    'abc\b\b\u007f',
    'x\r\ny\u0085z\u2028w\u2029v\tt',
  ].join(''),
  'A text that reverses others': '\u202eabc\u2066def\u200f\u061c',
  'A text that hides characters': [
    'a\u200bb\u200cc\u200dd\u2060e\ufeff',
    '\u{e0041}\u{e007f}\u3164\u115f\u1160\uffa0\u2800',
    'a\ufe0fb\ufe00c\u{e0100}\u00add\u034fe\u180e\u17b4',
    '\ufff9\ufffb\u{1d173}\u{1bca0}\ud800a\udc00\ufffe\u{1ffff}',
    'a\u00a0b\u2003c\u3000d\u202fe',
  ].join(''),
};

/** Characters that act or show nothing, but for the newline at the end of pstat's own lines. */
const UNSHOWN = /(?!\n)[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/gu;

function unshownIn(text: string): string[] {
  return [...text.matchAll(UNSHOWN)].map(([found]) => found).filter((found) => found !== ' ');
}

const folder = temporaryFolder('hostile');

/** A name for a file: no slash, no zero, and not longer than a file system takes. */
const fileName = (text: string) => text.replace(/[/\0\ud800-\udfff]/g, '_').slice(0, 60);

/** The files of one hostile text: a V8 profile, a trace, a Hermes profile, a Python profile, and folders of requests. */
function writeFiles(at: string, text: string): void {
  const request = {
    method: `GET${text}`,
    url: `/${text}/a?${text}`,
    status: 200,
    elapsed: 9000,
    busy: 3000,
    pid: 1,
    thread: 0,
    number: 1,
  };
  const run = {
    id: text,
    node: text,
    pid: 1,
    elapsed: 9000,
    cpu: { user: 1, system: 1 },
    thread: { cpu: 4000, queued: 3000 },
  };
  const frames = [text, `${text}2`, ''].map((name, line) => ({
    ...code(name, line),
    url: line === 2 ? text : `/srv/${text}/${line}.js`,
  }));
  const document = { ...withFrames(...frames), pstat: { ...request, run }, title: text };
  mkdirSync(path.join(at, 'before'), { recursive: true });
  mkdirSync(path.join(at, 'after'), { recursive: true });
  const moved = {
    ...document,
    nodes: document.nodes.map((node) => ({ ...node, callFrame: { ...node.callFrame, lineNumber: 77 } })),
  };
  for (const [side, content] of Object.entries({ before: document, after: moved }))
    for (let run = 0; run < 5; run++)
      writeFileSync(path.join(at, side, `${run}${fileName(text)}.cpuprofile`), json(content));
  const trace = [named('process_name', text), named('thread_name', text), ...traceOf(document)];
  writeFileSync(path.join(at, `${fileName(text)}.json`), json(trace));
  const hermes = {
    samples: [1, 2, 3].map((ts) => ({ ts: String(ts), pid: 1, tid: '1', sf: 2 })),
    stackFrames: { 1: { name: '[root]' }, 2: { name: `${text}(${text}:3:4)`, parent: 1 } },
  };
  writeFileSync(path.join(at, `${fileName(text)}-hermes.json`), json(hermes));
  const python = text.replace(/[\ud800-\udfff]/g, '_');
  const entry = { key: [`/srv/${python}/a.py`, 3, python], cc: 1, nc: 1, tt: 0.5, ct: 0.5 } as const;
  writeFileSync(path.join(at, `${fileName(text)}.prof`), prof({ ...entry, key: [...entry.key] }));
}

const FORMATS = ['table', 'markdown', 'csv', 'json'];

beforeAll(() => {
  for (const [name, text] of Object.entries(HOSTILE)) writeFiles(path.join(folder, name), text);
});

describe.each(Object.entries(HOSTILE))('%s', (kind, text) => {
  const at = (...names: string[]) => path.join(folder, kind, ...names);

  async function expectShown(args: readonly string[], columns?: number): Promise<void> {
    const { stdout, stderr } = await pstat([...args, '--color', 'never'], columns === undefined ? {} : { columns });
    expect(stdout + stderr, args.join(' ')).not.toBe('');
    expect(unshownIn(stdout + stderr), args.join(' ')).toEqual([]);
  }

  test.each(FORMATS)('is escaped by every view as %s', async (format) => {
    const v8 = at('before', `0${fileName(text)}.cpuprofile`);
    const views = [
      [v8],
      [v8, '--idle', '--paths', 'full'],
      [v8, '--by', 'file'],
      [v8, '--by', 'package'],
      [at(`${fileName(text)}.json`)],
      [at(`${fileName(text)}-hermes.json`)],
      [at(`${fileName(text)}.prof`)],
      ['callers', '', v8],
      ['callees', '', at(`${fileName(text)}.prof`)],
      ['compare', at('before'), at('after')],
      ['compare', at('before'), at('after'), '--fail-on', 'function', '--sort', 'tottime'],
      ['requests', at('before')],
      [at('before')],
      [at('before'), '--by', 'line'],
      [at('before'), '--by', 'owner'],
      ['tree', v8],
      ['tree', v8, '--inverted', '--by', 'package'],
      ['tree', at(`${fileName(text)}.prof`), '--estimate'],
      ['list', '', v8],
    ];
    for (const view of views)
      for (const columns of format === 'table' ? [undefined, 40, 100] : [undefined])
        await expectShown([...view, '--format', format], columns);
  });

  test('is escaped on a terminal as pstats, and written as it is into a pipe', async () => {
    const file = at(`${fileName(text)}.prof`);
    await expectShown([file, '--format', 'pstats'], 80);
    await expectShown(['callers', '', file, '--format', 'pstats'], 80);
    const python = text.replace(/[\ud800-\udfff]/g, '_');
    expect((await pstat([file, '--format', 'pstats'])).stdout).toContain(python);
  });

  test('is escaped on a terminal by what is no table: pictures, pages and files', async () => {
    const v8 = at('before', `0${fileName(text)}.cpuprofile`);
    const python = at(`${fileName(text)}.prof`);
    for (const args of [
      ['flame', v8],
      ['flame', at('before'), '--by', 'package'],
      ['report', v8, '--format', 'markdown'],
      ['compare', at('before'), at('after'), '--format', 'folded'],
      ...['folded', 'speedscope', 'callgrind', 'cpuprofile', 'firefox'].map((format) => [
        'convert',
        v8,
        '--to',
        format,
      ]),
      ['convert', python, '--estimate', '--to', 'folded'],
      ['convert', v8, '--to', 'folded', '-o', at(fileName(`out${text}`))],
      ['convert', at('before'), '--to', 'folded', '--split', 'route', '-o', at(fileName(`split${text}`))],
      ['report', v8, '-o', at(`${fileName(`out${text}`)}.html`)],
    ])
      await expectShown(args, 80);
  });

  test('is escaped in messages', async () => {
    const v8 = at('before', `0${fileName(text)}.cpuprofile`);
    for (const args of [
      [text],
      [v8, `--${text}`],
      [v8, '--sort', text],
      [v8, '--format', text],
      [v8, '--limit', text],
      [v8, '--filter', `/(${text}/`],
      [v8, '--filter', `none${text}`],
      [v8, '--thread', text],
      [v8, '--route', text],
      [at(`${fileName(text)}.json`), '--thread', `no${text}`],
      ['callers', `none${text}`, v8],
      ['help', text],
      ['completion', text],
      [at('missing', text)],
      [`:${text}`],
      ['attach', text],
      ['detach', text],
      ['record', text],
      ['ab', text],
      ['ab', '--before', text, '--after', text],
      ['requests', text],
      ['report', v8, '-o', at('missing', text, 'a.html')],
      ['convert', v8, '--to', text],
      ['convert', v8, '-o', text],
      ['convert', v8, '--to', 'folded', '-o', at('missing', text, 'a')],
      ['compare', text, v8],
      ['compare', v8, at('after'), '--fail-on', text],
      ['flame', v8, '--root', text],
      ['tree', v8, '--min', text],
      ['list', text, v8],
      ['explore', v8, text],
      [text, v8],
      [v8, text],
    ])
      await expectShown(args, 80);
    for (const [i, content] of brokenBy(text).entries()) {
      const file = at(`broken-${i}.json`);
      writeFileSync(file, typeof content === 'string' ? content : json(content));
      await expectShown([file], 80);
    }
  });

  test('is escaped in the shell, and no key completes a name with it', async () => {
    const script = `stats\ncallers\nformat table\nstats\nby file\ncompare ${at('after')}\nsort ${text}\n${text}\nhelp ${text}\nread ${text}\nfilter ${text}\nfilter\n`;
    const { stdout, stderr } = await pstat(['shell', at(`${fileName(text)}.prof`), '--color', 'never'], {
      columns: 80,
      stdin: Buffer.from(script),
    });
    expect(unshownIn(stdout + stderr)).toEqual([]);
    const session = new Session({ load: {}, withProgress: (act) => act(undefined), idle: false, format: null });
    await session.read(at(`${fileName(text)}.prof`));
    for (const line of [
      `read ${at('')}`,
      `read ${at('before', '')}`,
      'stats ',
      'filter ',
      `compare ${at('')}`,
      `stats > ${at('')}`,
    ])
      expect(unshownIn(completeLine(line, session)[0].join('')), line).toEqual([]);
  });
});

/** Documents that are rejected with a part of them in the message. */
function brokenBy(text: string): readonly unknown[] {
  return [
    { nodes: text, startTime: 0 },
    { nodes: [{ id: text, callFrame: {} }], startTime: 0 },
    { nodes: [{ id: 1, callFrame: text }], startTime: 0 },
    { stackFrames: { [text]: 1 }, samples: [] },
    { stackFrames: { [text]: { name: 3 } }, samples: [{ sf: 1, ts: 1 }] },
    { $schema: text },
    { traceEvents: [{ ph: 'P', name: 'Profile', id: text, ts: text }] },
    `{"nodes":[${text}`,
    text,
  ];
}

describe('long texts', () => {
  test('an error line is at most a few hundred characters', async () => {
    const long = 'x'.repeat(100_000);
    const file = path.join(folder, 'long.json');
    for (const args of [
      [long],
      [`/${'y/'.repeat(2000)}`],
      [file, `--${long}`],
      [file, '--sort', long],
      [file, '--format', long],
      [file, '--filter', `/(${long}/`],
      ['callers', long, path.join(folder, 'A text that reverses others', 'before')],
      ['help', long],
      ['completion', long],
      ['compare', long, long],
    ])
      expect((await pstat(args)).stderr.length).toBeLessThan(800);
    for (const content of brokenBy(long)) {
      writeFileSync(file, typeof content === 'string' ? content : json(content));
      expect((await pstat([file])).stderr.length).toBeLessThan(800);
    }
  });

  test('a name on a screen is cut at a few thousand characters, and whole in a pipe', async () => {
    const file = path.join(folder, 'names.cpuprofile');
    const request = { method: 'GET', url: `/${'👩\u200d'.repeat(20_000)}`, status: 200, elapsed: 1 };
    writeFileSync(file, json({ ...withFrames(code('n'.repeat(50_000))), pstat: request }));
    expect((await pstat([file], { columns: 100 })).stdout.length).toBeLessThan(20_000);
    expect((await pstat([file])).stdout).toContain('n'.repeat(50_000));
  });
});
