/** Completion scripts for shells, generated from the definitions of commands and options. */

import type { Command } from './command.ts';
import { top } from './commands/queries.ts';
import { COMMAND_NAMES, COMMANDS } from './commands.ts';
import { HELP_WORDS } from './help-topics.ts';
import { type OptionName, OTHER_OPTIONS, optionDefinition } from './options.ts';
import { choicesOf } from './parse.ts';

export const SCRIPTS: Readonly<Record<string, () => string>> = { bash, zsh, fish };

function bash(): string {
  const values = variants()
    .filter((variant) => variant.values.length > 0)
    .map((variant) => `    ${bashPattern(variant)}) values='${variant.values.join(' ')}' ;;`);
  const cases = COMMANDS.map((command) => `    ${command.name}) options='${words(command)}' ;;`);
  const wordLines = Object.entries(wordsOfCommands()).map(
    ([command, known]) => `  elif [ "$command" = ${command} ] && [ "$COMP_CWORD" = 2 ]; then
    COMPREPLY=($(compgen -W '${known.join(' ')}' -- "$cur"))`,
  );
  return `# pstat completion for bash: source this file, or append it to ~/.bashrc
_pstat() {
  local cur prev command options values= before=
  cur="\${COMP_WORDS[COMP_CWORD]}"
  prev="\${COMP_WORDS[COMP_CWORD-1]}"
  # --format=csv is three words to bash, or one where COMP_WORDBREAKS has no =.
  if [ "$cur" = = ]; then
    cur=
  elif [ "$prev" = = ]; then
    prev="\${COMP_WORDS[COMP_CWORD-2]}"
  elif [[ "$cur" == --*=* ]]; then
    prev="\${cur%%=*}" before="\${cur%%=*}=" cur="\${cur#*=}"
  fi
  command="\${COMP_WORDS[1]}"
  case "$command" in
${cases.join('\n')}
    *) command=${top.name} options='${words(top)}' ;;
  esac
  case "$command $prev" in
${values.join('\n')}
  esac
  if [ -n "$values" ]; then
    COMPREPLY=($(compgen -P "$before" -W "$values" -- "$cur"))
  elif [[ "$cur" == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$cur"))
${wordLines.join('\n')}
  else
    # Line by line: a file's name may hold spaces and stars.
    local file
    COMPREPLY=()
    while IFS= read -r file; do COMPREPLY+=("$file"); done < <(compgen -f -- "$cur")
    if [ "$COMP_CWORD" = 1 ]; then COMPREPLY+=($(compgen -W '${COMMAND_NAMES.join(' ')}' -- "$cur")); fi
  fi
}
complete -o filenames -F _pstat pstat
`;
}

/** The commands and the spellings of the option, as a pattern of `case`: `top\ --sort|top\ -s`. */
function bashPattern({ option, commands }: Variant): string {
  return commands.flatMap(({ name }) => spellings(option).map((spelling) => `${name}\\ ${spelling}`)).join('|');
}

function zsh(): string {
  const all = variants();
  const specs = all.map((variant, i) => `    ${i} ${zshSpec(variant)}`);
  const cases = COMMANDS.map((command) => `    ${command.name}) keys=(${zshKeys(all, command)}) ;;`);
  const wordCases = Object.entries(wordsOfCommands()).map(
    ([command, known]) => `      ${command}) compadd ${known.join(' ')}; return ;;`,
  );
  return `#compdef pstat
# pstat completion for zsh: put this file as _pstat into a folder of $fpath, or source it after compinit
_pstat() {
  if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then
    compadd ${COMMAND_NAMES.join(' ')}
  elif (( CURRENT == 3 )) && [[ $words[3] != -* ]]; then
    case $words[2] in
${wordCases.join('\n')}
    esac
  fi
  local key
  local -a keys specs
  local -A spec=(
${specs.join('\n')}
  )
  case $words[2] in
${cases.join('\n')}
    *) keys=(${zshKeys(all, top)}) ;;
  esac
  for key in $keys; do specs+=("$spec[$key]"); done
  _arguments $specs '*:file:_files'
}
# compinit runs this file as the function, source does not.
if [[ $funcstack[1] == _pstat ]]; then _pstat "$@"; else compdef _pstat pstat; fi
`;
}

