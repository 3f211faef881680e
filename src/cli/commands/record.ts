/** record: runs a program, profiles all of its threads, and shows the hot functions. */

import type { Command } from '../command.ts';
import { ROW_OPTIONS } from '../options.ts';

export const record: Command = {
  name: 'record',
  usage: 'record [options] -- COMMAND…',
  describe: 'profile a Node program and its children',
  examples: [
    ['pstat record -o app.cpuprofile -- node app.js', 'until it ends, or Ctrl+C'],
    ['pstat record --dir profiles -- npm test', 'every process, a file a thread'],
    ['pstat record --on-stall 200ms --dir stalls -- node server.js', 'save the last minute of each stall'],
    ['pstat record --requests --dir profiles -- node server.js', 'a file a request'],
  ],
  options: [
    ...(['output', 'dir', 'requests', 'interval', 'last', 'on-stall', 'sources'] as const),
    ...ROW_OPTIONS,
    ...(['idle', 'paths', 'color', 'no-color'] as const),
  ],
  about: `COMMAND is a program and its arguments: node app.js, npm test, npx tsx app.ts.
Child processes and worker threads get files of their own. Those that replace
NODE_OPTIONS or their environment are not recorded, and named. -o names the file
of the busiest main thread.
PATTERN is searched in file:line(name).`,
  answer: async (...asked) => (await import('./record-answer.ts')).recordAnswer(...asked),
};
