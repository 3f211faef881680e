import type { Command } from './command.ts';
import { ab } from './commands/ab.ts';
import { attach } from './commands/attach.ts';
import { compare } from './commands/compare.ts';
import { completionCommand } from './commands/completion.ts';
import { convert } from './commands/convert.ts';
import { detach } from './commands/detach.ts';
import { explore } from './commands/explore.ts';
import { flame } from './commands/flame.ts';
import { helpCommand } from './commands/help.ts';
import { list } from './commands/list.ts';
import { callees, callers, top } from './commands/queries.ts';
import { record } from './commands/record.ts';
import { report } from './commands/report.ts';
import { requests } from './commands/requests.ts';
import { shell } from './commands/shell.ts';
import { tree } from './commands/tree.ts';

/** All commands, the default one first. */
export const COMMANDS: readonly [Command, ...Command[]] = [
  top,
  callers,
  callees,
  list,
  tree,
  flame,
  explore,
  compare,
  ab,
  record,
  attach,
  detach,
  requests,
  report,
  convert,
  shell,
  helpCommand(() => COMMANDS),
  completionCommand(() => COMMANDS),
];
