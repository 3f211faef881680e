/** What a pstat that was killed has left: the names of its folders hold its pid. */

import { errnoCodeOf } from '../../base/system-error.ts';

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return errnoCodeOf(error) === 'EPERM'; // of another user
  }
}
