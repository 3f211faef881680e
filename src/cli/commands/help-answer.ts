/** The answer of `help`. */

import { COMMANDS } from '../commands.ts';
import { unknownTopic } from '../errors.ts';
import { commandHelp, mainHelp, optionHelp } from '../help.ts';
import { HELP_WORDS, TOPICS } from '../help-topics.ts';
import { helpWidth, type Io } from '../io.ts';
import { optionNames } from '../options.ts';

export async function helpAnswer([topic]: readonly string[], io: Io): Promise<string> {
  return topic === undefined ? mainHelp(helpWidth(io)) : topicPage(topic.replace(/^-+/, ''), io);
}

/** The page of a topic, a command or an option. A topic may have the name of a command, whose page is then `--help`. */
async function topicPage(name: string, io: Io): Promise<string> {
  const topic = Object.hasOwn(TOPICS, name) ? TOPICS[name] : undefined;
  const command = COMMANDS.find((candidate) => candidate.name === name);
  const option = optionNames().find((each) => each === name);
  if (topic !== undefined) {
    const other = command === undefined ? '' : `\npstat ${name} --help lists the options.\n`;
    return `${topic.text}\n${other}`;
  }
  if (command !== undefined) return commandHelp(command, helpWidth(io));
  if (option !== undefined) return optionHelp(option);
  throw unknownTopic(name, HELP_WORDS);
}
