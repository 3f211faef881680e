import type { Command } from './command.ts';
import { ab } from './commands/ab.ts';
import { attach } from './commands/attach.ts';
import { compare } from './commands/compare.ts';
import { completion } from './commands/completion.ts';
import { convert } from './commands/convert.ts';
import { detach } from './commands/detach.ts';
import { explore } from './commands/explore.ts';
import { flame } from './commands/flame.ts';
import { help } from './commands/help.ts';
import { list } from './commands/list.ts';
import { callees, callers, top } from './commands/queries.ts';
import { record } from './commands/record.ts';
import { report } from './commands/report.ts';
import { requests } from './commands/requests.ts';
import { shell } from './commands/shell.ts';
import { tree } from './commands/tree.ts';

/** What commands are for, and which; the first is the default. */
export const COMMAND_GROUPS: readonly (readonly [title: string, commands: readonly Command[]])[] = [
  ['Read', [top, callers, callees, tree, list, flame, explore]],
  ['Compare', [compare, ab]],
  ['Record', [record, attach, detach, requests]],
  ['Share', [report, convert]],
  ['Other', [shell, help, completion]],
];

export const COMMANDS: readonly Command[] = COMMAND_GROUPS.flatMap(([, commands]) => commands);

export const COMMAND_NAMES: readonly string[] = COMMANDS.map(({ name }) => name);