function zshSpec({ option, describe, values }: Variant): string {
  const { value } = optionDefinition(option);
  const text = describe.replace(/[[\]:'\\]/g, ' ');
  const argument = value === undefined ? '' : `:${value}:${values.length === 0 ? '' : `(${values.join(' ')})`}`;
  return `'*--${option}[${text}]${argument}'`;
}

function zshKeys(all: readonly Variant[], command: Command): string {
  return all.flatMap(({ commands }, i) => (commands.includes(command) ? [i] : [])).join(' ');
}

function fish(): string {
  const first = `test (count (commandline -opc)) -eq 1`;
  const commandLines = COMMANDS.map(
    ({ name, describe }) => `complete -c pstat -n '${first}' -a ${name} -d '${quote(describe)}'`,
  );
  const second = first.replace('1', '2');
  const wordLines = Object.entries(wordsOfCommands()).map(
    ([command, known]) =>
      `complete -c pstat -n '${second}; and contains (__pstat_command) ${command}' -f -a '${known.join(' ')}'`,
  );
  const optionLines = variants().map(({ option, describe, values, commands }) => {
    const { value } = optionDefinition(option);
    const argument = value === undefined ? '' : values.length === 0 ? ' -r' : ` -x -a '${values.join(' ')}'`;
    const condition =
      commands.length === COMMANDS.length
        ? ''
        : ` -n 'contains (__pstat_command) ${commands.map(({ name }) => name).join(' ')}'`;
    return `complete -c pstat -l ${option}${condition}${argument} -d '${quote(describe)}'`;
  });
  return `# pstat completion for fish: put this file into ~/.config/fish/completions/pstat.fish
function __pstat_command
  set -l words (commandline -opc)
  if contains -- "$words[2]" ${COMMAND_NAMES.join(' ')}
    echo $words[2]
  else
    echo ${top.name}
  end
end
${[...commandLines, ...wordLines, ...optionLines].join('\n')}
`;
}

/** Command -> the words that it takes, where those are no files. */
function wordsOfCommands(): Readonly<Record<string, readonly string[]>> {
  return { help: HELP_WORDS, completion: Object.keys(SCRIPTS) };
}

/** An option, what help says of it, its values, and the commands where it has these. */
interface Variant {
  readonly option: OptionName;
  readonly describe: string;
  readonly values: readonly string[];
  readonly commands: readonly Command[];
}

function variants(): Variant[] {
  return optionsOf(COMMANDS).flatMap((option) => {
    const groups = new Map<string, Variant>();
    for (const command of COMMANDS.filter((each) => optionsOf([each]).includes(option))) {
      const [values, describe] = [choicesOf(command, option), descriptionOf(command, option)];
      const key = [describe, ...values].join(' ');
      groups.set(key, { option, describe, values, commands: [...(groups.get(key)?.commands ?? []), command] });
    }
    return [...groups.values()];
  });
}

function descriptionOf({ describes }: Command, option: OptionName): string {
  return describes?.[option] ?? optionDefinition(option).describe;
}

function optionsOf(commands: readonly Command[]): OptionName[] {
  const all = new Set([...commands.flatMap((command) => command.options), ...OTHER_OPTIONS]);
  return [...all].filter((name) => optionDefinition(name).isHidden !== true);
}

/** `--sort` and `-s` */
function spellings(name: OptionName): string[] {
  return [`--${name}`, ...optionDefinition(name).letters.map((letter) => `-${letter}`)];
}

function words(command: Command): string {
  return optionsOf([command])
    .map((name) => `--${name}`)
    .join(' ');
}

function quote(text: string): string {
  return text.replace(/[\\']/g, '\\$&');
}
