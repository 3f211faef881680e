/** The command `explore`. */

import type { Command } from '../command.ts';
import { COMPARED_TIMES, STACK_OPTIONS } from '../options.ts';

export const explore: Command = {
  name: 'explore',
  usage: 'explore FILES…',
  describe: 'interactive: picture, tables, tree, source',
  examples: [
    ['pstat explore profile.cpuprofile', 'arrows move, Enter zooms, ? lists the keys, q quits'],
    ['pstat explore before/ --against after/', 'what changed, in the flame graph of after/'],
  ],
  options: [
    ...(['against', 'estimate', 'idle', 'merge-lines', 'source-map', 'source-path', 'time'] as const),
    ...STACK_OPTIONS,
    ...(['paths', 'no-mouse', 'color', 'no-color'] as const),
  ],
  choices: { time: COMPARED_TIMES },
  describes: {
    estimate: 'Draw the likely tree of a Python profile, hatched and marked ~',
    time: 'Measure counted (default) or undisturbed time; with --against also cpu, elapsed or busy time',
  },
  about: `FILES are profiles, folders, quoted globs, or - for standard input. Several are
merged.

Above the line of keys stands the command that prints the same answer. The picture
is that of pstat flame; a circle of a terminal's size would resolve few arcs, so
there is none.

With --against, FILES and AFTER are one path each, as in pstat compare. The picture is
that of AFTER, red and ▲ where a function is slower or new, blue and ▼ where it is
faster, gray where there is no verdict. Sort by cumtime (key s in the table) to
test that instead of tottime.

A terminal of at least 60 × 12 is needed; pstat flame prints elsewhere.`,
  answer: async (...asked) => (await import('./explore-answer.ts')).exploreAnswer(...asked),
};
