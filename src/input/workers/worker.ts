/** The worker: reads the files that the main thread requests. */

import { parentPort } from 'node:worker_threads';
import { outcomeOf } from '../outcome.ts';
import { type ReadRequest, type ReadResponse, serializeOutcome, transferableBuffers } from './messages.ts';

parentPort?.on('message', async ({ id, path, options }: ReadRequest) => {
  const result = serializeOutcome(await outcomeOf(path, options));
  parentPort?.postMessage({ id, result } satisfies ReadResponse, transferableBuffers(result));
});
