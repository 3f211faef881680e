/** What holds for every file, whatever is in it. Each function returns what is wrong; null for nothing. */

import { isDeepStrictEqual } from 'node:util';
import { PstatError } from '../../src/base/errors.ts';
import type { Recording } from '../../src/formats/format.ts';
import { parseJson } from '../../src/formats/json.ts';
import { chromeTrace } from '../../src/formats/v8/chrome-trace.ts';
import { cpuprofile } from '../../src/formats/v8/cpuprofile.ts';
import { hermes } from '../../src/formats/v8/hermes.ts';
import { legacyCpuprofile } from '../../src/formats/v8/legacy-cpuprofile.ts';
import { createScanner } from '../../src/formats/v8/scanner/create-scanner.ts';
import { readProfile, Stats } from '../../src/index.ts';
import type { Profile } from '../../src/model/profile.ts';
import { render } from '../../src/render/render.ts';
import { loadTheme } from '../../src/render/theme.ts';
import { functionsView } from '../../src/view/views.ts';

/** Characters that act on a terminal or show nothing, but for the newline and what joins the parts of an emoji. */
const UNSHOWN =
  /(?![\n ])(?!(?<=\p{Extended_Pictographic}[\ufe0f\p{Emoji_Modifier}]?)[\u200d\ufe0f])[\p{C}\p{Z}\u2800\u3164\uffa0\u115f\u1160]/u;

/** A message is one line of limited length that a terminal does not obey. */
export function problemOfMessage(message: string): string | null {
  if (message.length > 700) return `a message of ${message.length} characters`;
  if (message.includes('\n')) return `a message of several lines: ${message}`;
  if (UNSHOWN.test(message)) return `an unescaped message: ${JSON.stringify(message)}`;
  return /Cannot convert|is not a function|undefined|\[object/.test(message) ? `a message of V8's: ${message}` : null;
}

/** Reads the bytes by the library, and shows what was read in every format. */
export async function problemOfReading(bytes: Uint8Array): Promise<string | null> {
  let profile: Profile;
  try {
    profile = readProfile(bytes, 'fuzz');
  } catch (error) {
    return error instanceof PstatError ? problemOfMessage(error.message) : `threw ${stackOf(error)}`;
  }
  try {
    return problemOfTimes(profile) ?? (await problemOfScreens(profile));
  } catch (error) {
    return error instanceof PstatError ? problemOfMessage(error.message) : `threw ${stackOf(error)}`;
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

async function problemOfScreens(profile: Profile): Promise<string | null> {
  const theme = await loadTheme(0);
  const view = functionsView(new Stats(profile), { limit: 30 });
  for (const format of ['table', 'markdown', 'csv', 'json'] as const)
    for (const columns of [null, 40]) {
      const { stdout, stderr } = await render(view, format, { columns, theme, links: false, terminal: true });
      if (UNSHOWN.test(stdout + stderr)) return `unescaped as ${format}: ${JSON.stringify(stdout).slice(0, 300)}`;
      if (/\bNaN\b|undefined|\[object/.test(stdout)) return `nonsense as ${format}: ${stdout.slice(0, 300)}`;
      if (format === 'json') JSON.parse(stdout);
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
    const format = [cpuprofile, legacyCpuprofile, hermes, chromeTrace].find(({ reader }) => reader?.detect(content));
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
