import type { RawProfile } from '../model/raw-profile.ts';
import type { JsonDocument } from './json.ts';

/** Bytes of one file, unpacked, with what readers share: the JSON in them is parsed once, whoever asks. */
export interface Content {
  readonly bytes: Uint8Array;
  /** The file as JSON; throws PstatError (`malformed`) if it is none, undefined if it does not begin like any. */
  json(): JsonDocument | undefined;
}

/** A reader for one format. It knows the format and no rule: what it hands over is what stands in the file. */
export interface Format {
  /** Whether the file is of this format, by its content. May be wrong about broken files, never about sound ones. */
  matches(content: Content): boolean;
  /** What was recorded, checked, at least one. Throws PstatError: `malformed` when broken. */
  read(content: Content): readonly Recording[];
}

/** One profile of a file. Most files hold one; traces hold one for each thread, or several, in order of time. */
export interface Recording {
  /** Null where the format knows no threads. */
  readonly thread: Thread | null;
  /** Who had it recorded, in the file's word (`Internal`, `Inspector`), where the file tells. */
  readonly origin?: string | null;
  readonly profile: RawProfile;
}

/** A thread of a process, as far as a trace tells. */
export interface Thread {
  /** Name of the process. */
  readonly process: string | null;
  /** Name of the thread. */
  readonly name: string | null;
  readonly pid: number | null;
  readonly tid: number | null;
}
