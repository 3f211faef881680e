/** The command `compare`: what changed between two sets of runs, with statistical tests. */

import type { Command } from '../command.ts';
import { OUTPUT_OPTIONS, STACK_OPTIONS } from '../options.ts';

export const compare: Command = {
  name: 'compare',
  usage: 'compare BEFORE AFTER',
  describe: 'what changed, with significance',
  examples: [
    ['pstat compare before/ after/', 'ten runs a side, recorded alternately'],
    ['pstat compare before/ after/ --fail-above 5% --format markdown', 'for a pull request'],
  ],
  options: [
    'sort',
    'reverse',
    'limit',
    'filter',
    'exclude',
    'time',
    'merge-lines',
    'source-map',
    ...STACK_OPTIONS,
    'fail-above',
    'fail-on',
    'strict',
    ...OUTPUT_OPTIONS,
  ],
  async answer(words, args, io) {
    const { compareAnswer } = await import('./compare-answer.ts');
    return compareAnswer(words, args, io);
  },
};
