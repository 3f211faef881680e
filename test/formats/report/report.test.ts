/** A report is a profile: what `pstat report` writes is read back exactly. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { packColumns, unpackColumns } from '../../../src/base/packed-columns.ts';
import { writeReport } from '../../../src/formats/report/write-report.ts';
import { loadProfile } from '../../../src/index.ts';
import { readProfile } from '../../../src/input/read-bytes.ts';
import type { CallTree } from '../../../src/model/call-tree.ts';
import { merge } from '../../../src/model/merge.ts';
import { subtractQueuedTime } from '../../../src/model/normalize/queued-time.ts';
import type { EdgesProfile, Profile } from '../../../src/model/profile.ts';
import { Stats } from '../../../src/query/stats.ts';
import { pageView } from '../../../src/view/page-view.ts';
import { everyNote, noteTexts } from '../../support/notes.ts';
import { profileOf, stackSamples } from '../../support/stacks.ts';

const PAGE = { start: 'start()', script: 'draw()', style: 'body{}' };

function htmlOf(profile: Profile, title = 'a title'): string {
  const view = pageView(new Stats(profile), {
    title,
    heading: [],
    notes: [],
    arguments: '',
    requests: null,
    comparison: null,
  });
  return writeReport({ title, profile, parts: [], scripts: null, columns: new Map(), ...view }, PAGE);
}

function rewrite(profile: Profile): Profile {
  return readProfile(Buffer.from(htmlOf(profile)), profile.sources[0] ?? '');
}

/** A tree with the columns that are computed on demand. */
function whole(callTree: CallTree): CallTree {
  const { samples, selfSquares, lines } = callTree;
  return { ...callTree, samples, selfSquares, lines };
}

/** Every field, with the columns that are computed on demand. The files have another name, and scripts are left out. */
function fieldsOf(profile: Profile): unknown {
  const { sources: _, ...fields } = profile;
  const { scripts: __, ...kept } = { scripts: null, columns: new Map(), ...fields };
  const generated = profile.functions.generated?.some((place) => place !== null) ? profile.functions.generated : null;
  const functions = { ...profile.functions, generated };
  if (!('callTree' in profile)) return { ...kept, functions };
  return { ...kept, functions, callTree: whole(profile.callTree) };
}

function expectSame(profile: Profile): void {
  const read = rewrite(profile);
  const functions = read.functions.generated?.some((place) => place !== null) ? read.functions.generated : null;
  expect(fieldsOf({ ...read, functions: { ...read.functions, generated: functions } })).toEqual(fieldsOf(profile));
}

describe('the profile in a report is the one it was made from', () => {
  test.each([
    'samples/resource-providers.cpuprofile',
    'samples/node-trace.json.gz',
    'samples/GET.resource_providers.prof',
    'samples/placement',
  ])('%s', async (file) => {
    expectSame(await loadProfile(file));
  });

  test('after a window, --focus, --idle and --time', async () => {
    const file = 'samples/resource-providers.cpuprofile';
    expectSame(await loadProfile(file, { from: 500_000, to: 2_000_000 }));
    const profile = await loadProfile(file);
    expectSame(new Stats(profile, { focus: ['serializeLinks'] }).profile);
    const undisturbed = 'callTree' in profile ? subtractQueuedTime(profile) : null;
    if (undisturbed !== null) expectSame(undisturbed);
  });

  test('of two files', async () => {
    const profile = await loadProfile('samples/resource-providers.cpuprofile');
    expectSame(merge([profile, profile]));
  });

  test('with any stacks', () => {
    fc.assert(
      fc.property(stackSamples, (stacks) => expectSame(profileOf(stacks))),
      { numRuns: 100 },
    );
  });

  test('with fractions, bytes and unknown times', () => {
    const profile = profileOf([
      { stack: ['a', 'b'], weight: 3 },
      { stack: ['a'], weight: 5 },
    ]);
    const halves = (column: Float64Array) => column.map((value) => value / 3);
    const callTree = whole(profile.callTree);
    expectSame({ ...profile, timeline: null, callTree: { ...callTree, self: halves(callTree.self), lines: null } });
    expectSame({ ...profile, unit: 'bytes', interval: null });
    const unknown = callTree.self.map(() => Number.NaN);
    const untimed = { ...callTree, self: unknown, selfSquares: unknown, lines: null };
    expectSame({ ...profile, timeline: null, duration: Number.NaN, callTree: untimed });
  });

  test('with every note', () => {
    expectSame({ ...profileOf([{ stack: ['a'], weight: 3 }]), notes: everyNote('a.prof') });
  });

  test('with counts beyond 2^53', async () => {
    const profile = await loadProfile('samples/GET.resource_providers.prof');
    if ('callTree' in profile) throw new Error('stacks');
    const [, ...others] = profile.metrics.selfCount;
    expectSame({ ...profile, metrics: { ...profile.metrics, selfCount: [2n ** 80n, ...others] } });
  });
});

test('names, titles and notes are text, whatever they are', () => {
  const hostile = '</script><script>alert(1)</script><!-- "\u202e';
  const html = htmlOf(profileOf([{ stack: [hostile], weight: 3 }]), hostile);
  expect(html).not.toContain('alert(1)</script>');
  expect(html.match(/<script/g)).toHaveLength(3);
  const read = readProfile(Buffer.from(html), 'x.html', {});
  expect(read.functions.name).toContain(hostile);
});

test('the policy of the page allows no request, and only its own script', () => {
  const html = htmlOf(profileOf([{ stack: ['a'], weight: 3 }]));
  expect(html).toMatch(
    /content="default-src 'none'; script-src 'sha256-[\w+/]{43}=' 'sha256-[\w+/]{43}='; style-src 'sha256-[\w+/]{43}='; base-uri 'none'; form-action 'none'"/,
  );
});

