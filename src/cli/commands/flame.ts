/** The command `flame`. */

import type { Command } from '../command.ts';
import { TREE_GROUPS, TREE_OPTIONS } from '../tree-options.ts';

export const flame: Command = {
  name: 'flame',
  usage: 'flame FILES…',
  describe: 'flame graph, printed',
  examples: [
    ['pstat flame profile.cpuprofile', 'where the time goes, callers above callees'],
    ['pstat flame profile.cpuprofile --root handler --upward', 'one function, callees above'],
    ['pstat flame profile.cpuprofile --time-order --from 1s --to 1.2s', 'call by call'],
    ['pstat flame profile.cpuprofile --by package --width 120', 'packages, in 120 columns'],
  ],
  options: [
    ...(['inverted', 'upward', 'time-order', 'depth', 'width', 'min'] as const),
    ...TREE_OPTIONS,
    ...(['paths', 'color', 'no-color'] as const),
  ],
  choices: { by: TREE_GROUPS },
  describes: {
    depth: 'Show at most N rows. Default: 60',
    min: 'Leave out what has less cumtime',
    by: 'Draw functions (default), files or packages',
    fold: 'Fold the dependencies above own code (default), what matches a PATTERN, or none',
  },
  about: `FILES are profiles of stacks (V8), folders, quoted globs, or - for standard
input. Several are merged.

A box is as wide as the cumtime of its function on this path; the space below it
that has no box is its tottime. Siblings that are narrower than a column are one
box, …. The edges of the exact intervals are rounded, so that no box is off by
more than a column. The numbers are in the unit of the first row.

The frames of libraries above the first function of your own are one row, [14
frames: express, node:] ›, and so are leading functions with one callee that has
98% of their time, main → run ›. --fold none shows each.

With --time-order boxes stand from left to right as they came; a gap is idle. A
box is a call, or several of one function without a sample of another between
them. --from and --to show a part: pstat flame F --time-order --from 1.2s.

Colors tell where code comes from, or the package with --by package.

A Python profile knows who calls whom, but no stacks. --estimate draws the likely
tree, hatched and marked ~.

pstat tree prints the same tree as text, json or csv.`,
  answer: async (...asked) => (await import('./flame-answer.ts')).flameAnswer(...asked),
};
