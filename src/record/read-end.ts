import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** Returns the last bytes of a regular file as text; null if it cannot be read. */
export function readEnd(file: string, bytes: number): string | null {
  try {
    const handle = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const stats = fstatSync(handle);
      if (!stats.isFile()) return null;
      const buffer = Buffer.alloc(Math.min(stats.size, bytes));
      readSync(handle, buffer, 0, buffer.length, stats.size - buffer.length);
      return buffer.toString();
    } finally {
      closeSync(handle);
    }
  } catch {
    return null;
  }
}