describe('notes', () => {
  const withNotes = (notes: unknown) => {
    const html = htmlOf({ ...profileOf([{ stack: ['a'], weight: 3 }]), notes: notes as Profile['notes'] });
    return readProfile(Buffer.from(html), 'x.html', {});
  };

  test('of an older report, which are texts, are read', () => {
    expect(noteTexts(withNotes(['1 sample was out of order in the file; sorted by time']))).toEqual([
      '1 sample was out of order in the file; sorted by time',
    ]);
  });

  test.each([
    [[7]],
    [[{ code: 'no such code' }]],
    [[{ code: 'toString' }]],
    [[{ code: 'trailing-bytes', count: '8' }]],
    [[{ code: 'trailing-bytes', count: 8, source: 7 }]],
    [[{ code: 'estimated-times', missing: 'files' }]],
    [[{ code: 'transpiled-places', files: [1] }]],
    [[{ code: 'notes-of-files', count: 1, of: 2, first: { code: 'notes-of-files' } }]],
  ])('%j are an error', (notes) => {
    expect(() => withNotes(notes)).toThrow(expect.objectContaining({ name: 'PstatError', kind: 'malformed' }));
  });
});

describe('a broken report is one line', () => {
  const html = htmlOf(profileOf([{ stack: ['a', 'b'], weight: 3 }]));
  const withData = (data: string) => Buffer.from(html.replace(/(id="profile">)[^<]*/, `$1${data}`));
  const read = (bytes: Uint8Array) => () => readProfile(bytes, 'x.html', {});

  test.each([
    ['cut short', Buffer.from(html.slice(0, html.indexOf('id="profile">') + 40)), /profile has no end/],
    ['no gzip', withData('AAAA'), /profile is not gzip/],
  ])('%s', (_, bytes, message) => {
    expect(read(bytes)).toThrow(message);
  });

  test.each([
    ['other bytes', new Uint8Array([1, 2, 3])],
    ['no columns', packColumns({ profile: {}, texts: [] }, new Map())],
    ['a head that is no object', packColumns(null, new Map())],
    [
      'a function that is not there',
      packColumns(
        { profile: {}, texts: ['a'] },
        new Map([
          ['function.kind', [0]],
          ['function.name', [7]],
          ['function.file', [0]],
          ['function.line', [0]],
          ['function.column', [0]],
        ]),
      ),
    ],
  ])('%s', async (_, columns) => {
    const { gzipSync } = await import('node:zlib');
    const data = gzipSync(columns).toString('base64');
    expect(read(withData(data))).toThrow(expect.objectContaining({ name: 'PstatError', kind: 'malformed' }));
  });

  test.each(['tree.self', 'timeline.duration'])('a negative or endless %s', async (name) => {
    const { gunzipSync, gzipSync } = await import('node:zlib');
    const data = /id="profile">([^<]*)/.exec(html)?.[1] ?? '';
    const { head, columns } = unpackColumns(gunzipSync(Buffer.from(data, 'base64')));
    for (const value of [-1, Number.POSITIVE_INFINITY]) {
      const length = name === 'tree.self' ? 3 : 1;
      const wrong = new Map([...columns, [name, new Float64Array(length).fill(value)]]);
      const broken = withData(gzipSync(packColumns(head, wrong)).toString('base64'));
      expect(read(broken)).toThrow(/out of range/);
    }
  });

  test('a sample outside of the recording', () => {
    const profile = profileOf([{ stack: ['a', 'b'], weight: 3 }]);
    const { timeline } = profile;
    for (const time of [-1, 1e9]) {
      const moved = timeline && { ...timeline, time: new Float64Array([time]) };
      expect(read(Buffer.from(htmlOf({ ...profile, timeline: moved })))).toThrow(
        /a sample outside of its duration, number 0/,
      );
    }
  });

  test.each(['selfCount', 'totalCount', 'self', 'total'] as const)('a Python function without %s', async (name) => {
    const profile = await loadProfile('samples/GET.resource_providers.prof');
    const { metrics } = profile as EdgesProfile;
    const figures = Array.from(metrics[name], (figure, row) => (row === 3 ? Number.NaN : figure));
    const broken = { ...profile, metrics: { ...metrics, [name]: figures } } as EdgesProfile;
    expect(read(Buffer.from(htmlOf(broken)))).toThrow(/lacks a figure of a function, row 3/);
  });

  test('a root among the functions of a Python profile', async () => {
    const profile = await loadProfile('samples/GET.resource_providers.prof');
    const kind = profile.functions.kind.map((each, fn) => (fn === 7 ? 'root' : each));
    const functions = { ...profile.functions, kind };
    expect(read(Buffer.from(htmlOf({ ...profile, functions })))).toThrow(/counts a root among its functions, row \d+/);
  });

  test('any byte of the columns may be wrong', async () => {
    const { gunzipSync, gzipSync } = await import('node:zlib');
    const data = /id="profile">([^<]*)/.exec(html)?.[1] ?? '';
    const columns = gunzipSync(Buffer.from(data, 'base64'));
    for (let i = 0; i < columns.length; i++) {
      const broken = Buffer.from(columns);
      broken[i] = (at(broken, i) + 1 + (i % 200)) % 256;
      try {
        readProfile(withData(gzipSync(broken, { level: 1 }).toString('base64')), 'x.html', {});
      } catch (error) {
        expect(error).toMatchObject({ name: 'PstatError', kind: 'malformed' });
      }
    }
  });
});

function at(bytes: Uint8Array, i: number): number {
  return bytes[i] ?? 0;
}
