/** The profile in the page, and the parts of it that can be opened: a route, or a request. */

import { type Columns, indexColumn, unpackColumns } from '../base/packed-columns.ts';
import { buildCallGraph, type CallGraph } from '../model/call-graph.ts';
import { at } from '../model/columns.ts';
import { compareFunctions } from '../model/function-order.ts';
import type { FunctionTable } from '../model/function-table.ts';
import { unpackEdges } from '../model/layout/packed-edges.ts';
import { textsOf, unpackFunctions } from '../model/layout/packed-functions.ts';
import { edgesParts, stacksParts } from '../model/layout/packed-parts.ts';
import { unpackStacks } from '../model/layout/packed-stacks.ts';
import { type PageFacts, type ScopeFacts, type TextColumn, textColumn } from '../model/layout/page-facts.ts';
import { type Listing, listFunctions } from '../model/listing.ts';
import type { EdgesProfile, Profile, StacksProfile } from '../model/profile.ts';
import { relativeErrors } from '../model/sampling-error.ts';
import { gunzip } from './gunzip.ts';
import { PageSources } from './sources.ts';
import { ALL, type Scope } from './state.ts';

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

/** What is in the file. */
export interface ReportData {
  readonly facts: PageFacts;
  /** Number of files with source text in it. */
  readonly sourceFiles: number;
  /** What is shown of it. */
  open(scope: Scope): PageData;
}

export interface PageData {
  readonly facts: PageFacts;
  readonly functions: FunctionTable;
  /** FunctionIndex -> text */
  readonly texts: Readonly<Record<TextColumn, readonly string[]>>;
  /** Hottest first. */
  rows(): readonly FunctionRow[];
  rowOf(fn: number): FunctionRow | undefined;
  readonly stacks: Pick<StacksProfile, 'callTree' | 'timeline' | 'duration'> | null;
  readonly edges: EdgesProfile | null;
  /** Its lines and calls. */
  listing(fn: number): Listing;
  /** Null for a file without source text. */
  readonly sources: PageSources | null;
  /** FunctionIndex -> its place among the rows of a comparison; null for other reports */
  readonly changeOf: ReadonlyMap<number, number> | null;
}

/** Throws BrokenColumnsError. */
export async function readReportData(base64: string): Promise<ReportData> {
  const { head, columns } = unpackColumns(await gunzip(base64));
  // The page and its data were written by the same pstat.
  const { page, profile, texts: list, large } = head as FileHead;
  const all = textsOf(list);
  const functions = unpackFunctions(columns, all);
  const { scripts } = profile;
  const sources = scripts === undefined ? null : new PageSources(columns, scripts, functions.length);
  const shared = { functions, sources, texts: textColumnsOf(columns, all, functions.length) };
  const open = columns.has('tree.up')
    ? stacksOpener(columns, shared)
    : edgesOpener(columns, { ...shared, profile, large });
  return {
    facts: page,
    sourceFiles: sources?.files ?? 0,
    open: (scope) => open({ ...page, ...factsOf(page, scope) }, partsOf(page, scope)),
  };
}

interface FileHead {
  readonly page: PageFacts;
  readonly profile: Pick<EdgesProfile, 'format' | 'counts' | 'linesAreSampled'> & {
    readonly scripts?: readonly { readonly url: string; readonly source: string }[];
  };
  readonly texts: unknown;
  readonly large: unknown;
}

type Shared = Pick<PageData, 'functions' | 'texts' | 'sources'>;

/** Returns what is shown of some parts, or of the whole for null. */
type Opener = (facts: PageFacts, parts: readonly number[] | null) => PageData;

function stacksOpener(columns: Columns, shared: Shared): Opener {
  const { functions } = shared;
  const whole = unpackStacks(columns, functions);
  const parts = stacksParts(columns, whole, functions);
  return (facts, numbers) => {
    const { callTree, timeline } = numbers === null ? whole : parts.merge(numbers);
    const figures = figuresOf({ functions, callTree } as StacksProfile, facts, shared);
    const stacks = { callTree, timeline, duration: facts.duration ?? Number.NaN };
    return { facts, ...shared, ...withChanges(facts, shared.texts), ...figures, stacks, edges: null };
  };
}

