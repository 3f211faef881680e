/** record: runs a program, profiles all of its threads, and shows what was hot. */

import type { Command } from '../command.ts';

export const record: Command = {
  name: 'record',
  usage: 'record [options] -- COMMAND…',
  describe: 'profile a Node program, its children and workers',
  examples: [
    ['pstat record -o app.cpuprofile -- node app.js', 'until it ends, or Ctrl+C'],
    ['pstat record --dir profiles -- npm test', 'every process, a file a thread'],
  ],
  options: [
    'output',
    'dir',
    'interval',
    'sort',
    'reverse',
    'limit',
    'filter',
    'exclude',
    'idle',
    'paths',
    'color',
    'no-color',
  ],
  about: `COMMAND is a program and its words, which pstat leaves alone: node app.js, npm test,
npx tsx app.ts. Child processes and worker threads have files of their own, unless
they are given an environment of their own. -o names the file of the main thread
that worked most. PATTERN is looked for in file:line(name).`,
  async answer(words, args, io) {
    const { recordAnswer } = await import('./record-answer.ts');
    return recordAnswer(words, args, io);
  },
};
