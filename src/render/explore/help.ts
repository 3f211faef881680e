/** The help of the explorer. */

import { escapeControls } from '../../base/text.ts';
import { wrap } from '../table/width.ts';

const HELP: readonly string[] = [
  '1 to 5, Tab   table · picture · tree · callers and callees · source',
  '↑ ↓ ← →       move, also k and j; in the picture to caller, callee, siblings',
  'PgUp PgDn     move by a screen; Home and End go to the ends',
  'Enter         picture and tree: start at the selection; lists: callers of it',
  'Esc           one step out; 0 goes all the way',
  'h             the hottest path, in words',
  '/ n N         search for text or /regexp/flags, next match, previous match',
  'f x F         focus on the selection, ignore it, undo the last filter',
  'i             inverted: hot functions first, callers below',
  'g             packages instead of functions',
  'o             calls in order of time, one by one',
  't             time line: arrows move, [ and ] set a window, 0 removes it',
  'r             calls of a function to itself are one box',
  'd             fold the libraries above your own code, or show them',
  's S           next sort key, reverse the order',
  'y             copy the command that prints the same answer',
  'p             print this screen and go on',
  'Space         pause what follows a program that runs (attach --live), and go on',
  'w             write a report (.html) or an export (.pb.gz, .folded …)',
  'e             open the source in $EDITOR',
  'mouse         click selects, double click is Enter, wheel moves',
  '?             this help          q  quit',
];

/** The notes on what was read, and the keys. */
export function helpLines(notes: readonly string[], columns: number): readonly string[] {
  if (notes.length === 0) return HELP;
  return [...notes.flatMap((note) => wrap(escapeControls(note), columns)), '', ...HELP];
}
