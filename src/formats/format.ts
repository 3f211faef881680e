import type { ProfileNote, WriteNote } from '../model/notes.ts';
import type { Profile } from '../model/profile.ts';
import type { RawProfile } from '../model/raw-profile.ts';
import type { JsonDocument } from './json.ts';

/** A file format that pstat reads, writes, or both. */
export interface Format {
  /** Unique. */
  readonly name: string;
  /** One line or more for `pstat help formats`. */
  readonly title: string;
  /** The usual extensions, with their dots. Detection ignores them; `pstat convert` chooses a format by them. */
  readonly extensions: readonly string[];
  readonly reader?: FormatReader;
  readonly writer?: FormatWriter;
}

/** Turns a file into raw profiles. A reader knows its format; the rules of time and counting are in model/normalize. */
export interface FormatReader {
  /** Whether the content is of this format. Must be right for every valid file, and may be wrong for a broken one. */
  detect(content: Content): boolean;
  /** Whether its files may have several values a sample. @default false */
  readonly hasValues?: boolean;
  /** Returns the recordings of the file, at least one. Throws PstatError (`malformed`). */
  read(content: Content, options: ReadFormatOptions): readonly Recording[];
}

export interface ReadFormatOptions {
  /** Which of several values of a sample is read, in formats that have them; null for the file's own choice. */
  readonly value?: string | null;
}

/** Turns profiles into a file. */
export interface FormatWriter {
  /**
   * What the profiles of a file become: one profile, `merged`; a profile for each `source`; or one for each set of
   * `labels`, such as the requests of one method, route and status.
   */
  readonly parts: 'merged' | 'sources' | 'labels';
  /** Whether the file is not text. */
  readonly isBinary: boolean;
  /** How pstat reads the file back to check it. @default {} */
  readonly readBack?: ReadFormatOptions;
  /** Loads the code, which few runs need. */
  load(): Promise<WriteFormat>;
}

/** Writes at least one part. Throws PstatError (`missing-data`) for a profile that the format cannot hold. */
export type WriteFormat = (parts: readonly Part[], options: WriteOptions) => WrittenFile;

/** A profile to write. */
export interface Part {
  readonly profile: Profile;
  /** The file, as the user named it, or the request. */
  readonly name: string;
  /** Facts of the request, such as `route`: `GET /users/{id}`. */
  readonly labels: ReadonlyMap<string, string>;
}

export interface WriteOptions {
  /**
   * Whether `(idle)` is written as a function.
   * @default false
   */
  readonly idle?: boolean;
  /** Texts for formats that have room for them. @default [] */
  readonly comments?: readonly string[];
}

export interface WrittenFile {
  readonly bytes: Uint8Array;
  /** Functions in the file. */
  readonly rows: number;
  /** What the file does not show. */
  readonly notes: readonly WriteNote[];
}

/** The gunzipped bytes of one file, and its JSON, which is parsed once for all readers. */
export interface Content {
  readonly bytes: Uint8Array;
  /** Returns the file as JSON, or undefined if it does not begin like JSON. Throws PstatError (`malformed`). */
  json(): JsonDocument | undefined;
}

/** One profile of a file. Most files hold one; traces hold one or more per thread, in order of time; reports those of a folder. */
export interface Recording {
  /** Null where the format has no threads. */
  readonly thread: Thread | null;
  /** Who asked for the recording, in the file's word (`Internal`, `Inspector`); null or absent if the file does not say. */
  readonly origin?: string | null;
  /** The file that it was read from, in a report of several; such recordings are all read. */
  readonly part?: string;
  /** What is to be said of all the files of a report, with its first recording. */
  readonly folderNotes?: readonly ProfileNote[];
  readonly profile: RawProfile;
}

/** A thread of a process, as far as a trace names it. */
export interface Thread {
  /** Name of the process. */
  readonly process: string | null;
  /** Name of the thread. */
  readonly name: string | null;
  readonly pid: number | null;
  readonly tid: number | null;
}
