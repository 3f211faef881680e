import type { FoundFile } from './find-files.ts';

/** Counts the bytes that were read of all that are to be read. */
export class Progress {
  readonly #total: number;
  readonly #report: ((read: number, total: number) => void) | undefined;
  /** Of files that were read whole. */
  #done = 0;
  /** Of the file that is being read. */
  #partly = 0;

  constructor(files: readonly FoundFile[], report: ((read: number, total: number) => void) | undefined) {
    this.#total = files.reduce((sum, { bytes }) => sum + bytes, 0);
    this.#report = report;
  }

  add(bytes: number): void {
    this.#partly += bytes;
    this.#tell();
  }

  /** The whole file counts, though only its head may have been looked at. */
  finish({ bytes }: FoundFile): void {
    this.#done += bytes;
    this.#partly = 0;
    this.#tell();
  }

  #tell(): void {
    // A file may have grown since it was found.
    this.#report?.(Math.min(this.#done + this.#partly, this.#total), this.#total);
  }
}
