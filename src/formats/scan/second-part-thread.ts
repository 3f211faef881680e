/** The thread that scans the second part of a file (second-part.ts). */

import { readSync } from 'node:fs';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { PartScanner } from './part-scanner.ts';
import type { ProfilePart } from './profile-part.ts';
import type { SecondOrder, SecondWord } from './second-part.ts';

/** Bytes. Small enough for the processor's cache. */
const CHUNK = 2 ** 19;

/** Bytes between two words about how far it has come. */
const TOLD_EVERY = 16 * CHUNK;

function scanned({ descriptor, begin }: SecondOrder, onBytes: (bytes: number) => void): ProfilePart | null {
  const scanner = PartScanner.start('node');
  const chunk = Buffer.allocUnsafeSlow(CHUNK);
  let untold = 0;
  for (let at = begin; scanner !== null; ) {
    const length = readSync(descriptor, chunk, 0, CHUNK, at);
    if (length === 0) return scanner.hasEnded ? scanner.part() : null;
    if (!scanner.push(chunk.subarray(0, length))) return null;
    at += length;
    untold += length;
    if (untold < TOLD_EVERY) continue;
    onBytes(untold);
    untold = 0;
  }
  return null;
}

function answer(port: MessagePort): void {
  const say = (word: SecondWord, buffers: ArrayBuffer[] = []) => port.postMessage(word, buffers);
  const part = scanned(workerData, (bytes) => say({ bytes }));
  say({ part }, part === null ? [] : buffersOf(part));
}

/** What is handed over in place of being copied. */
function buffersOf(part: ProfilePart): ArrayBuffer[] {
  const { ids, parents, frames, hits, childCounts, children, samples, deltas } = part;
  return [ids, parents, frames, hits, childCounts, children, samples, deltas].map(({ buffer }) => buffer);
}

if (parentPort !== null) answer(parentPort);
