/** The answer of `convert`. */

import path from 'node:path';
import { sum } from '../../base/averages.ts';
import { escapeControls, escapeLines, pluralize } from '../../base/text.ts';
import { formatBytes, parseTime } from '../../base/units.ts';
import type { Part, WrittenFile } from '../../formats/format.ts';
import { formatByName, WRITABLE_FORMATS, type WritableFormat } from '../../formats/registry.ts';
import { loadProfiles } from '../../input/load.ts';
import { countedTime, sumWritten } from '../../input/read-bytes.ts';
import { at } from '../../model/columns.ts';
import { estimateStacks } from '../../model/estimate-stacks.ts';
import type { Profile } from '../../model/profile.ts';
import { groupProfile } from '../../query/group-profile.ts';
import type { FunctionGrouping } from '../../query/grouping.ts';
import { Stats, type StatsOptions } from '../../query/stats.ts';
import { type Note, noteText } from '../../render/note-words.ts';
import { noteLines } from '../../render/profile-notes.ts';
import { type Arguments, choice, flag, list, statsOptionsFrom, textOf } from '../arguments.ts';
import {
  binaryToTerminal,
  groupedEdges,
  missingFormat,
  nothingToConvert,
  nothingToWrite,
  splitWithoutFolder,
  unknownFormat,
} from '../errors.ts';
import type { Io } from '../io.ts';
import { loadWithProgress } from '../progress.ts';
import { createFolder, writeFileWhole } from '../write-file.ts';
import { CONVERTED_GROUPS } from './convert.ts';
import { partsOf, profilesByName } from './convert-parts.ts';

/** Writes the files and returns no text: what is said goes to stderr. Throws PstatError. */
export async function convertAnswer(words: readonly string[], args: Arguments, io: Io): Promise<string> {
  if (words.length === 0) throw nothingToConvert();
  const output = outputFrom(args, io);
  const { times } = formatAndTimes(args);
  const { idle = false, ...stats } = statsOptionsFrom(args);
  const loaded = await loadWithProgress({ ...args, to: times }, io, (load) => loadProfiles(words, load));
  const change = { by: groupingFrom(args), isEstimated: flag(args, 'estimate') };
  const profiles = loaded.map((profile) => transform(selectStacks(profile, stats), change)).filter(hasTime);
  if (profiles.length === 0) throw nothingToWrite();
  if (output.split === 'route' && output.file !== null) await createFolder(output.file);
  for (const { file, profiles: ofFile } of filesOf(profiles, output)) {
    const written = await convert(ofFile, output.format, idle);
    if (file === null)
      io.stdout.write(io.stdout.isTTY ? escapeLines(Buffer.from(written.bytes).toString()) : written.bytes);
    else await writeFileWhole(file, written.bytes);
    report(file, { written, format: output.format, notes: at(profiles, 0).notes }, io);
  }
  return '';
}

interface OutputChoice {
  readonly format: WritableFormat;
  /** Null for standard output. */
  readonly file: string | null;
  readonly split: 'route' | 'none';
}

function outputFrom(args: Arguments, io: Io): OutputChoice {
  const file = textOf(args, 'output');
  const format = formatAndTimes(args).format ?? (file === null ? undefined : formatByName(file));
  const split = choice(args, { option: 'split', choices: ['route', 'none'], otherwise: 'none' });
  if (format === undefined) throw missingFormat(file);
  if (split === 'route' && file === null) throw splitWithoutFolder();
  if (file === null && format.writer.isBinary && io.stdout.isTTY) throw binaryToTerminal(format.name);
  return { format, file, split };
}

/** `--to` is a format or, as elsewhere, the end of a window of time. Throws PstatError (`query`). */
function formatAndTimes(args: Arguments): { readonly format: WritableFormat | undefined; readonly times: string[] } {
  const values = list(args['to']);
  const isFormat = (value: string) => WRITABLE_FORMATS.find(({ name }) => name === value);
  const times = values.filter((value) => isFormat(value) === undefined);
  const unknown = times.find((value) => parseTime(value) === null);
  if (unknown !== undefined) throw unknownFormat(unknown);
  return { format: values.flatMap((value) => isFormat(value) ?? []).at(-1), times };
}

function groupingFrom(args: Arguments): FunctionGrouping | null {
  const by = choice(args, { option: 'by', choices: CONVERTED_GROUPS, otherwise: 'function' });
  return by === 'function' ? null : by;
}

/** Applies --estimate and --by. Throws PstatError (`missing-data`) to group a profile of edges. */
function transform(profile: Profile, change: { by: FunctionGrouping | null; isEstimated: boolean }): Profile {
  const stacks = change.isEstimated && !('callTree' in profile) ? estimateStacks(profile) : profile;
  if (change.by === null) return stacks;
  if (!('callTree' in stacks)) throw groupedEdges(profile.sources[0] ?? '');
  return groupProfile(stacks, change.by);
}

/** Applies --focus and --ignore. Without them no call graph is built. */
function selectStacks(profile: Profile, options: StatsOptions): Profile {
  const { focus = [], ignore = [] } = options;
  return focus.length + ignore.length === 0 ? profile : new Stats(profile, options).profile;
}

function hasTime(profile: Profile): boolean {
  return !('callTree' in profile) || profile.callTree.length > 0;
}

interface OutputFile {
  readonly file: string | null;
  readonly profiles: readonly Profile[];
}

function filesOf(profiles: readonly Profile[], { file, split, format }: OutputChoice): OutputFile[] {
  if (split === 'none' || file === null) return [{ file, profiles }];
  const extension = format.extensions[0] ?? '';
  const byName = [...profilesByName(profiles)];
  return byName.map(([name, ofRoute]) => ({ file: path.join(file, name + extension), profiles: ofRoute }));
}

async function convert(profiles: readonly Profile[], format: WritableFormat, idle: boolean): Promise<WrittenFile> {
  const parts = partsOf(profiles, format.writer.parts);
  const write = await format.writer.load();
  const comments = parts.flatMap(({ profile }) => profile.notes.map(noteText));
  const written = write(parts, { idle, comments });
  checkTotal(written, parts, format);
  return written;
}

/** Reads the file back, where pstat reads the format, and compares the sums: a difference is a defect of pstat. */
function checkTotal({ bytes }: WrittenFile, parts: readonly Part[], format: WritableFormat): void {
  if (format.reader === undefined) return;
  const expected = sum(parts.map(({ profile }) => countedTime(profile)));
  const found = sumWritten(bytes, format);
  // Half a unit of the coarsest format for each profile, and what sums of fractions of µs may lose.
  if (Math.abs(found - expected) > 0.501 * parts.length + 1e-9 * expected) {
    throw new Error(`${format.name}: ${expected} µs were to be written, and ${found} µs are in the file`);
  }
}

interface Conversion {
  readonly written: WrittenFile;
  readonly format: WritableFormat;
  readonly notes: readonly Note[];
}

/** Says what was written, and what the file does not show. */
function report(file: string | null, { written, format, notes }: Conversion, { stderr }: Io): void {
  const what = `${format.name}, ${pluralize(written.rows, 'function')}, ${formatBytes(written.bytes.length)}`;
  if (file !== null) stderr.write(`${escapeControls(file)}: ${what}\n`);
  stderr.write(noteLines([...notes, ...written.notes]));
}
