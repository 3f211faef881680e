/** Errors of readers and writers. Places inside a file are written as in code: `nodes[812].children[3]`. */

import { malformedError, missingDataError, PstatError } from '../base/errors.ts';
import { escapeControls, groupDigits, listFirst, pluralize, quote, shorten } from '../base/text.ts';

export function tooLarge(megabytes: number): PstatError {
  return new PstatError(
    'unreadable',
    `larger than ${megabytes} MB once unpacked, and no profile or trace of V8's, which may be of any size; record for a shorter time`,
  );
}

/** @param what plural, such as `samples` */
export function tooMany(what: string, max: number): PstatError {
  return new PstatError(
    'unreadable',
    `holds more than ${groupDigits(String(max))} ${what}, the most that pstat reads; record for a shorter time or less often`,
  );
}

export function tooManyThreads(threads: number, frames: number): PstatError {
  return new PstatError(
    'unreadable',
    `names ${pluralize(threads, 'thread')} over ${pluralize(frames, 'stack frame')}, more than pstat reads; record for a shorter time`,
  );
}

/** @param what the unsupported format with its article, as in `a V8 heap profile` */
export function similarFile(what: string, remedy: string): PstatError {
  return new PstatError('unknown-format', `${what}, which pstat does not read; ${remedy}`);
}

/** @param extensions of the formats that pstat reads */
export function unknownFormat(extensions: readonly string[]): PstatError {
  return new PstatError(
    'unknown-format',
    `not a profile pstat knows; it reads what is in ${listFirst(extensions, MAX_EXTENSIONS)} files`,
  );
}

const MAX_EXTENSIONS = 20;

/** @param kind `malformed` if the beginning looks like a profile */
export function truncatedJson(bytes: number, kind: 'malformed' | 'unknown-format'): PstatError {
  return new PstatError(
    kind,
    `the JSON ends too early, after ${pluralize(bytes, 'byte')}; the file was cut short: copy or record it again`,
  );
}

/** @param place `line 3, column 14` */
export function brokenJson(place: string, kind: 'malformed' | 'unknown-format'): PstatError {
  return new PstatError(kind, `not valid JSON at ${place}; copy or record it again`);
}

/** @param end where the first document ends; @param bytes the length of the file */
export function textAfterJson(end: number, bytes: number): PstatError {
  return malformedError(
    `a whole JSON document ends at byte ${end}, and ${pluralize(bytes - end, 'byte')} follow it, as when a shorter profile overwrites a longer one: \`head -c ${end}\` keeps the whole one`,
  );
}

/** Node 20 to 24 do not start V8's profiler for `--trace-event-categories` alone. */
export const TRACE_REMEDY =
  'record Node with `node --cpu-prof`, Chrome with the category disabled-by-default-v8.cpu_profiler';

export function noProfileInTrace(): PstatError {
  return new PstatError('unknown-format', `a trace without CPU samples; ${TRACE_REMEDY}`);
}

/** @param place such as `nodes[3].callFrame.url`; @param expected with its article, such as `a string` */
export function wrongType(place: string, expected: string, found: unknown): PstatError {
  return malformedError(`${place} is ${describe(found)}, not ${expected}`);
}

export function duplicateNodeId(place: string, id: number, first: string): PstatError {
  return malformedError(`${place}.id is ${id}, which ${first} has already`);
}

/** @param list the place of the nodes, such as `nodes` */
export function unknownNode(place: string, id: number, list: string): PstatError {
  return malformedError(`${place} names id ${id}, which is not in ${list}`);
}

export function secondParent(place: string, id: number, parent: number): PstatError {
  return malformedError(`${place} names id ${id}, which is a child of id ${parent} already`);
}

export function nodeCycle(place: string, id: number): PstatError {
  return malformedError(`${place} (id ${id}) is an ancestor of itself`);
}

/** @param fact what is wrong at the byte, such as `the data ends inside a string` */
export function brokenMarshal(offset: number, fact: string): PstatError {
  return malformedError(`byte ${offset}: ${fact}`);
}

/** @param place such as `entry 3 'app.py:1(f)'` */
export function brokenEntry(place: string, fact: string): PstatError {
  return malformedError(`${place}: ${fact}`);
}

/** @param place such as `threads[0].samples` @param fact with its verb: `is negative` */
export function brokenField(place: string, fact: string): PstatError {
  return malformedError(`${place} ${fact}`);
}

export function stacksTooLarge(): PstatError {
  return missingDataError(
    'the stacks are too deep for this format, which repeats each of them; firefox and cpuprofile hold them, or choose a part of the profile',
  );
}

export function tooLongForPprof(): PstatError {
  return missingDataError('takes over 292 years, and pprof holds no more nanoseconds; choose a part of the profile');
}

export function noTimes(source: string): PstatError {
  return missingDataError('does not say how long anything took, and a .prof holds nothing without times', source);
}

function describe(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'string') return `the text ${quote(value)}`;
  return `${typeof value === 'number' ? '' : 'the value '}${String(value)}`;
}

export function noStacksToWrite(source: string): PstatError {
  return missingDataError(
    'has caller-callee edges, and this format holds stacks; callgrind and prof hold edges exactly',
    source,
  );
}

/** @param fact what is wrong at the byte of the unpacked file */
export function brokenPprof(offset: number, fact: string): PstatError {
  return malformedError(`pprof, byte ${offset} of the unpacked file: ${fact}; copy or record it again`);
}

/** @param place such as `sample 3` */
export function brokenPprofReference(place: string, what: string, id: number): PstatError {
  return malformedError(
    `pprof, ${place}: ${what} ${id} is not in the file, which is damaged or cut short; copy or record it again`,
  );
}

export function negativePprofValue(sample: number): PstatError {
  return malformedError(
    `pprof, sample ${sample}: a value is negative, as in the difference of two profiles; read the two themselves`,
  );
}

/** @param known such as `samples` and `cpu` */
export function unknownValueType(wanted: string, known: readonly string[]): PstatError {
  const fact = `has no values ${quote(wanted)}; there is ${listFirst(known, 12, (each) => shorten(escapeControls(each), 40))}`;
  return new PstatError('missing-data', fact, { unknown: { word: wanted, known } });
}

export function unknownFirefoxVersion(): PstatError {
  return new PstatError(
    'unknown-format',
    'a Firefox profile as the browser records it, which pstat does not read; open it in profiler.firefox.com and save it again',
  );
}

export function notOfTime(source: string): PstatError {
  return missingDataError(
    'holds bytes or counts, and this format holds time; pprof, speedscope, folded and callgrind hold any amount',
    source,
  );
}

/** @param fact what is wrong with the columns, such as `ends too early` */
export function brokenReport(fact: string): PstatError {
  return malformedError(`the report's profile ${fact}; copy or write the report again`);
}
