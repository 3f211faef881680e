/** Help pages. yargs lays them out from the definitions that also parse. */

import yargs from 'yargs/yargs';
import type { Command } from './command.ts';
import { COMMAND_GROUPS, COMMANDS } from './commands.ts';
import { formatTopics } from './help-topics.ts';
import { type OptionName, OTHER_OPTIONS, optionDefinition } from './options.ts';

const PURPOSE = 'pstat reads V8 and Python profiles: what is hot, who calls it, what it calls.';

const ABOUT = `FILES are profiles (pstat help formats; gzipped or not), folders, quoted globs, or - for standard input.
Several files are merged. The format is detected by content.

PATTERN and FUNCTION are text to find in file:line(name), or a regular expression such as /name$/i.`;

const FOOTER = `${formatTopics()}

Exit codes: 0 shown, 1 nothing matched, 2 could not understand or read, 3 the
gate failed, 4 undecided under --strict, 70 internal error. record exits as its
program does.`;

/** What `pstat` alone prints. */
export function shortHelp(): string {
  return `${PURPOSE}

${commandLines()}

pstat COMMAND --help explains a command, pstat help everything else.
FILES are profiles, folders, quoted globs, or - for standard input.
`;
}

function commandLines(): string {
  const widest = Math.max(...COMMANDS.map(({ usage }) => usage.length));
  const line = ({ usage, describe }: Command) => `  pstat ${usage.padEnd(widest)}  ${describe}`;
  return COMMAND_GROUPS.map(([title, commands]) => `${title}\n${commands.map(line).join('\n')}`).join('\n\n');
}

/** The main page. */
export async function mainHelp(columns: number): Promise<string> {
  const options = new Set(COMMANDS.flatMap((command) => command.options));
  const page = await formatPage({
    usage: [PURPOSE],
    options: [...options, ...OTHER_OPTIONS],
    examples: COMMANDS.flatMap((command) => command.examples),
    columns,
  });
  // yargs would trim and wrap these lines.
  return page.replace('\n\n', `\n\n${commandLines()}\n\n`);
}

/** The page of one command. */
export function commandHelp(command: Command, columns: number): Promise<string> {
  const { usage, describe, options } = command;
  return formatPage({
    ...command,
    usage: [`pstat ${usage}`, `${describe.charAt(0).toUpperCase()}${describe.slice(1)}.`],
    options: [...options, ...OTHER_OPTIONS],
    columns,
  });
}

/** What an option means, and which commands have it. */
export function optionHelp(name: OptionName): string {
  const { letters, value, describe } = optionDefinition(name);
  const owners = COMMANDS.filter(({ options }) => options.includes(name)).map((command) => command.name);
  const where = owners.length === 0 ? 'all commands' : owners.join(', ');
  return `${letters.map((letter) => `-${letter}, `).join('')}--${name}${value === undefined ? '' : ` ${value}`}\n  ${describe}.\n  Commands: ${where}\n`;
}

interface Page extends Pick<Command, 'options' | 'examples' | 'about' | 'describes' | 'letters' | 'values'> {
  readonly usage: readonly string[];
  readonly columns: number;
}

async function formatPage(page: Page): Promise<string> {
  const { usage, options, examples, columns } = page;
  const { about = ABOUT, describes = {}, letters = {}, values = {} } = page;
  let help = yargs([])
    .locale('en')
    .help(false)
    .version(false)
    .usage(usage.join('\n\n'))
    .wrap(columns)
    .epilogue(`${formatExamples(examples)}\n\n${joinLines(about)}\n\n${FOOTER}`);
  for (const name of options) {
    const { value = values[name], describe, group, isHidden, letters: usual } = optionDefinition(name);
    if (isHidden === true) continue;
    // Without a type yargs prints no `[string]`; the value in the name makes it print `--sort KEY`.
    const shown = value === undefined ? name : `${name} ${value}`;
    const own = Object.keys(letters).filter((letter) => letters[letter] === name);
    const alias = [...own, ...usual.filter((letter) => letters[letter] === undefined)];
    help = help.option(shown, { describe: describes[name] ?? describe, group, alias });
  }
  return `${(await help.getHelp()).trim()}\n`;
}

/** Paragraphs as one line each, which yargs wraps. Lists and tables, which have runs of spaces, stay as they are. */
function joinLines(text: string): string {
  return text
    .split('\n\n')
    .map((paragraph) => (/^ | {2}/m.test(paragraph) ? paragraph : paragraph.replaceAll('\n', ' ')))
    .join('\n\n');
}

/** yargs would wrap the commands beside their descriptions, so that they could not be copied. */
function formatExamples(examples: Command['examples']): string {
  return ['Examples:', ...examples.map(([line, description]) => `  # ${description}\n  ${line}`)].join('\n');
}
