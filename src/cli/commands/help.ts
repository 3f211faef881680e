/** The command `help`: a page on pstat, on a command, or on a topic. */

import type { Command } from '../command.ts';

export const help: Command = {
  name: 'help',
  usage: 'help [TOPIC]',
  describe: 'help on a command or a topic',
  examples: [],
  options: [],
  answer: async (words, _args, io) => (await import('./help-answer.ts')).helpAnswer(words, io),
};
