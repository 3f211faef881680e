/** The command `list`. */

import type { Command } from '../command.ts';
import { OUTPUT_OPTIONS, STACK_OPTIONS } from '../options.ts';

export const list: Command = {
  name: 'list',
  usage: 'list [FUNCTION] FILES…',
  describe: 'source lines with their time and calls',
  examples: [
    ['pstat list serializeLinks profile.cpuprofile', 'where its time goes, line by line'],
    ['pstat list profile.cpuprofile', 'the five hottest lines, with what is around them'],
    ['pstat list handle GET.users.prof --source-path ~/app', 'calls and their times on the lines that make them'],
  ],
  options: ['limit', 'time', 'merge-lines', 'source-map', 'source-path', ...STACK_OPTIONS, ...OUTPUT_OPTIONS],
  describes: {
    limit: 'Show at most N functions, or lines where no FUNCTION is given; 0 shows all. Default: all, or 5 lines',
  },
  answer: async (words, args, io) => (await import('./list-answer.ts')).listAnswer(words, args, io),
};
