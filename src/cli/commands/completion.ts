/** The command `completion`: prints a completion script for a shell. */

import type { Command } from '../command.ts';
import { unknownShell } from '../errors.ts';

export const completion: Command = {
  name: 'completion',
  usage: 'completion SHELL',
  describe: 'a completion script for bash, zsh or fish',
  examples: [
    ['pstat completion bash >> ~/.bashrc', 'complete commands and options with Tab'],
    ["echo 'source <(pstat completion zsh)' >> ~/.zshrc", 'the same in zsh, after compinit'],
    ['pstat completion fish > ~/.config/fish/completions/pstat.fish', 'the same in fish'],
  ],
  options: [],
  async answer([shell]) {
    const { SCRIPTS } = await import('../completion-scripts.ts');
    const script = shell !== undefined && Object.hasOwn(SCRIPTS, shell) ? SCRIPTS[shell] : undefined;
    if (script === undefined) throw unknownShell(shell ?? '', Object.keys(SCRIPTS));
    return script();
  },
};
