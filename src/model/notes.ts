/** What a profile, or the reading of it, has to say besides its figures. Facts only; render/ words them. */

/**
 * code -> the fields of the note. Times are in µs, NaN if not known. `count` is the number of what the code names. The
 * types of notes come from this table, and a report's notes are checked against it.
 */
export const NOTE_FIELDS = {
  /** A text of a report that an older pstat wrote. */
  text: { text: 'text' },

  // Of files.
  'assumed-end': { problem: ['no-start-time', 'no-end-time', 'end-before-start'] },
  /** Entries at the end of the file, which were skipped. */
  'unpaired-samples': { missing: ['time-deltas', 'samples'], count: 'number' },
  'orphan-nodes': { count: 'number' },
  /** Values of samples that could be read in place of the one that was. */
  'other-values': { values: 'texts' },
  /** Samples of other events, which were skipped. */
  'other-events': { event: 'text', count: 'number' },
  'trailing-bytes': { count: 'number' },

  // Of samples.
  'unordered-samples': { count: 'number' },
  'early-samples': { count: 'number' },
  'early-end': {},
  'no-time': {},
  'no-samples': {},
  'estimated-times': { missing: ['times', 'samples'] },
  'unknown-times': { missing: ['times', 'samples'] },
  'samples-of-no-node': { count: 'number', time: 'number' },
  /** `total` time in gaps; the `longest` one is `at` a time from the start. */
  gaps: { count: 'number', intervals: 'number', total: 'number', longest: 'number', at: 'number' },
  /** As `gaps`, where most time of code, `total` of `of`, is in gaps. */
  'mostly-gaps': { count: 'number', total: 'number', of: 'number', longest: 'number', at: 'number' },
  /** `count` of all samples, `of`, have stacks of so many `frames` that V8 cuts them. */
  'cut-stacks': { count: 'number', of: 'number', frames: 'number' },

  // Of what was done to a profile.
  'estimated-stacks': {},
  /** Functions whose lines were merged. */
  'added-cumtimes': { count: 'number' },
  /** `file` is the sum of `others` files. */
  'sum-of-files': { file: 'text', others: 'number' },

  // Of what was read.
  'other-recordings': { kind: ['thread', 'profile'], names: 'texts' },
  'generated-places': {
    because: ['rebuilt', 'newer', 'broken', 'too-large', 'unreadable', 'not-file', 'outside', 'missing'],
    files: 'texts',
  },
  'transpiled-places': { files: 'texts' },
  'unused-source-map': {},
  /** Files of a folder that are no profiles. */
  'skipped-files': { folder: 'text', count: 'number' },
  'skipped-entries': {
    folder: 'text',
    brokenLinks: 'number',
    loops: 'number',
    unreadableNames: 'number',
    pipes: 'number',
    reports: 'number',
  },
  /** Files that several of the named paths lead to. */
  'repeated-files': { files: 'texts' },
  /** Of `of` files; the error of each that cannot be read. */
  'broken-files': { of: 'number', errors: 'texts' },
  /** The numbers of files that a process wrote. */
  'missing-files': { pid: 'text', numbers: 'numbers' },
} as const satisfies Readonly<Record<string, Readonly<Record<string, FieldKind>>>>;

/** A list of texts stands for one of them. */
export type FieldKind = keyof FieldTypes | readonly string[];

interface FieldTypes {
  readonly text: string;
  readonly texts: readonly string[];
  readonly number: number;
  readonly numbers: readonly number[];
}

type FieldOf<Kind> = Kind extends keyof FieldTypes
  ? FieldTypes[Kind]
  : Kind extends readonly (infer Choice)[]
    ? Choice
    : never;

type NoteFields = typeof NOTE_FIELDS;

type NoteOf<Code extends keyof NoteFields> = { readonly code: Code } & {
  readonly [Name in keyof NoteFields[Code]]: FieldOf<NoteFields[Code][Name]>;
};

/** A note of one profile. */
export type SingleNote = { [Code in keyof NoteFields]: NoteOf<Code> }[keyof NoteFields] & {
  /** The file, in a profile of several files. */
  readonly source?: string;
};

/** Why functions are not at their original places, though there is a source map, or a file that may have one. */
export type GeneratedBecause = Extract<SingleNote, { readonly code: 'generated-places' }>['because'];

/** Some of several files have so many notes that only the first is kept. */
export interface NotesOfFiles {
  readonly code: 'notes-of-files';
  /** The files with notes. */
  readonly count: number;
  readonly of: number;
  readonly first: SingleNote;
}

export type ProfileNote = SingleNote | NotesOfFiles;

/** What a written file does not show. */
export type WriteNote =
  /** Lines of functions are those that were executing. */
  | { readonly code: 'written-executing-lines' }
  | { readonly code: 'written-samples-as-calls'; readonly format: 'callgrind' | 'prof' }
  | { readonly code: 'written-names-only'; readonly unit: 'us' | 'bytes' | 'count' }
  /** Functions whose column became a part of their name. */
  | { readonly code: 'written-columns-in-names'; readonly count: number }
  | { readonly code: 'written-no-function' };