function edgesOpener(columns: Columns, file: Shared & Pick<FileHead, 'profile' | 'large'>): Opener {
  const { profile, large, ...shared } = file;
  const { functions } = shared;
  const whole = unpackEdges(columns, functions.length, large);
  const parts = edgesParts(columns, whole, { functions: functions.length, large });
  return (facts, numbers) => {
    const packed = numbers === null ? whole : parts.merge(numbers);
    const edges: EdgesProfile = { ...profile, sources: [], notes: [], functions, ...packed };
    const figures = figuresOf(edges, facts, shared);
    return { facts, ...shared, ...withChanges(facts, shared.texts), ...figures, stacks: null, edges };
  };
}

/** In a comparison, what became of functions takes the place of where they come from. */
function withChanges({ comparison }: PageFacts, texts: PageData['texts']): Pick<PageData, 'texts' | 'changeOf'> {
  if (comparison === null) return { texts, changeOf: null };
  const { rows } = comparison;
  const changeOf = new Map(rows.flatMap(({ functions }, row) => functions.map((fn) => [fn, row] as const)));
  const category = texts.label.map((_, fn) => rows[changeOf.get(fn) ?? -1]?.verdict ?? 'same');
  return { texts: { ...texts, category }, changeOf };
}

function factsOf({ requests }: PageFacts, { route, request }: Scope): Partial<ScopeFacts> {
  return (request === null ? route !== null && requests?.routes[route] : requests?.requests[request]) || {};
}

/** The numbers of the parts; null for all of them together. */
function partsOf({ requests }: PageFacts, { route, request }: Scope): readonly number[] | null {
  if (request !== null) return [request];
  return route === null ? null : (requests?.routes[route]?.requests.toSorted((a, b) => a - b) ?? null);
}

/** The scope, or the nearest one that the file has: anyone can write an address. */
export function possibleScope({ requests }: PageFacts, { route, request }: Scope): Scope {
  const ofRoute = route === null ? undefined : requests?.routes[route];
  if (ofRoute === undefined) return ALL;
  return { route, request: request !== null && ofRoute.requests.includes(request) ? request : null };
}

/** The figures of functions, computed when they are needed: the first picture does not need them. */
export function figuresOf(profile: Profile, { idle }: PageFacts, { functions }: Pick<PageData, 'functions'>) {
  const graph = lazy(() => buildCallGraph(profile));
  const rows = lazy(() =>
    rowsOf(graph())
      .filter(({ fn }) => idle || at(functions.kind, fn) !== 'idle')
      .sort(hottestFirst(functions)),
  );
  const rowOf = lazy(() => new Map(rows().map((row) => [row.fn, row])));
  return {
    rows,
    rowOf: (fn: number) => rowOf().get(fn),
    sums: () => graph().sums,
    listing: (fn: number) => at(listFunctions(profile, graph(), [fn]), 0),
  };
}

function lazy<Value extends object>(compute: () => Value): () => Value {
  let known: Value | null = null;
  return () => {
    known ??= compute();
    return known;
  };
}

function rowsOf({ metrics, rows, unit, counts }: CallGraph): FunctionRow[] {
  return Array.from(rows, (fn) => {
    const { selfError, totalError } =
      counts === 'calls' ? { selfError: null, totalError: null } : relativeErrors(metrics, fn);
    return {
      fn,
      tottime: at(metrics.self, fn) * unit,
      cumtime: at(metrics.total, fn) * unit,
      selfCount: Number(at(metrics.selfCount, fn)),
      totalCount: Number(at(metrics.totalCount, fn)),
      selfError: selfError ?? 0,
      totalError: totalError ?? 0,
    };
  });
}

/** As `pstat top` sorts, and breaks ties. */
function hottestFirst(functions: FunctionTable) {
  return (a: FunctionRow, b: FunctionRow) =>
    (b.tottime || 0) - (a.tottime || 0) ||
    (b.cumtime || 0) - (a.cumtime || 0) ||
    compareFunctions(functions, a.fn, b.fn);
}

function textColumnsOf(columns: Columns, all: readonly string[], length: number): PageData['texts'] {
  const texts = (name: TextColumn) =>
    Array.from(indexColumn(columns, textColumn(name), { length, min: 0, end: all.length }), (text) => at(all, text));
  return { label: texts('label'), place: texts('place'), category: texts('category'), package: texts('package') };
}
