/** Parses and checks a source map, which may consist of several: https://tc39.es/ecma426/#sec-source-map-format */

import type { GeneratedPosition } from './mappings.ts';

/** A map without sections; its arrays may hold anything. */
export interface MapPart {
  readonly mappings: string;
  readonly sources: readonly unknown[];
  readonly sourcesContent: readonly unknown[];
  readonly names: readonly unknown[];
  /** What precedes the names of sources; `''` for nothing, else with a slash at the end. */
  readonly sourceRoot: string;
}

/** Part of the map of a file. */
export interface PlacedPart {
  readonly map: MapPart;
  /** Where it begins in the generated file. */
  readonly start: GeneratedPosition;
}

/** Why a map cannot be used. */
export type UnusableMap = 'broken' | 'too-large';

/** Returns the parts of a map in order: itself, or its sections, which may have sections. @param map as text or as parsed JSON */
export function readParts(map: unknown): PlacedPart[] | UnusableMap {
  const parts = flattenSections(typeof map === 'string' ? parse(map) : map);
  if (parts === null) return 'broken';
  return areTooLarge(parts) ? 'too-large' : parts;
}

function parse(json: string): unknown {
  // A map served over HTTP may begin with this line: https://tc39.es/ecma426/#sec-ParseSourceMap
  const text = json.startsWith(")]}'") ? json.slice(json.indexOf('\n') + 1) : json;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function flattenSections(value: unknown): PlacedPart[] | null {
  const parts: PlacedPart[] = [];
  const pending = [{ map: value, start: { line: 0, column: 0 } }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { map, start } = next;
    const sections = isObject(map) ? map['sections'] : undefined;
    const part = Array.isArray(sections) ? null : checkPart(map);
    if (part !== null) parts.push({ map: part, start });
    else if (!Array.isArray(sections)) return null;
    else for (let i = sections.length - 1; i >= 0; i--) pending.push(placeSection(sections[i], start));
  }
  return parts.every(({ start }, i) => isAfter(start, parts[i - 1]?.start)) ? parts : null;
}

/** A section's offset counts from the start of the map that it is in. Without an offset it is no map, so not usable. */
function placeSection(section: unknown, { line, column }: GeneratedPosition) {
  const { offset, map }: { readonly [key: string]: unknown } = isObject(section) ? section : {};
  if (!isObject(offset) || !isIndex(offset['line']) || !isIndex(offset['column'])) return { map: null, start: NOWHERE };
  return {
    map,
    start: { line: line + offset['line'], column: offset['column'] + (offset['line'] === 0 ? column : 0) },
  };
}

const NOWHERE: GeneratedPosition = { line: 0, column: 0 };

function isAfter(start: GeneratedPosition, before: GeneratedPosition | undefined): boolean {
  if (before === undefined || start.line > before.line) return true;
  return start.line === before.line && start.column > before.column;
}

function checkPart(map: unknown): MapPart | null {
  if (!isObject(map)) return null;
  const { sources, sourcesContent, names, sourceRoot, mappings } = map;
  // The characters of base 64, and the separators.
  if (!Array.isArray(sources) || typeof mappings !== 'string' || !/^[A-Za-z\d+/,;]*$/.test(mappings)) return null;
  return {
    mappings,
    sources,
    sourcesContent: Array.isArray(sourcesContent) ? sourcesContent : [],
    names: Array.isArray(names) ? names : [],
    sourceRoot: typeof sourceRoot === 'string' ? sourceRoot.replace(/[^/]$/, '$&/') : '',
  };
}

/** Decoded segments take up to thirty times the memory of their text. TypeScript's compiler, a file of 9 MB, has 1.1 million. */
export const MAX_SEGMENTS = 2 ** 22;

function areTooLarge(parts: readonly PlacedPart[]): boolean {
  const length = parts.reduce((sum, { map }) => sum + map.mappings.length, 0);
  // A segment has one character at least, and a separator.
  if (length <= MAX_SEGMENTS) return false;
  return parts.reduce((sum, { map }) => sum + countSegments(map.mappings), 0) > MAX_SEGMENTS;
}

/** Counts separators, those of empty lines excluded. */
function countSegments(mappings: string): number {
  let segments = 0;
  for (let i = 0; i < mappings.length; i++) {
    if (!isSeparator(mappings.charCodeAt(i)) && isSeparator(mappings.charCodeAt(i + 1))) segments++;
  }
  return segments;
}

function isSeparator(code: number): boolean {
  return code === COMMA || code === SEMICOLON || Number.isNaN(code);
}

const COMMA = ','.charCodeAt(0);
const SEMICOLON = ';'.charCodeAt(0);

function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isIndex(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
