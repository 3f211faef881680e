/** What holds for every file, whatever is in it. Each function returns what is wrong; null for nothing. */

import { isDeepStrictEqual } from 'node:util';
import { PstatError } from '../../src/base/errors.ts';
import type { Recording } from '../../src/formats/format.ts';
import { parseJson } from '../../src/formats/json.ts';
import { WRITABLE_FORMATS } from '../../src/formats/registry.ts';
import { chromeTrace } from '../../src/formats/v8/chrome-trace.ts';
import { cpuprofile } from '../../src/formats/v8/cpuprofile.ts';
import { hermes } from '../../src/formats/v8/hermes.ts';
import { hermesEvents } from '../../src/formats/v8/hermes-events.ts';
import { legacyCpuprofile } from '../../src/formats/v8/legacy-cpuprofile.ts';
import { createScanner } from '../../src/formats/v8/scanner/create-scanner.ts';
import { readProfile, Stats } from '../../src/index.ts';
import { SourceMaps } from '../../src/input/source-maps.ts';
import type { Profile } from '../../src/model/profile.ts';
import { type AnyView, render } from '../../src/render/render.ts';
import { loadTheme } from '../../src/render/theme.ts';
import { contentsOf } from '../../src/sources/map-sources.ts';
import { ProfileTexts } from '../../src/sources/profile-text.ts';
import { SourceMap } from '../../src/sources/source-map.ts';
import type { SourceText } from '../../src/sources/source-text.ts';
import { flameView } from '../../src/view/flame-view.ts';
import { listView } from '../../src/view/list-view.ts';
import { treeView } from '../../src/view/tree-view.ts';
import { functionsView, relationsView } from '../../src/view/views.ts';
import { readWritten } from '../support/reading.ts';

/** Characters that act on a terminal or show nothing, but for the newline and what joins the parts of an emoji. */
export const UNSHOWN =
  /(?![\n ])(?!(?<=\p{Extended_Pictographic}[\ufe0f\p{Emoji_Modifier}]?)[\u200d\ufe0f])[\p{C}\p{Z}\u2800\u3164\uffa0\u115f\u1160]/u;

