/** Moves functions from the generated code that ran to their places in the source. */

import type { CallTree } from '../model/call-tree.ts';
import { at } from '../model/columns.ts';
import {
  type FunctionIndex,
  type FunctionInfo,
  type FunctionTable,
  functionAt,
  tableOf,
} from '../model/function-table.ts';
import { type LineTimes, sumLines } from '../model/line-times.ts';
import { mergeEqualFunctions } from '../model/merge.ts';
import type { Profile } from '../model/profile.ts';
import { GeneratedText } from './generated-text.ts';
import { SourceMap } from './source-map.ts';

/** A generated file with its map. */
export interface MappedFile {
  readonly map: SourceMap;
  /** Null where it is not known: then functions keep their names. */
  readonly text: GeneratedText | null;
}

/** What a map and a text are read from. */
export interface SourceMapFile {
  /** The map as text or as parsed JSON. */
  readonly json: unknown;
  /** Its address relative to the generated file; `''` for a map inside it. */
  readonly url: string;
  readonly text: string | null;
}

/** Returns null if it is not a source map, or too large. @param file the generated file as the profile names it */
export function readMappedFile({ json, url, text }: SourceMapFile, file: string): MappedFile | null {
  const map = SourceMap.read(json, file, url);
  return map === null ? null : { map, text: text === null ? null : new GeneratedText(text) };
}

/**
 * Returns the profile with the functions of generated files at their original places. Functions that become equal are
 * merged. What a map does not cover stays where it is.
 *
 * @param files file as the profile names it -> the file and its map
 */
export function applySourceMaps(profile: Profile, files: ReadonlyMap<string, MappedFile>): Profile {
  if (!('callTree' in profile)) return profile;
  const mapped = Array.from(profile.functions.name, (_, fn) => {
    const info = functionAt(profile.functions, fn);
    const file = files.get(info.file);
    return file === undefined || info.kind !== 'js' || info.generated != null ? info : mapFunction(info, file);
  });
  const { callTree } = profile;
  const lines = callTree.lines && mapLines(callTree.lines, { callTree, mapped, files });
  return mergeEqualFunctions({ ...profile, functions: tableOf(mapped), callTree: { ...callTree, lines } });
}

/**
 * Moves the executing lines of mapped functions. A line of generated code that was made of several lines of the source, as
 * all of a minified file, is dropped: its time then has no line.
 */
function mapLines(
  lines: LineTimes,
  run: { callTree: CallTree; mapped: readonly FunctionInfo[]; files: ReadonlyMap<string, MappedFile> },
): LineTimes {
  const { mapped, files, callTree } = run;
  const rows = { node: [] as number[], line: [] as number[], self: [] as number[], samples: [] as number[] };
  for (let node = 0; node < callTree.length; node++) {
    const info = at(mapped, at(callTree.function, node));
    for (let entry = at(lines.start, node); entry < at(lines.start, node + 1); entry++) {
      const line = originalLine(at(lines.line, entry), info, files);
      if (line === null) continue;
      rows.node.push(node);
      rows.line.push(line);
      rows.self.push(at(lines.self, entry));
      rows.samples.push(at(lines.samples, entry));
    }
  }
  return sumLines({ length: rows.node.length, ...rows }, callTree.length, lines.areScaled);
}

function originalLine(line: number, { file, generated }: FunctionInfo, files: ReadonlyMap<string, MappedFile>) {
  const map = generated == null ? undefined : files.get(generated.file)?.map;
  if (generated == null || map === undefined) return line;
  // Lines before the function are of code that V8 inlined into it.
  if (line < generated.line) return null;
  const place = map.findLine(line - 1, line === generated.line ? generated.column - 1 : 0);
  return place?.file === file ? place.line : null;
}

/** Whether functions begin at the places of nine in ten of the functions of a file: then the text is of the code that ran. */
export function isCodeThatRan(
  functions: FunctionTable,
  ofFile: readonly FunctionIndex[],
  text: GeneratedText,
): boolean {
  const checked = ofFile.filter((fn) => hasStart(functionAt(functions, fn)));
  const found = checked.filter((fn) =>
    text.beginsFunction(at(functions.name, fn), at(functions.line, fn) - 1, at(functions.column, fn) - 1),
  );
  return found.length >= MIN_FOUND * checked.length;
}

const MIN_FOUND = 0.9;

/** Whether a function has a start in the text: the code of a module and what V8 makes up, `<static_initializer>`, have none. */
function hasStart(info: FunctionInfo): boolean {
  return info.line > 0 && info.column > 0 && !isModuleCode(info) && !info.name.startsWith('<');
}

function isModuleCode({ name, line, column }: FunctionInfo): boolean {
  return name === '' && line === 1 && column === 1;
}

function mapFunction(info: FunctionInfo, { map, text }: MappedFile): FunctionInfo {
  if (info.line === 0 || info.column === 0) return info;
  const [line, column] = [info.line - 1, info.column - 1];
  const generated = { file: info.file, line: info.line, column: info.column };
  if (isModuleCode(info)) {
    // The code of a bundle belongs to no source.
    return map.onlyFile === null ? info : { ...info, file: map.onlyFile, generated };
  }
  const segment = map.find(line, column);
  if (segment === null) return info;
  if (text !== null && !covers(segment.start, { info, line, column, text })) return info;
  return { ...info, ...segment.place, name: originalName(info.name, { line, column, map, text }), generated };
}

/**
 * Whether a segment that starts before the function describes the function. Code without a source, such as a bundler's
 * helpers, has no segment of its own: the last one before it ends with another function or statement.
 */
function covers(
  start: number,
  { info, line, column, text }: { info: FunctionInfo; line: number; column: number; text: GeneratedText },
): boolean {
  return text.beginsFunction(info.name, line, column) && !/[;}]/.test(text.line(line).slice(start, column));
}

/** The map's name of the identifier that names the function in the generated text; else the name as it is. */
function originalName(
  name: string,
  { line, column, map, text }: { line: number; column: number; map: SourceMap; text: GeneratedText | null },
): string {
  const identifier = name === '' || !map.hasNames ? null : (text?.findName(name, line, column) ?? null);
  if (identifier === null) return name;
  const segment = map.find(identifier.line, identifier.column);
  return segment?.start === identifier.column ? (segment.name ?? name) : name;
}
