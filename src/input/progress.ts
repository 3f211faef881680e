import type { FoundFile } from './find-files.ts';

/** Counts the bytes read, of all bytes to read. */
export class Progress {
  readonly #total: number;
  readonly #report: ((read: number, total: number) => void) | undefined;
  /** Bytes of files that are done. */
  #done = 0;
  /** Bytes of the file that is being read. */
  #partly = 0;

  constructor(files: readonly FoundFile[], report: ((read: number, total: number) => void) | undefined) {
    this.#total = files.reduce((sum, { bytes }) => sum + bytes, 0);
    this.#report = report;
  }

  add(bytes: number): void {
    this.#partly += bytes;
    this.#reportBytes();
  }

  /** Counts the whole file, even if only its first bytes were read. */
  finish({ bytes }: FoundFile): void {
    this.#done += bytes;
    this.#partly = 0;
    this.#reportBytes();
  }

  #reportBytes(): void {
    // A file may grow after it was found.
    this.#report?.(Math.min(this.#done + this.#partly, this.#total), this.#total);
  }
}
