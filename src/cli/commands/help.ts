/** The command `help`: a page on pstat, on a command, or on a topic. */

import type { Command } from '../command.ts';
import { unknownTopic } from '../errors.ts';
import { helpWidth, type Io } from '../io.ts';
import { optionNames } from '../options.ts';

/** @param commands returns all commands; a function, because this one is among them */
export function helpCommand(commands: () => readonly Command[]): Command {
  return {
    name: 'help',
    usage: 'help [TOPIC]',
    describe: 'help on a command or a topic',
    examples: [],
    options: [],
    async answer([topic], _args, io) {
      return topic === undefined ? mainPage(commands(), io) : topicPage(topic.replace(/^-+/, ''), commands(), io);
    },
  };
}

async function mainPage(commands: readonly Command[], io: Io): Promise<string> {
  const { mainHelp } = await import('../help.ts');
  return mainHelp(commands, helpWidth(io));
}

/** The page of a topic, a command or an option. A topic may have the name of a command, whose page is then `--help`. */
async function topicPage(name: string, commands: readonly Command[], io: Io): Promise<string> {
  const { TOPICS } = await import('../help-topics.ts');
  const { commandHelp, optionHelp } = await import('../help.ts');
  const topic = Object.hasOwn(TOPICS, name) ? TOPICS[name] : undefined;
  const command = commands.find((candidate) => candidate.name === name);
  const option = optionNames().find((each) => each === name);
  if (topic !== undefined) {
    const other = command === undefined ? '' : `\npstat ${name} --help lists the options.\n`;
    return `${topic.text}\n${other}`;
  }
  if (command !== undefined) return commandHelp(command, helpWidth(io));
  if (option !== undefined) return optionHelp(option, commands);
  throw unknownTopic(name, [...new Set([...Object.keys(TOPICS), ...commands.map((each) => each.name)])]);
}
