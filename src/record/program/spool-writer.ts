/** Writes the spool of a thread. The descriptor stays open: a program may change its user, its root or its folders. */

import { closeSync, fstatSync, openSync, toBytes, toJson, writeSync } from './natives.ts';
import type { ThreadIdentity } from './spool-format.ts';

export class SpoolWriter {
  private readonly file: string;
  private descriptor: number;
  /** Device and inode of the spool: the program may close the descriptor and open another file in its place. */
  private readonly device: number;
  private readonly inode: number;
  /** Bytes of complete lines. Whatever follows is written again. */
  private size = 0;
  /** The place of `lost` in the first line. */
  private readonly lostAt: number;
  /** Lines that could not be written yet. */
  private pending = '';
  private isLost = false;

  /** Throws the errors of the file system. */
  constructor(folder: string, name: string, { pid, thread, program, start }: ThreadIdentity) {
    this.file = `${folder}/${pid}.${thread}.${name}.ndjson`;
    this.descriptor = openSync(this.file, 'wx', 0o600);
    const { dev, ino } = fstatSync(this.descriptor);
    this.device = dev;
    this.inode = ino;
    const identity = `{"thread":{"pid":${pid},"thread":${thread},"program":${toJson(program)},"start":${start}},"lost":"`;
    this.lostAt = toBytes(identity).length;
    this.write(`${identity}${BLANK}"}\n`);
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
