/** Preloaded into a process that is measured: at its end it tells its peak memory, in kB, on its fourth stream. */

const { writeSync } = require('node:fs');
const { isMainThread } = require('node:worker_threads');

if (isMainThread) process.on('exit', () => writeSync(3, String(process.resourceUsage().maxRSS)));
