/** Writes the spool of a thread. The descriptor stays open: a program may change its user, its root or its folders. */

import { closeSync, fstatSync, openSync, toBytes, toJson, unlinkSync, writeSync } from './natives.ts';
import type { ThreadIdentity } from './spool-format.ts';

export class SpoolWriter {
  private readonly folder: string;
  private readonly name: string;
  private readonly thread: ThreadIdentity;
  private file = '';
  /** The file before; '' for none. */
  private previous = '';
  private count = 0;
  private descriptor = -1;
  /** Device and inode of the spool: the program may close the descriptor and open another file in its place. */
  private device = 0;
  private inode = 0;
  /** Bytes of complete lines. Whatever follows is written again. */
  private size = 0;
  /** The place of `lost` in the first line. */
  private lostAt = 0;
  /** Lines that could not be written yet. */
  private pending = '';
  private isLost = false;

  /** Throws the errors of the file system. */
  constructor(folder: string, name: string, thread: ThreadIdentity) {
    this.folder = folder;
    this.name = name;
    this.thread = thread;
    this.open();
  }

  private open(): void {
    const { pid, thread, program, start } = this.thread;
    const number = this.count === 0 ? '' : `.${this.count}`;
    const file = `${this.folder}/${pid}.${thread}.${this.name}${number}.ndjson`;
    const descriptor = openSync(file, 'wx', 0o600);
    const { dev, ino } = fstatSync(descriptor);
    this.count++;
    this.file = file;
    this.descriptor = descriptor;
    this.device = dev;
    this.inode = ino;
    this.size = 0;
    const identity = `{"thread":{"pid":${pid},"thread":${thread},"program":${toJson(program)},"start":${start}},"lost":"`;
    this.lostAt = toBytes(identity).length;
    const { pending } = this;
    this.pending = '';
    this.write(`${identity}${BLANK}"}\n${pending}`);
  }

  /** Goes on in a new file, and deletes the one before the last: pstat has read it. Never throws. */
  rotate(): void {
    const { file, previous, descriptor } = this;
    const isOpen = this.isOpen();
    try {
      this.open();
      if (isOpen) closeSync(descriptor);
      this.previous = file;
      if (previous !== '') unlinkSync(previous);
    } catch {
      // The file before grows.
    }
  }

  /** Writes complete lines. If it cannot, the next call tries again. Never throws. */
  write(lines: string): void {
    this.pending += lines;
    try {
      this.reopenIfClosed();
      const bytes = toBytes(this.pending);
      this.writeBytes(bytes, this.size);
      this.size += bytes.length;
      this.pending = '';
      if (this.isLost) this.markLost('');
    } catch (error) {
      if (this.pending.length > MAX_PENDING) this.pending = '';
      this.markLost((error as NodeJS.ErrnoException)?.code ?? 'unknown');
    }
  }

  close(): void {
    try {
      if (this.isOpen()) closeSync(this.descriptor);
    } catch {
      // It ends with the process.
    }
  }

  /** Overwrites bytes that exist, which also a full disk allows. */
  private markLost(code: string): void {
    try {
      this.isLost = code !== '';
      this.writeBytes(toBytes(code + BLANK).subarray(0, BLANK.length), this.lostAt);
    } catch {
      // pstat sees that the end mark is missing.
    }
  }

  private writeBytes(bytes: Uint8Array, position: number): void {
    for (let done = 0; done < bytes.length; ) {
      done += writeSync(this.descriptor, bytes, done, bytes.length - done, position + done);
    }
  }

  private reopenIfClosed(): void {
    if (!this.isOpen()) this.descriptor = openSync(this.file, 'r+');
  }

  private isOpen(): boolean {
    try {
      const { dev, ino } = fstatSync(this.descriptor);
      return dev === this.device && ino === this.inode;
    } catch {
      return false;
    }
  }
}

const BLANK = '                ';

/** UTF-16 units. About a minute of samples. */
const MAX_PENDING = 1 << 26;
