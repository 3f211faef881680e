/** Preloaded into a process that is measured: at its end it tells its peak memory, in kB, on its fourth stream. */

const { readFileSync, writeSync } = require('node:fs');
const { isMainThread } = require('node:worker_threads');

if (isMainThread) process.on('exit', () => writeSync(3, String(linuxPeak() ?? process.resourceUsage().maxRSS)));

/** Linux counts into maxRSS what the parent held when it started the process; this figure begins with the program. */
function linuxPeak() {
  try {
    return /^VmHWM:\s*(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}
