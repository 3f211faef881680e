/** Moves functions from the generated code that ran to their places in the source. */

import { at } from '../model/columns.ts';
import {
  type FunctionIndex,
  type FunctionInfo,
  type FunctionTable,
  functionAt,
  tableOf,
} from '../model/function-table.ts';
import { mergeEqualFunctions } from '../model/merge.ts';
import type { StacksProfile } from '../model/profile.ts';
import { moveExecutingLines } from './executing-lines.ts';
import { GeneratedText, type IdentifierPlace, isIdentifier, lastWord } from './generated-text.ts';
import type { UnusableMap } from './map-parts.ts';
import { type MappedLines, type OriginalPlace, SourceMap } from './source-map.ts';

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

/** @param file the generated file as the profile names it */
export function readMappedFile({ json, url, text }: SourceMapFile, file: string): MappedFile | UnusableMap {
  const map = SourceMap.read(json, file, url);
  return typeof map === 'string' ? map : { map, text: text === null ? null : new GeneratedText(text) };
}

/** A generated file with its map and the functions that the profile has of it. */
export interface MappedFunctions extends MappedFile {
  /** As the profile names it. */
  readonly file: string;
  readonly functions: readonly FunctionIndex[];
}

/**
 * Returns the profile with the functions of generated files at their original places. Functions that become equal are
 * merged. What a map does not cover stays where it is.
 */
export function applySourceMaps(profile: StacksProfile, files: readonly MappedFunctions[]): StacksProfile {
  const { functions } = profile;
  const infos = Array.from(functions.name, (_, fn) => functionAt(functions, fn));
  for (const { map, text, functions: ofFile } of files) {
    const lines = map.decodeLines(ofFile.map((fn) => at(functions.line, fn) - 1));
    for (const fn of ofFile) infos[fn] = mapFunction(at(infos, fn), { map, text, lines });
  }
  return mergeEqualFunctions(moveExecutingLines({ ...profile, functions: tableOf(infos) }, files));
}

/** A generated file with the lines that have functions. */
interface MappedCode extends MappedFile {
  readonly lines: MappedLines;
}

function mapFunction(info: FunctionInfo, { map, text, lines }: MappedCode): FunctionInfo {
  if (info.line === 0 || info.column === 0) return info;
  const generated = { file: info.file, line: info.line, column: info.column };
  if (isModuleCode(info)) {
    // The code of a bundle belongs to no source.
    return map.onlyFile === null ? info : { ...info, file: map.onlyFile, generated };
  }
  const segment = lines.find(info.line - 1, info.column - 1);
  const place =
    segment !== null && covers(segment.start, info, text) ? segment.place : parameterPlace(info, text, lines);
  if (place === null) return info;
  const name = map.hasNames ? originalName(info, text, lines) : info.name;
  // Named one by one: a profile has thousands of functions, and spreading objects is slow.
  const { file, line, column } = place;
  return { kind: info.kind, name, file, line, column, generated };
}

/** The place of the first parameter: TypeScript's compiler makes functions of private methods, and maps no more of their heads. */
function parameterPlace(
  { line, column }: FunctionInfo,
  text: GeneratedText | null,
  lines: MappedLines,
): OriginalPlace | null {
  const segment = text?.line(line - 1)[column - 1] === '(' ? lines.find(line - 1, column) : null;
  return segment?.start === column ? segment.place : null;
}

/**
 * Whether the last segment before a function describes the function: if it starts there or at the name before it, or if
 * nothing between ends another function or statement. Code without a source, such as a bundler's helpers, has no segment of
 * its own.
 */
function covers(start: number, { name, line, column }: FunctionInfo, text: GeneratedText | null): boolean {
  if (text === null || start === column - 1 || start === column - 1 - lastWord(name).length) return true;
  return text.beginsFunction(name, line - 1, column - 1) && !/[;}]/.test(text.line(line - 1).slice(start, column - 1));
}

/** The map's name of the identifier that names the function in the generated text; else the name as it is. */
function originalName({ name, line, column }: FunctionInfo, text: GeneratedText | null, lines: MappedLines): string {
  const identifier = name === '' ? null : (text?.findName(name, line - 1, column - 1) ?? null);
  if (identifier === null) return name;
  const original = nameAt(lines, identifier);
  const object = name.slice(0, name.length - lastWord(name).length);
  if (object === '') return original ?? name;
  // The letter that a minifier has chosen for the object changes with every build.
  const objectName = nameAt(lines, { ...identifier, column: identifier.column - object.length });
  return objectName === null ? (original ?? name) : `${objectName}.${original ?? lastWord(name)}`;
}

/** The map's name of what begins exactly there. Others than identifiers are a bundler's mistake, such as `"area"` for a computed one. */
function nameAt(lines: MappedLines, { line, column }: IdentifierPlace): string | null {
  const segment = lines.find(line, column);
  return segment?.start === column && segment.name !== null && isIdentifier(segment.name) ? segment.name : null;
}

/** Whether functions begin at nine in ten of the places that a profile has of a file: then the text is of the code that ran. */
export function isCodeThatRan(
  functions: FunctionTable,
  ofFile: readonly FunctionIndex[],
  text: GeneratedText,
): boolean {
  const checked = spread(ofFile.map((fn) => functionAt(functions, fn)).filter(hasStart));
  const found = checked.filter(({ name, line, column }) => text.beginsFunction(name, line - 1, column - 1));
  return found.length >= MIN_FOUND * checked.length;
}

const MIN_FOUND = 0.9;
const MAX_CHECKED = 20;

/** Some of the functions, from all parts of a file. */
function spread(functions: readonly FunctionInfo[]): readonly FunctionInfo[] {
  if (functions.length <= MAX_CHECKED) return functions;
  return Array.from({ length: MAX_CHECKED }, (_, i) => at(functions, Math.floor((i * functions.length) / MAX_CHECKED)));
}

/** Whether a function has a start in the text: the code of a module and what V8 makes up, `<static_initializer>`, have none. */
function hasStart(info: FunctionInfo): boolean {
  return info.line > 0 && info.column > 0 && !isModuleCode(info) && !info.name.startsWith('<');
}

function isModuleCode({ name, line, column }: FunctionInfo): boolean {
  return name === '' && line === 1 && column === 1;
}
