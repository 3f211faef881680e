/** The command `help`: a page on pstat, on a command, or on a topic. */

import type { Command } from '../command.ts';
import { unknownTopic } from '../errors.ts';
import { helpWidth, type Io } from '../io.ts';

/** @param commands returns all commands; a function, because this one is among them */
export function helpCommand(commands: () => readonly Command[]): Command {
  return {
    name: 'help',
    usage: 'help [TOPIC]',
    describe: 'help on a command or a topic',
    examples: [],
    options: [],
    async answer([topic], _args, io) {
      return topic === undefined ? mainPage(commands(), io) : topicPage(topic, commands(), io);
    },
  };
}

async function mainPage(commands: readonly Command[], io: Io): Promise<string> {
  const { mainHelp } = await import('../help.ts');
  return mainHelp(commands, helpWidth(io));
}

/** The page of a command, of a topic, or both if they share a name. */
async function topicPage(name: string, commands: readonly Command[], io: Io): Promise<string> {
  const { TOPICS } = await import('../help-topics.ts');
  const topic = Object.hasOwn(TOPICS, name) ? TOPICS[name] : undefined;
  const command = commands.find((candidate) => candidate.name === name);
  if (topic === undefined && command === undefined) {
    throw unknownTopic(name, [...new Set([...Object.keys(TOPICS), ...commands.map((each) => each.name)])]);
  }
  const { commandHelp } = await import('../help.ts');
  const pages = command === undefined ? [] : [await commandHelp(command, helpWidth(io))];
  return [...pages, ...(topic === undefined ? [] : [`${topic.text}\n`])].join('\n');
}
