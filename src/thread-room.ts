/** Whether this process may start threads of its own. */

import { readFileSync } from 'node:fs';

export function hasRoomForThreads(): boolean {
  // A thread cannot load the sources as they are.
  return !import.meta.url.endsWith('.ts') && !isSpaceLimited();
}

/** Where address space is limited (`ulimit -v`), V8 may find none for a thread's code, and then ends the process. */
function isSpaceLimited(): boolean {
  try {
    return !/^Max address space +unlimited/m.test(readFileSync('/proc/self/limits', 'utf8'));
  } catch {
    // No Linux.
    return false;
  }
}
