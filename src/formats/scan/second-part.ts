/**
 * A large .cpuprofile in two parts, of which another thread scans the second while this one scans the first.
 *
 * Where the second begins is a guess: at bytes that look like the beginning of a node, somewhere in the midst of the
 * file. They may stand elsewhere than in the list of nodes. So the guess holds only if this thread, having read all that
 * stands before, comes to that very byte and finds that a node is next; else it reads on by itself, and nothing is lost
 * but the other thread's work.
 */

import type { FileHandle } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { isMainThread, Worker } from 'node:worker_threads';
import { hasRoomForThreads } from '../../thread-room.ts';
import type { ProfilePart } from './profile-part.ts';
import { kindOf } from './scan.ts';

/** What the thread is told. */
export interface SecondOrder {
  /** Of the open file. All threads of a process may read by it. */
  readonly descriptor: number;
  readonly begin: number;
}

/** What it says: bytes that it has read since it said so before; in the end, what it found, or null. */
export type SecondWord = { readonly bytes: number } | { readonly part: ProfilePart | null };

/** Bytes that this thread scans while the other one starts. */
const AHEAD = 24e6;

/** Bytes within which a node begins, unless it is of an unusual size. */
const LOOKED_AT = 2 ** 16;

/** In the folder of the sources, which the bundle keeps: its chunks, and the program, lie in a folder of their own. */
const MODULE = new URL('../formats/scan/second-part-thread.cjs', import.meta.url);

export class SecondPart {
  /** Byte of the file. */
  readonly begin: number;
  readonly #worker: Worker;
  readonly #part: Promise<ProfilePart | null>;

  private constructor(order: SecondOrder, onBytes: (bytes: number) => void) {
    this.begin = order.begin;
    this.#worker = new Worker(MODULE, { execArgv: [], workerData: order });
    this.#part = new Promise((resolve) => {
      const none = () => resolve(null);
      this.#worker
        .on('message', (word: SecondWord) => {
          if ('part' in word) resolve(word.part);
          else onBytes(word.bytes);
        })
        // Out of memory, or nothing that it could load.
        .on('error', none)
        .on('messageerror', none)
        .on('exit', none);
    });
  }

  /** Null where the file is no .cpuprofile, and where there is no second core, or no thread to be had. */
  static async start(handle: FileHandle, size: number, onBytes: (bytes: number) => void): Promise<SecondPart | null> {
    if (!isMainThread || availableParallelism() < 2 || !hasRoomForThreads()) return null;
    const begin = await nodeNear(handle, Math.floor((size + AHEAD) / 2));
    if (begin === null || kindOf(await bytesAt(handle, 0)) !== 'profile') return null;
    try {
      return new SecondPart({ descriptor: handle.fd, begin }, onBytes);
    } catch {
      return null;
    }
  }

  /** What stands in it; null if it is not to be read here, or the thread came to its end before. */
  get part(): Promise<ProfilePart | null> {
    return this.#part;
  }

  /** Before the file is closed, which the thread may still read. */
  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}

/** Where a node begins, by its looks. No text of JSON holds these bytes: its quotes have a backslash before them. */
async function nodeNear(handle: FileHandle, byte: number): Promise<number | null> {
  const match = /\{\s*"id"\s*:/.exec((await bytesAt(handle, byte)).toString('latin1'));
  return match && byte + match.index;
}

async function bytesAt(handle: FileHandle, byte: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(LOOKED_AT), 0, LOOKED_AT, byte);
  return buffer.subarray(0, bytesRead);
}