/** A message is one line of limited length that a terminal does not obey. */
export function problemOfMessage(message: string): string | null {
  if (message.length > 700) return `a message of ${message.length} characters`;
  if (message.includes('\n')) return `a message of several lines: ${message}`;
  if (UNSHOWN.test(message)) return `an unescaped message: ${JSON.stringify(message)}`;
  return /Cannot convert|is not a function|undefined|\[object/.test(message) ? `a message of V8's: ${message}` : null;
}

/** Which of several checks are made: all, or one, so that more cases are checked in the same time. */
export type Draw = <Item>(items: readonly Item[]) => readonly Item[];

/** Reads the bytes by the library, shows what was read by views and in formats, and writes it. */
export async function problemOfReading(bytes: Uint8Array, draw: Draw): Promise<string | null> {
  const profile = attempt(() => readProfile(bytes, 'fuzz'));
  if (typeof profile === 'string') return messageProblem(profile);
  const checks = [problemOfTimes, ...draw([problemOfScreens, problemOfWriting, problemOfMapping])];
  for (const check of checks) {
    const problem = await attemptAsync(() => check(profile, draw));
    if (problem !== null) return messageProblem(problem);
  }
  return null;
}

/** A PstatError's message, after this mark, is judged as text. */
const MESSAGE = 'message: ';

function messageProblem(text: string): string | null {
  return text.startsWith(MESSAGE) ? problemOfMessage(text.slice(MESSAGE.length)) : text;
}

function attempt<Result>(read: () => Result): Result | string {
  try {
    return read();
  } catch (error) {
    return error instanceof PstatError ? MESSAGE + error.message : `threw ${stackOf(error)}`;
  }
}

async function attemptAsync(check: () => Promise<string | null> | string | null): Promise<string | null> {
  try {
    return await check();
  } catch (error) {
    return error instanceof PstatError ? MESSAGE + error.message : `threw ${stackOf(error)}`;
  }
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function problemOfTimes(profile: Profile): string | null {
  if (!('callTree' in profile)) return null;
  const { beforeFirstSample, afterLastSample, duration, callTree } = profile;
  if (beforeFirstSample < 0 || afterLastSample < 0) return `negative times: ${beforeFirstSample}, ${afterLastSample}`;
  let counted = 0;
  for (const self of callTree.self) {
    if (self < 0) return `a negative time of a call node: ${self}`;
    counted += self;
  }
  const sum = beforeFirstSample + counted + afterLastSample;
  // Samples of nodes that are not in the file belong to no function.
  return duration !== null && sum > duration * (1 + 1e-9) + 1e-6
    ? `the parts are ${sum}, the whole is ${duration}`
    : null;
}

const LIMITS = { lines: 30, depth: 9, frames: 100, min: { percent: 0 } };

const TREE = {
  by: 'function',
  isInverted: false,
  root: null,
  fold: 'auto',
  foldsOnlyLeading: false,
  mergesRecursion: true,
  allowsEstimate: true,
} as const;

const FLAME = { tree: TREE, min: { percent: 0 }, rows: 9, width: 60, upward: false, inTimeOrder: false } as const;

function viewsOf(profile: Profile): (() => AnyView)[] {
  const stats = new Stats(profile);
  return [
    () => functionsView(stats, { limit: 30 }),
    () => relationsView('callers', stats, { pattern: '', query: { limit: 5 } }),
    () => relationsView('callees', stats, { pattern: '', query: { limit: 5 } }),
    () => treeView(stats, TREE, LIMITS),
    () => treeView(stats, { ...TREE, isInverted: true }, LIMITS),
    () => flameView(stats, FLAME),
    ...('callTree' in profile && profile.timeline !== null
      ? [() => flameView(stats, { ...FLAME, inTimeOrder: true })]
      : []),
    () => listView(stats, stats.listings('', { limit: 3 }), sourcesOf(profile)),
  ];
}

/** The texts in the profile, and a text with what a terminal obeys for the other files. */
function sourcesOf(profile: Profile): Map<string, SourceText> {
  const texts = new ProfileTexts(profile);
  const text = (file: string) => texts.find(file) ?? 'f() \u001b]52;c;aGk=\u0007 \u202e\n'.repeat(9);
  return new Map(profile.functions.file.map((file) => [file, { kind: 'text', text: text(file) }]));
}

async function problemOfScreens(profile: Profile, draw: Draw): Promise<string | null> {
  const theme = await loadTheme(0);
  for (const viewOf of draw(viewsOf(profile))) {
    const view = attempt(viewOf);
    const problem = typeof view === 'string' ? messageProblem(view) : await problemOfView(view, theme, draw);
    if (problem !== null) return problem;
  }
  return null;
}

export async function problemOfView(
  view: AnyView,
  theme: Awaited<ReturnType<typeof loadTheme>>,
  draw: Draw,
): Promise<string | null> {
  for (const format of draw(['table', 'markdown', 'csv', 'json'] as const))
    for (const columns of draw([null, 40])) {
      const { stdout, stderr } = await render(view, format, { columns, theme, links: false, terminal: true });
      const shown = `of ${view.view} as ${format}`;
      if (UNSHOWN.test(stdout + stderr)) return `unescaped ${shown}: ${JSON.stringify(stdout).slice(0, 300)}`;
      if (/\bNaN\b|undefined|\[object/.test(stdout)) return `nonsense ${shown}: ${stdout.slice(0, 300)}`;
      if (format === 'json' && view.view !== 'flame') JSON.parse(stdout);
    }
  return null;
}

/** What is written in a format is read back with the same time. */
async function problemOfWriting(profile: Profile, draw: Draw): Promise<string | null> {
  const part = { profile, name: 'fuzz\u001b', labels: new Map([['route', 'GET /\u202e']]) };
  for (const format of draw(WRITABLE_FORMATS)) {
    const { name, reader, writer } = format;
    const written = await writer.load();
    const file = attempt(() => written([part], {}));
    if (typeof file === 'string') {
      const problem = messageProblem(file);
      if (problem !== null) return `${name}: ${problem}`;
    } else if (reader !== undefined && countedTime(profile) > 0) {
      const read = readWritten(file.bytes, format).map(countedTime);
      const [before, after] = [countedTime(profile), read.reduce((sum, time) => sum + time, 0)];
      if (Math.abs(before - after) > 1 + 1e-9 * before) return `${name}: wrote ${before} and read ${after}`;
    }
  }
  return null;
}

/** In µs, without idle time: samples of no node are written as idle time. */
export function countedTime(profile: Profile): number {
  if (!('callTree' in profile)) return profile.metrics.self.reduce((sum, time) => sum + time, 0) * 1e6;
  const { callTree, functions } = profile;
  const isIdle = (node: number) => functions.kind[callTree.function[node] ?? -1] === 'idle';
  return callTree.self.reduce((sum, time, node) => (isIdle(node) ? sum : sum + time), 0);
}

async function problemOfMapping(profile: Profile): Promise<string | null> {
  const mapped = await new SourceMaps({}).apply(profile);
  return problemOfTimes(mapped);
}

/** A source map is read or not; no place of it is nonsense. */
export function problemOfSourceMap(bytes: Uint8Array): string | null {
  const json = Buffer.from(bytes).toString();
  contentsOf(json, '/srv/app.js');
  const map = SourceMap.read(json, '/srv/app.js', 'app.js.map');
  if (!(map instanceof SourceMap)) return null;
  const mapped = map.decodeLines(Array.from({ length: 50 }, (_, line) => line));
  for (let line = 0; line < 50; line++) {
    const { place } = mapped.find(line, 7 * line) ?? {};
    const lineOf = mapped.findLine(line, 0);
    if ([place?.line, place?.column, lineOf?.line].some((each) => each !== undefined && !(each >= 1)))
      return `a place that cannot be: ${JSON.stringify([place, lineOf])}`;
  }
  return null;
}

type Outcome = readonly Recording[] | string | null;

function outcomeOf(read: () => readonly Recording[] | null): Outcome {
  try {
    return read()?.map(withHits) ?? null;
  } catch (error) {
    if (error instanceof PstatError) return error.message;
    throw error;
  }
}

/** The readers have hit counts in columns of different types. */
function withHits({ profile, ...rest }: Recording): Recording {
  if (!('nodes' in profile)) return { profile, ...rest };
  const hitCount = profile.nodes.hitCount && Float64Array.from(profile.nodes.hitCount);
  return { ...rest, profile: { ...profile, nodes: { ...profile.nodes, hitCount } } };
}

function parse(bytes: Uint8Array): Outcome {
  return outcomeOf(() => {
    let document: ReturnType<typeof parseJson>;
    const content = { bytes, json: () => (document ??= parseJson(bytes)) };
    const format = [cpuprofile, legacyCpuprofile, hermes, hermesEvents, chromeTrace].find(({ reader }) =>
      reader?.detect(content),
    );
    return format?.reader?.read(content, {}) ?? null;
  });
}

/** The scanner declines a file or returns what the parsing readers return. @param size of its chunks */
export function problemOfScanning(bytes: Uint8Array, size: number): string | null {
  const scanned = outcomeOf(() => {
    const scanner = createScanner(bytes.subarray(0, size), bytes.length);
    for (let start = 0; start < bytes.length; start += size)
      if (scanner?.push(bytes.subarray(start, start + size)) !== true) return null;
    return scanner?.recordings() ?? null;
  });
  if (scanned === null) return null;
  return isDeepStrictEqual(scanned, parse(bytes)) ? null : 'the scanner and the parsing reader differ';
}
