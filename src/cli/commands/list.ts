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
  about: `FILES are profiles, folders, quoted globs, or - for standard input. Several are
merged. FUNCTION is text to find in file:line(name), or a regular expression
such as /name$/i.

A call stands on the line that makes it; ~ marks calls that several lines
can make. Recursive calls stand nowhere: a stack counts once, so their time is
that of the lines inside. Profiles of single requests have calls and no line
times: V8 counts lines for the whole thread. It counts them without their file:
lines of a function that it inlined stand under the caller, outside of it.`,
  answer: async (words, args, io) => (await import('./list-answer.ts')).listAnswer(words, args, io),
};
