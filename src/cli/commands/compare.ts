/** The command `compare`: what changed between two sets of runs, with statistical tests. */

import { COMPARE_SORT_KEYS } from '../../view/sort-keys.ts';
import { last } from '../arguments.ts';
import type { Command } from '../command.ts';
import { missingSides } from '../errors.ts';
import {
  COMPARED_TIME,
  COMPARED_TIMES,
  GATE_OPTIONS,
  OUTPUT_OPTIONS,
  REPORT_FORMATS,
  ROW_OPTIONS,
  STACK_OPTIONS,
} from '../options.ts';

export const compare: Command = {
  name: 'compare',
  usage: 'compare BEFORE AFTER',
  describe: 'what changed, with significance',
  examples: [
    ['pstat compare before/ after/', 'ten runs a side, recorded alternately'],
    ['pstat compare before/ after/ --fail-above 5% --format markdown', 'for a pull request'],
    ['pstat compare before/ after/ --format html > diff.html', 'a picture of AFTER, with the changes'],
  ],
  options: [
    ...ROW_OPTIONS,
    ...(['time', 'merge-lines', 'source-map'] as const),
    ...STACK_OPTIONS,
    ...GATE_OPTIONS,
    'diff',
    ...OUTPUT_OPTIONS,
  ],
  describes: {
    time: COMPARED_TIME,
    sort: 'Sort by tottime (default) or cumtime: by evidence, then by change; by ncalls, samples, name, filename or line',
    filter: 'Keep functions (or routes) that match; repeatable',
    exclude: 'Drop functions (or routes) that match; repeatable',
    format:
      'Write table (default), json, csv, markdown, folded (stack, µs before, µs after), or html (one offline page)',
  },
  about: `BEFORE and AFTER are each a file, a folder or a quoted glob with runs of one
program, best recorded in turn, ten runs a side; 4 is the minimum for a verdict.
pstat help compare explains the test, the columns and the gate.

PATTERN is text to find in file:line(name), or a regular expression such as
/name$/i; with several routes, in GET /path.`,
  choices: { format: [...REPORT_FORMATS, 'folded', 'html'], sort: COMPARE_SORT_KEYS, time: COMPARED_TIMES },
  async answer(words, args, io) {
    const [before, after, ...others] = words;
    if (before === undefined || after === undefined || others.length > 0) throw missingSides(words.length);
    const paths = { before, after };
    const format = last(args['format']);
    if (format === 'folded') return (await import('./compare-folded.ts')).compareFolded(paths, args, io);
    if (format === 'html') return (await import('./compare-html.ts')).compareHtml(paths, args, io);
    return (await import('./compare-answer.ts')).compareFiles(paths, args, io);
  },
};
