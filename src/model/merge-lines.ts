/** One row for each function in profiles that have several lines or several modules for it. */

import { moduleFile } from '../base/url.ts';
import { at } from './columns.ts';
import { hasOwnName } from './function-names.ts';
import { type FunctionIndex, type FunctionTable, functionAt } from './function-table.ts';
import { EdgesMerger, mergeEqualFunctions } from './merge.ts';
import type { ProfileNote } from './notes.ts';
import type { EdgesProfile, Profile } from './profile.ts';
import { possiblyRecursive } from './recursion.ts';

/**
 * Returns the profile with one row for each name and file, at the first line. Older Bun and Python's sampler write the line
 * that was executing, so that one function has many rows. Functions without a name of their own keep their lines. A module
 * that was imported again with another query or fragment is one file.
 */
export function mergeLines(profile: Profile): Profile {
  const moved = moveToFirstLine(profile.functions);
  if ('callTree' in profile) {
    return { ...mergeEqualFunctions({ ...profile, functions: moved }), linesAreSampled: false };
  }
  const lines = { ...profile, functions: moved };
  const merger = new EdgesMerger(profile.counts, (name) => name);
  merger.add(lines);
  const merged = merger.finish();
  return { ...merged, notes: [...profile.notes, ...addedTimesNote(lines, merged)], linesAreSampled: false };
}

function moveToFirstLine(functions: FunctionTable): FunctionTable {
  const file = functions.file.map(moduleFile);
  const key = (fn: FunctionIndex) => JSON.stringify([at(file, fn), at(functions.name, fn)]);
  const firstLine = new Map<string, number>();
  functions.line.forEach((line, fn) => {
    firstLine.set(key(fn), Math.min(line, firstLine.get(key(fn)) ?? line));
  });
  const isNamed = (fn: FunctionIndex) => hasOwnName(at(functions.name, fn));
  const line = functions.line.map((own, fn) => (isNamed(fn) ? (firstLine.get(key(fn)) ?? own) : own));
  const column = functions.column.map((own, fn) => (isNamed(fn) ? 0 : own));
  return { ...functions, file, line, column };
}

/**
 * Edges profiles have no stacks, so cumtimes of merged rows can only be added. If two of the rows were on one stack,
 * its time counts twice; that is possible if the merged function may be recursive.
 */
function addedTimesNote(lines: EdgesProfile, merged: EdgesProfile): ProfileNote[] {
  if (merged.rows.length === lines.rows.length) return [];
  const key = ({ functions }: EdgesProfile, fn: FunctionIndex) => JSON.stringify(functionAt(functions, fn));
  const rowsOf = new Map<string, number>();
  for (const fn of lines.rows) rowsOf.set(key(lines, fn), (rowsOf.get(key(lines, fn)) ?? 0) + 1);
  const recursive = possiblyRecursive(merged.edges);
  const several = merged.rows.filter((fn) => recursive.has(fn) && (rowsOf.get(key(merged, fn)) ?? 0) > 1).length;
  return several === 0 ? [] : [{ code: 'added-cumtimes', count: several }];
}
