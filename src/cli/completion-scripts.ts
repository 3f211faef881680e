/** Completion scripts for shells, generated from the definitions of commands and options. */

import type { Command } from './command.ts';
import { TOPICS } from './help-topics.ts';
import { type OptionName, OTHER_OPTIONS, optionChoices, optionDefinition } from './options.ts';

type Script = (commands: readonly Command[]) => string;

export const SCRIPTS: Readonly<Record<string, Script>> = { bash, zsh, fish };

function bash(commands: readonly Command[]): string {
  const choices = optionsOf(commands).flatMap((name) => {
    const values = optionChoices(name);
    return values.length === 0
      ? []
      : [`    ${spellings(name)}) COMPREPLY=($(compgen -P "$before" -W '${values.join(' ')}' -- "$cur")); return ;;`];
  });
  const cases = commands.map((command) => `    ${command.name}) options='${words(command)}' ;;`);
  return `# pstat completion for bash: source this file, or append it to ~/.bashrc
_pstat() {
  local cur prev options before=
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
  case "$prev" in
${choices.join('\n')}
  esac
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
    *) options='${words(commands[0])}' ;;
  esac
  if [[ "$cur" == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$cur"))
  elif [ "\${COMP_WORDS[1]}" = help ] && [ "$COMP_CWORD" = 2 ]; then
    COMPREPLY=($(compgen -W '${[...Object.keys(TOPICS), ...commands.map(({ name }) => name)].join(' ')}' -- "$cur"))
  elif [ "\${COMP_WORDS[1]}" = completion ] && [ "$COMP_CWORD" = 2 ]; then
    COMPREPLY=($(compgen -W '${Object.keys(SCRIPTS).join(' ')}' -- "$cur"))
  else
    # Line by line: a file's name may hold spaces and stars.
    local file
    COMPREPLY=()
    while IFS= read -r file; do COMPREPLY+=("$file"); done < <(compgen -f -- "$cur")
    if [ "$COMP_CWORD" = 1 ]; then COMPREPLY+=($(compgen -W '${names(commands)}' -- "$cur")); fi
  fi
}
complete -o filenames -F _pstat pstat
`;
}

function zsh(commands: readonly Command[]): string {
  const specs = optionsOf(commands).map((name) => {
    const { value, describe } = optionDefinition(name);
    const values = optionChoices(name);
    const text = describe.replace(/[[\]:'\\]/g, ' ');
    const argument = value === undefined ? '' : `:${value}:${values.length === 0 ? '' : `(${values.join(' ')})`}`;
    return `    '*--${name}[${text}]${argument}'`;
  });
  return `#compdef pstat
# pstat completion for zsh: put this file as _pstat into a folder of $fpath
_pstat() {
  if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then
    compadd ${names(commands)}
  fi
  _arguments \\
${specs.join(' \\\n')} \\
    '*:file:_files'
}
_pstat "$@"
`;
}

function fish(commands: readonly Command[]): string {
  const first = `test (count (commandline -opc)) -eq 1`;
  const commandLines = commands.map(
    ({ name, describe }) => `complete -c pstat -n '${first}' -a ${name} -d '${quote(describe)}'`,
  );
  const optionLines = optionsOf(commands).map((name) => {
    const { value, describe } = optionDefinition(name);
    const values = optionChoices(name);
    const argument = value === undefined ? '' : values.length === 0 ? ' -r' : ` -x -a '${values.join(' ')}'`;
    return `complete -c pstat -l ${name}${argument} -d '${quote(describe)}'`;
  });
  return `# pstat completion for fish: put this file into ~/.config/fish/completions/pstat.fish\n${[...commandLines, ...optionLines].join('\n')}\n`;
}

function optionsOf(commands: readonly Command[]): OptionName[] {
  const all = new Set([...commands.flatMap((command) => command.options), ...OTHER_OPTIONS]);
  return [...all].filter((name) => optionDefinition(name).parse.hidden !== true);
}

/** The spellings of an option as a pattern of bash's `case`: `--sort|-s`. */
function spellings(name: OptionName): string {
  const { alias } = optionDefinition(name).parse;
  return [`--${name}`, ...[alias ?? []].flat().map((letter) => `-${letter}`)].join('|');
}

function words(command: Command | undefined): string {
  return optionsOf(command === undefined ? [] : [command])
    .map((name) => `--${name}`)
    .join(' ');
}

function names(commands: readonly Command[]): string {
  return commands.map(({ name }) => name).join(' ');
}

function quote(text: string): string {
  return text.replace(/[\\']/g, '\\$&');
}
