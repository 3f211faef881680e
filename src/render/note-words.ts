/** The words of notes on profiles and on answers. */

import path from 'node:path';
import { listOthers } from '../base/other-entries.ts';
import { escapeControls, listFirst, pluralize, quote, shorten } from '../base/text.ts';
import { formatDuration, formatWholePercent } from '../base/units.ts';
import type { GeneratedBecause, WriteNote } from '../model/notes.ts';
import type { ViewNote } from '../view/notes.ts';

export type Note = ViewNote | WriteNote;

/**
 * Returns a note in words, on one line, as pstat prints it after `note: `. Control characters of the file are escaped.
 *
 * @example
 * for (const note of profile.notes) console.warn(formatNote(note));
 */
export function formatNote(note: Note): string {
  return escapeControls(noteText(note));
}

/** Returns the words of a note, not escaped. */
export function noteText(note: Note): string {
  const text = (WORDS[note.code] as (note: Note) => string)(note);
  return 'source' in note ? `${note.source}: ${text}` : text;
}

type Words = { readonly [Code in Note['code']]: (note: Extract<Note, { readonly code: Code }>) => string };

const WORDS: Words = {
  text: ({ text }) => text,

  'assumed-end': ({ problem }) =>
    `${PROBLEMS[problem]}: the recording is assumed to end one interval after the last sample`,
  'unpaired-samples': ({ missing, count }) =>
    missing === 'time-deltas'
      ? `skipped ${pluralize(count, 'sample')} without a time delta at the end of the file`
      : `skipped ${pluralize(count, 'time delta')} without a sample at the end of the file`,
  'orphan-nodes': ({ count }) =>
    count === 1
      ? '1 node names a parent that is not in the file, and stands under the root'
      : `${count} nodes name parents that are not in the file, and stand under the root`,
  'other-values': ({ values }) =>
    `the file has other values: ${listFirst(values, 5, (each) => shorten(each, MAX_VALUE_NAME))}`,
  'other-events': ({ event, count }) => `skipped ${pluralize(count, 'sample')} of other events than ${event}`,
  'trailing-bytes': ({ count }) => `ignored ${pluralize(count, 'byte')} after the profile, as Python does`,

  'unordered-samples': ({ count }) =>
    `${pluralize(count, 'sample')} ${count === 1 ? 'was' : 'were'} out of order in the file; sorted by time`,
  'early-samples': ({ count }) =>
    `${pluralize(count, 'sample')} ${count === 1 ? 'is' : 'are'} before startTime in the file; taken to be at startTime`,
  'early-end': () => 'endTime lies before the last sample: the recording is taken to end one interval after it',
  'no-time': () => 'no time passes between the samples of the file: times are not known, only samples are counted',
  'no-samples': () => 'the file has no samples and no hit counts: no time is known of any function',
  'estimated-times': ({ missing }) =>
    `times are estimated: ${MISSING[missing]}, so ${missing === 'times' ? 'every sample counts the same' : 'times follow hitCount'}`,
  'unknown-times': ({ missing }) =>
    `${MISSING[missing]} and no valid endTime: times are not known, only samples are counted`,
  'samples-of-no-node': ({ count, time }) =>
    `${pluralize(count, 'sample')} of nodes that are not in the file ${count === 1 ? 'belongs' : 'belong'} to no function (${formatDuration(time)})`,
  gaps: ({ count, intervals, total, ...longest }) =>
    `${pluralize(count, 'gap')} of over ${intervals} intervals between samples, ${gapTimes({ count, total, ...longest })}; ${count === 1 ? 'it' : 'each'} is counted on the sample before it`,
  'mostly-gaps': ({ count, total, of, ...longest }) =>
    `most of the time was not sampled: ${formatWholePercent(total, of)}% (${formatDuration(total)}) is in ${pluralize(count, 'gap')}, ${count === 1 ? `at ${formatDuration(longest.at)}` : longestGap(longest)}; what ran there is not known, and ${count === 1 ? 'the' : 'each'} gap is counted on the sample before it`,
  'cut-stacks': ({ count, of, frames }) =>
    `${pluralize(count, 'sample')} (${((100 * count) / of).toFixed(1)}%) ${count === 1 ? 'has a stack' : 'have stacks'} of ${frames} frames or more, where V8 cuts stacks: totals of outer callers are low`,

  'estimated-stacks': () => 'stacks are estimated: the profile knows who called whom, but not on which stack',
  'added-cumtimes': ({ count }) =>
    count === 1
      ? '1 function may be recursive: its cumtime is the sum over its lines, and may count time more than once'
      : `${count} functions may be recursive: their cumtimes are sums over their lines, and may count time more than once`,
  'sum-of-files': ({ file, others }) =>
    `${file} has as many calls and as much time as the other ${others === 1 ? 'file' : `${others} files together`}, function by function: everything is counted twice; leave it out`,

  'other-recordings': ({ kind, names }) =>
    `the trace has ${pluralize(names.length, `other ${kind}`)}, select ${names.length === 1 ? 'it' : 'one'} by its id: ${listFirst(names, 5)}`,
  'generated-places': ({ because, files }) =>
    `${GENERATED[because]}, so places are of the code that ran: ${because === 'outside' ? listFirst(files, 3, escapeControls) : listFiles(files)}`,
  'transpiled-places': ({ files }) => `places are in transpiled code: no source map of ${listFiles(files)}`,
  'unused-source-map': () => 'the named source map is of no file in the profile',
  'skipped-files': ({ folder, count }) =>
    `skipped ${pluralize(count, 'file')} in ${escapeControls(folder)}: ${count === 1 ? 'not a profile' : 'not profiles'}`,
  'skipped-entries': ({ folder, ...entries }) =>
    `skipped ${listOthers(entries).join(', ')} in ${escapeControls(folder)}`,
  'repeated-files': ({ files }) => `named more than once, and counted as often: ${listFirst(files, 3, escapeControls)}`,
  'broken-files': ({ of, errors }) =>
    `left out ${errors.length} of ${pluralize(of, 'file')}; ${errors.length === 1 ? 'it' : 'they'} cannot be read: ${listFirst(errors, 3)}`,
  'missing-files': ({ pid, numbers }) =>
    `process ${pid} wrote ${numbers.length === 1 ? 'a file' : 'files'} ${numbers.map((number) => String(number).padStart(3, '0')).join(', ')} that ${numbers.length === 1 ? 'is' : 'are'} not here: a heap profile or a report, or a thread whose time is not counted`,
  'notes-of-files': ({ count, of, first }) =>
    `${count} of ${pluralize(of, 'file')} ${count === 1 ? 'has' : 'have'} notes; read one file alone to see its notes. First note: ${noteText(first)}`,

  'executing-lines': ({ count }) =>
    `${pluralize(count, 'function')} ${count === 1 ? 'has' : 'have'} one row per executed line; --merge-lines makes one of them`,
  'long-cumtimes': ({ count }) =>
    `${count === 1 ? 'one cumtime is' : `${count} cumtimes are`} longer than all tottimes together; the file's numbers are shown as they are`,
  'negative-times': ({ count }) =>
    `${count === 1 ? '1 tottime is' : `${count} tottimes are`} negative, which no time can be: the profiler's clock was wrong; the file's numbers are shown as they are`,
  'negative-counts': ({ count }) =>
    `${count === 1 ? '1 function has a negative number' : `${count} functions have negative numbers`} of calls, as programs write for a number that they do not know: ? marks those`,

  'scaled-times': () =>
    '~ times are scaled: the file knows lines for the whole recording only, and the window is a part of it',
  'unknown-lines': () =>
    '(no line) is time on lines of generated code that hold several lines of the source, as tsx and minifiers write them; other builds and type stripping keep lines',
  'groups-without-cumtime': () => 'groups have no cumtime: the profile has caller-callee edges, not stacks',
  'partial-matches': ({ count, pattern }) =>
    `${pluralize(count, 'more function')} ${count === 1 ? 'contains' : 'contain'} ${quote(pattern)}${/^\w+$/.test(pattern) ? `; /${pattern}/ matches all` : ''}`,
  'untimed-edges': () => 'the file counts per caller and has no times for them: ? marks those',
  'nearest-names': ({ names }) => `nearest names: ${names.map(escapeControls).join(', ')}`,
  'nothing-left': () => 'no function is left after the restrictions',
  'patterns-off': () => 'focus and ignore are off now: this profile has no stacks, only caller-callee edges',

  'written-executing-lines': () =>
    'the lines of functions are those that were executing, which other viewers cannot know',
  'written-samples-as-calls': ({ format }) =>
    format === 'callgrind'
      ? 'callgrind shows samples as calls'
      : 'Python shows samples as calls: those anywhere on the stack as calls, those on top of it as primitive calls',
  'written-names-only': ({ unit }) =>
    `folded stacks have names and ${unit === 'us' ? 'µs' : 'amounts'}: files, lines and the number of samples are not in the file`,
  'written-columns-in-names': ({ count }) =>
    `${pluralize(count, 'function')} ${count === 1 ? 'shares' : 'share'} name and line with another: in the file the column is part of the name, as e:2345`,
  'written-no-function': () => 'the file holds no function, and Python’s pstats rejects such a file',
};

