/** The id of a process: the same in all of its threads, and different in every other process. */

import { randomBytes } from 'node:crypto';
import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads';

/** Worker threads get a copy of the data under this key when they start; child processes do not. */
const ID_KEY = 'pstat.run.id';

/**
 * Returns 16 hex digits. A pid is not enough: in containers every server has pid 1.
 *
 * The first call creates the id, for this thread and for the workers that it starts afterwards. So all threads share
 * the id only if the main thread calls before its workers start.
 */
export function getRunId(): string {
  const shared = getEnvironmentData(ID_KEY);
  if (typeof shared === 'string' && /^[0-9a-f]{16}$/.test(shared)) return shared;
  const id = randomBytes(8).toString('hex');
  setEnvironmentData(ID_KEY, id);
  return id;
}
