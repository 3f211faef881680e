/** The commands `top`, `callers` and `callees`. */

import { OUTPUT_FORMATS } from '../../render/render.ts';
import type { Command } from '../command.ts';
import { OUTPUT_OPTIONS, PROFILE_OPTIONS, ROW_OPTIONS, STACK_OPTIONS } from '../options.ts';
import { relationsAnswer, topAnswer } from './queries-answer.ts';

/** What the three commands have in common. */
const COMMON = {
  options: ['time', ...ROW_OPTIONS, 'restrict', ...PROFILE_OPTIONS, ...STACK_OPTIONS, ...OUTPUT_OPTIONS],
  choices: { format: OUTPUT_FORMATS },
  describes: { format: 'Write table (default), json, csv, markdown, or pstats (what Python prints)' },
} as const;

export const top: Command = {
  name: 'top',
  usage: '[top] FILES…',
  describe: 'hot functions (the default command)',
  examples: [
    ['pstat GET.users.prof --sort tottime --limit 20', 'what is hot'],
    ['pstat profiles/ --filter handlers/', 'a folder merged, functions below handlers/ only'],
  ],
  ...COMMON,
  options: ['by', ...COMMON.options],
  answer: topAnswer,
};

export const callers = relations('callers', {
  describe: 'who calls FUNCTION, and at what cost',
  example: ['pstat callers serializeLinks profile.cpuprofile', 'who calls it'],
});

export const callees = relations('callees', {
  describe: 'what FUNCTION calls, and at what cost',
  example: ["pstat callees '/handler/i' profile.cpuprofile --json", 'what matching functions call, as JSON'],
});

function relations(
  name: 'callers' | 'callees',
  { describe, example }: { describe: string; example: readonly [string, string] },
): Command {
  return {
    name,
    usage: `${name} FUNCTION FILES…`,
    describe,
    examples: [example],
    ...COMMON,
    answer: (words, args, io) => relationsAnswer(name, words, { args, io }),
  };
}
