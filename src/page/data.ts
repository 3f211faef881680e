/** The profile in the page. */

import { type Columns, columnOf, indexColumn, unpackColumns } from '../base/packed-columns.ts';
import { at } from '../model/columns.ts';
import type { FunctionTable } from '../model/function-table.ts';
import { unpackEdges } from '../model/layout/packed-edges.ts';
import { textsOf, unpackFunctions } from '../model/layout/packed-functions.ts';
import { unpackStacks } from '../model/layout/packed-stacks.ts';
import { figureColumn, type PageFacts, type TextColumn, textColumn } from '../model/layout/page-facts.ts';
import type { EdgesProfile, StacksProfile } from '../model/profile.ts';

/** A row of the table: the figures of `pstat top`. NaN if not known; errors are shares, 0 if not known. */
export interface FunctionRow {
  readonly fn: number;
  readonly tottime: number;
  readonly cumtime: number;
  readonly selfCount: number;
  readonly totalCount: number;
  readonly selfError: number;
  readonly totalError: number;
}

export interface PageData {
  readonly facts: PageFacts;
  readonly functions: FunctionTable;
  /** FunctionIndex -> text */
  readonly texts: Readonly<Record<TextColumn, readonly string[]>>;
  /** Hottest first. */
  readonly rows: readonly FunctionRow[];
  /** FunctionIndex -> its row */
  readonly rowOf: ReadonlyMap<number, FunctionRow>;
  readonly stacks: Pick<StacksProfile, 'callTree' | 'timeline' | 'duration'> | null;
  readonly edges: EdgesProfile | null;
}

/** Throws BrokenColumnsError. */
export async function readPageData(base64: string): Promise<PageData> {
  const { head, columns } = unpackColumns(await gunzip(bytesOf(base64)));
  // The page and its data were written by the same pstat.
  const { page, profile, texts: list, large } = head as FileHead;
  const all = textsOf(list);
  const functions = unpackFunctions(columns, all);
  const texts = (name: TextColumn) =>
    Array.from(indexColumn(columns, textColumn(name), { length: functions.length, min: 0, end: all.length }), (text) =>
      at(all, text),
    );
  const rows = rowsOf(columns);
  const isStacks = columns.has('tree.up');
  return {
    facts: page,
    functions,
    texts: { label: texts('label'), place: texts('place'), category: texts('category'), package: texts('package') },
    rows,
    rowOf: new Map(rows.map((row) => [row.fn, row])),
    stacks: isStacks ? { ...unpackStacks(columns, functions.length), duration: profile.duration ?? Number.NaN } : null,
    edges: isStacks
      ? null
      : { ...profile, sources: [], notes: [], functions, ...unpackEdges(columns, functions.length, large) },
  };
}

interface FileHead {
  readonly page: PageFacts;
  readonly profile: Pick<EdgesProfile, 'format' | 'counts' | 'linesAreSampled'> & { readonly duration: number | null };
  readonly texts: unknown;
  readonly large: unknown;
}

function rowsOf(columns: Columns): FunctionRow[] {
  const column = (name: Parameters<typeof figureColumn>[0]) => columnOf(columns, figureColumn(name));
  const fns = column('function');
  const [tottime, cumtime] = [column('tottime'), column('cumtime')];
  const [selfCount, totalCount] = [column('selfCount'), column('totalCount')];
  const [selfError, totalError] = [column('selfError'), column('totalError')];
  return Array.from(fns, (fn, i) => ({
    fn,
    tottime: at(tottime, i),
    cumtime: at(cumtime, i),
    selfCount: at(selfCount, i),
    totalCount: at(totalCount, i),
    selfError: at(selfError, i) / 1e4,
    totalError: at(totalError, i) / 1e4,
  }));
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

async function gunzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
