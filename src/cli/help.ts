/** Help pages, laid out by yargs out of the same definitions that parse. */

import yargs from 'yargs';
import type { Command } from './command.ts';
import { topicLines } from './help-topics.ts';
import { type OptionName, OTHER_OPTIONS, optionDefinition } from './options.ts';

const PURPOSE = 'pstat reads V8 and Python profiles and says what is hot, who calls it, and what it calls.';

const ABOUT = `FILES are profiles (.cpuprofile, traces, .prof; gzipped or not), folders, quoted globs, or - for standard input.
Several become one. The format is told by content.

PATTERN and FUNCTION are text, looked for in file:line(name), or a regular expression as /name$/i.`;

const NOTES = `${topicLines()}

Exit code: 0 shown, 1 nothing matched, 2 could not understand or read, 3
--fail-above failed, 4 undecided under --strict. record ends as its program does.`;

/** The page of pstat as a whole. */
export function mainHelp(commands: readonly Command[], columns: number): Promise<string> {
  const widest = Math.max(...commands.map(({ usage }) => usage.length));
  const lines = commands.map(({ usage, describe }) => `  pstat ${usage.padEnd(widest)}  ${describe}`);
  const options = new Set(commands.flatMap((command) => command.options));
  return page({
    usage: [PURPOSE, lines.join('\n')],
    options: [...options, ...OTHER_OPTIONS],
    examples: commands.flatMap((command) => command.examples),
    about: ABOUT,
    describes: {},
    columns,
  });
}

/** The page of one command. */
export function commandHelp(
  { usage, describe, options, examples, about = ABOUT, describes = {} }: Command,
  columns: number,
): Promise<string> {
  return page({
    usage: [`pstat ${usage}`, `${describe.charAt(0).toUpperCase()}${describe.slice(1)}.`],
    options: [...options, ...OTHER_OPTIONS],
    examples,
    about,
    describes,
    columns,
  });
}

interface Page {
  readonly usage: readonly string[];
  readonly options: readonly OptionName[];
  readonly examples: Command['examples'];
  readonly about: string;
  readonly describes: NonNullable<Command['describes']>;
  readonly columns: number;
}

async function page({ usage, options, examples, about, describes, columns }: Page): Promise<string> {
  let help = yargs([])
    .locale('en')
    .help(false)
    .version(false)
    .usage(usage.join('\n\n'))
    .wrap(columns)
    .epilogue(`${exampleLines(examples)}\n\n${about}\n\n${NOTES}`);
  for (const name of options) {
    const { parse, value, describe, group } = optionDefinition(name);
    if (parse.hidden === true) continue;
    // Without a type, yargs prints no `[string]`; with the value in the name, it prints `--sort KEY`.
    const shown = value === undefined ? name : `${name} ${value}`;
    const alias = parse.alias === undefined ? {} : { alias: parse.alias };
    help = help.option(shown, { describe: describes[name] ?? describe, group, ...alias });
  }
  return `${(await help.getHelp()).trim()}\n`;
}

/** yargs would break the commands to fit them beside their descriptions, and nobody could copy them. */
function exampleLines(examples: Command['examples']): string {
  return ['Examples:', ...examples.map(([line, description]) => `  # ${description}\n  ${line}`)].join('\n');
}
