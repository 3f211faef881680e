/** The source text of a report: what the page shows of a function, and where in it the calls are. */

import { getOrInsert } from '../base/maps.ts';
import { MISSING_SOURCES } from '../model/layout/page-facts.ts';
import type { Script } from '../model/raw-profile.ts';
import type { FunctionResult, ListingRow, Stats } from '../query/stats.ts';
import type { SourceText } from '../sources/source-text.ts';
import { LINE_BREAK } from '../sources/tokens.ts';
import { type ListedFunction, listView } from './list-view.ts';

/** `used`: the lines of the functions of the profile; `all`: their whole files. */
export type SourceChoice = 'used' | 'all';

export interface PageSources {
  /** The texts. Lines that were not asked for are empty, so that the others keep their numbers. */
  readonly scripts: readonly Script[];
  /**
   * `body.*`: a function with its first and last line; `call.*`: who calls whom on which line; `missing.*`: a function
   * without text, and which of MISSING_SOURCES says why.
   */
  readonly columns: ReadonlyMap<string, readonly number[]>;
}

/** @param textOf file as the profile names it -> its text */
export function pageSources(
  stats: Stats,
  result: FunctionResult<ListingRow>,
  { textOf, choice }: { readonly textOf: ReadonlyMap<string, SourceText>; readonly choice: SourceChoice },
): PageSources {
  const { functions } = listView(stats, result, textOf);
  const used = new Map<string, Set<number>>();
  const columns = emptyColumns();
  for (const [row, listed] of functions.entries()) {
    const fn = result.rows[row]?.function ?? -1;
    if (!hasText(listed)) {
      columns['missing.function'].push(fn);
      columns['missing.reason'].push(MISSING_SOURCES.indexOf(listed.source));
      continue;
    }
    const lines = listed.lines.filter(({ text, isOutside }) => text !== null && !isOutside);
    columns['body.function'].push(fn);
    columns['body.first'].push(lines[0]?.line ?? 0);
    columns['body.last'].push(lines.at(-1)?.line ?? 0);
    addCalls(columns, listed, fn);
    const ofFile = getOrInsert(used, listed.file ?? '', () => new Set());
    for (const { line } of lines) ofFile.add(line);
  }
  return { scripts: scriptsOf(textOf, choice, used), columns: new Map(Object.entries(columns)) };
}

function hasText({ source, lines }: ListedFunction): boolean {
  return source === 'found' && lines.some(({ text, isOutside }) => text !== null && !isOutside);
}

function emptyColumns() {
  return {
    'body.function': [] as number[],
    'body.first': [] as number[],
    'body.last': [] as number[],
    'call.caller': [] as number[],
    'call.callee': [] as number[],
    'call.line': [] as number[],
    'missing.function': [] as number[],
    'missing.reason': [] as number[],
  };
}

/** A call that more than one line can make is on each of them. */
function addCalls(columns: ReturnType<typeof emptyColumns>, { lines }: ListedFunction, caller: number): void {
  for (const { line, calls } of lines) {
    for (const { function: callee } of calls) {
      columns['call.caller'].push(caller);
      columns['call.callee'].push(callee);
      columns['call.line'].push(line);
    }
  }
}

function scriptsOf(
  textOf: ReadonlyMap<string, SourceText>,
  choice: SourceChoice,
  used: ReadonlyMap<string, ReadonlySet<number>>,
): Script[] {
  return [...used].flatMap(([url, lines]) => {
    const found = textOf.get(url);
    if (found?.kind !== 'text') return [];
    return [{ url, sourceMap: null, source: choice === 'all' ? found.text : onlyLines(found.text, lines) }];
  });
}

function onlyLines(text: string, lines: ReadonlySet<number>): string {
  const kept = text.split(LINE_BREAK).map((line, i) => (lines.has(i + 1) ? line : ''));
  return kept.join('\n').trimEnd();
}
