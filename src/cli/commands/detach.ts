/** detach: takes the request profiler out of a running server. */

import type { Command } from '../command.ts';

export const detach: Command = {
  name: 'detach',
  usage: 'detach PID|:PORT',
  describe: 'end what attach --requests began',
  examples: [['pstat detach 4711', 'no request is profiled any more']],
  options: ['all', 'color', 'no-color'],
  describes: { all: 'Every Node process below PID' },
  about: `Requests that are being served leave files of their samples so far. The profiler
also goes when the program ends.`,
  answer: async (words, args) => (await import('./attach-answer.ts')).detachAnswer(words, args),
};