const PROBLEMS = {
  'no-start-time': 'startTime is missing',
  'no-end-time': 'endTime is missing',
  'end-before-start': 'endTime is before startTime',
} as const;

const MISSING = { times: 'the file has no timeDeltas or timestamps', samples: 'the file has no samples' } as const;

const GENERATED = {
  rebuilt: 'changed since the recording, or of another build',
  newer: 'newer than the recording, and used if --source-map names its folder',
  broken: 'not a source map',
  'too-large': 'over 64 MB, or over 4 million mappings',
  unreadable: 'cannot be read',
  'not-file': 'not a file',
  outside: 'outside the working directory, and not named by --source-map',
  missing: 'the source map that it names is not there',
} as const satisfies Record<GeneratedBecause, string>;

/** Of a type of values in pprof. */
const MAX_VALUE_NAME = 40;

interface GapTimes {
  readonly count: number;
  readonly total: number;
  readonly longest: number;
  readonly at: number;
}

function gapTimes({ count, total, ...longest }: GapTimes): string {
  if (count === 1) return `${formatDuration(total)}, at ${formatDuration(longest.at)}`;
  return `${formatDuration(total)} together, ${longestGap(longest)}`;
}

function longestGap({ longest, at }: { readonly longest: number; readonly at: number }): string {
  return `the longest ${formatDuration(longest)}, at ${formatDuration(at)}`;
}

/** As paths from the working directory, or as the profile names them. */
function listFiles(files: readonly string[]): string {
  return listFirst(files, 3, (file) => escapeControls(shortName(file)));
}

function shortName(file: string): string {
  const relative = path.isAbsolute(file) ? path.relative('.', file) : file;
  return relative.startsWith('..') || relative.includes('://')
    ? path.posix.basename(file.replace(/[?#].*$/s, ''))
    : relative;
}
