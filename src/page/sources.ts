/** The source text in the file, by function. */

import { addTo } from '../base/maps.ts';
import { type Columns, indexColumn } from '../base/packed-columns.ts';
import { at } from '../model/columns.ts';
import type { FunctionTable } from '../model/function-table.ts';
import { MISSING_SOURCES } from '../model/layout/page-facts.ts';

/** A function's lines, and which functions it calls on each. */
export interface SourceBody {
  /** 1-based */
  readonly firstLine: number;
  readonly text: readonly string[];
  /** line -> FunctionIndex of callees; one that several lines can call is on each of them */
  readonly calls: ReadonlyMap<number, readonly number[]>;
  /** callee -> number of lines that can call it */
  readonly places: ReadonlyMap<number, number>;
}

export type MissingSource = (typeof MISSING_SOURCES)[number];

export class PageSources {
  readonly files: number;
  readonly #text = new Map<string, readonly string[]>();
  /** FunctionIndex -> first and last line */
  readonly #bodies = new Map<number, readonly [first: number, last: number]>();
  readonly #missing = new Map<number, MissingSource>();
  readonly #calls = new Map<number, { readonly line: number; readonly callee: number }[]>();

  /** Throws BrokenColumnsError. */
  constructor(
    columns: Columns,
    scripts: readonly { readonly url: string; readonly source: string }[],
    functions: number,
  ) {
    this.files = scripts.length;
    for (const { url, source } of scripts) this.#text.set(url, source.split(LINE_BREAK));
    const fns = { min: 0, end: functions };
    const lines = { min: 0, end: 2 ** 31 };
    const [fn, first, last] = [
      indexColumn(columns, 'body.function', fns),
      indexColumn(columns, 'body.first', lines),
      indexColumn(columns, 'body.last', lines),
    ];
    for (let i = 0; i < fn.length; i++) this.#bodies.set(at(fn, i), [at(first, i), at(last, i)]);
    const [without, reason] = [
      indexColumn(columns, 'missing.function', fns),
      indexColumn(columns, 'missing.reason', { min: 0, end: MISSING_SOURCES.length }),
    ];
    for (let i = 0; i < without.length; i++) this.#missing.set(at(without, i), at(MISSING_SOURCES, at(reason, i)));
    const [caller, callee] = [indexColumn(columns, 'call.caller', fns), indexColumn(columns, 'call.callee', fns)];
    const line = indexColumn(columns, 'call.line', lines);
    for (let i = 0; i < caller.length; i++) {
      addTo(this.#calls, at(caller, i), { line: at(line, i), callee: at(callee, i) });
    }
  }

  /** Why there is no text of a function; null where it is not known. */
  whyMissing(fn: number): MissingSource | null {
    return this.#missing.get(fn) ?? null;
  }

  /** Null for a function whose text is not in the file. */
  bodyOf(fn: number, { file }: FunctionTable): SourceBody | null {
    const [first, last] = this.#bodies.get(fn) ?? [];
    const text = this.#text.get(file[fn] ?? '');
    if (first === undefined || last === undefined || text === undefined) return null;
    const calls = new Map<number, number[]>();
    const places = new Map<number, number>();
    for (const { line, callee } of this.#calls.get(fn) ?? []) {
      addTo(calls, line, callee);
      places.set(callee, (places.get(callee) ?? 0) + 1);
    }
    return { firstLine: first, text: text.slice(first - 1, last), calls, places };
  }
}

/** As the command line counts lines. */
const LINE_BREAK = /\r\n|[\n\r\u2028\u2029]/;
