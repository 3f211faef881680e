/** completion: a script that teaches a shell pstat's words. */

import type { Command } from '../command.ts';
import { unknownShell } from '../errors.ts';

/** @param commands all of them, this one too */
export function completionCommand(commands: () => readonly Command[]): Command {
  return {
    name: 'completion',
    usage: 'completion SHELL',
    describe: 'a completion script for bash, zsh or fish',
    examples: [['pstat completion bash >> ~/.bashrc', 'words and options with the tab key']],
    options: [],
    async answer([shell]) {
      const { SCRIPTS } = await import('../completion-scripts.ts');
      const script = shell !== undefined && Object.hasOwn(SCRIPTS, shell) ? SCRIPTS[shell] : undefined;
      if (script === undefined) throw unknownShell(shell ?? '', Object.keys(SCRIPTS));
      return script(commands());
    },
  };
}
