/** The command `tree`. */

import type { Command } from '../command.ts';
import { OUTPUT_OPTIONS } from '../options.ts';
import { TREE_GROUPS, TREE_OPTIONS } from '../tree-options.ts';

export const tree: Command = {
  name: 'tree',
  usage: 'tree FILES…',
  describe: 'call tree, the costliest paths first',
  examples: [
    ['pstat tree profile.cpuprofile', 'the hottest 40 rows'],
    ['pstat tree profile.cpuprofile --root handler --min 0.5%', 'below one function, with smaller rows'],
    ['pstat tree profile.cpuprofile --inverted', 'hot functions, and who calls them, bottom-up'],
  ],
  options: ['inverted', 'depth', 'min', 'limit', ...TREE_OPTIONS, ...OUTPUT_OPTIONS],
  choices: { by: TREE_GROUPS },
  describes: {
    limit: 'Print at most N lines; 0 prints all. Default: 40 in table and markdown, all in json and csv',
    by: 'Show functions (default), files or packages as rows',
  },
  about: `FILES are profiles of stacks (V8), folders, quoted globs, or - for standard
input. Several are merged.

Rows are chosen by cost: the function with the most cumtime whose caller has a
row, again and again, until --limit lines are used. What is cut is a row of its
own, …, so that a row's cumtime is its tottime and the cumtimes of the rows below
it. A row that ends in … has callees, all cut. Recursion is shown as it is.

Joined: a function and its callee are one row, a → b, if the callee has 98% of
the row's cumtime. Folded: a library function and the library functions that it
calls, down to the next function of your own, are one row, [14 frames: express,
node:]. Libraries are dependencies, node:, natives and Python's standard library.
The tottime of such a row is the sum over its frames; its cumtime is that of the
first. Nothing is folded in an inverted tree, nor where less than 10% of the time
is in your own code and what it calls, unless --fold says so.

An inverted tree ends after 100 frames unless --depth is given.

A Python profile knows who calls whom, but no stacks. --estimate draws the likely
tree: a function divides its time on every stack as it does on average. What is
estimated is marked ~.`,
  answer: async (...asked) => (await import('./tree-answer.ts')).treeAnswer(...asked),
};
