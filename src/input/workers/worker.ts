/** A thread that reads files for the one that asks. */

import { parentPort } from 'node:worker_threads';
import { outcomeOf } from '../outcome.ts';
import { type Answer, buffersOf, type Order, packed } from './messages.ts';

parentPort?.on('message', async ({ number, path, question }: Order) => {
  const parcel = packed(await outcomeOf(path, question));
  parentPort?.postMessage({ number, parcel } satisfies Answer, buffersOf(parcel));
});
