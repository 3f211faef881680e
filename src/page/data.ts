/** The profile in the page, and the parts of it that can be opened: a route, or a request. */

import { type Columns, indexColumn, unpackColumns } from '../base/packed-columns.ts';
import { at } from '../model/columns.ts';
import type { FunctionTable } from '../model/function-table.ts';
import { unpackEdges } from '../model/layout/packed-edges.ts';
import { textsOf, unpackFunctions } from '../model/layout/packed-functions.ts';
import { edgesParts, stacksParts } from '../model/layout/packed-parts.ts';
import { unpackStacks } from '../model/layout/packed-stacks.ts';
import { type PageFacts, type ScopeFacts, type TextColumn, textColumn } from '../model/layout/page-facts.ts';
import type { EdgesProfile, Profile, StacksProfile } from '../model/profile.ts';
import { type Figures, figuresOf } from './figures.ts';
import { gunzip } from './gunzip.ts';
import { PageSources } from './sources.ts';
import { ALL, type Scope } from './state.ts';

/** What is in the file. */
export interface ReportData {
  readonly facts: PageFacts;
  /** Number of files with source text in it. */
  readonly sourceFiles: number;
  /** What is shown of it. */
  open(scope: Scope): PageData;
}

export interface PageData extends Figures {
  readonly facts: PageFacts;
  readonly functions: FunctionTable;
  /** FunctionIndex -> text */
  readonly texts: Readonly<Record<TextColumn, readonly string[]>>;
  readonly stacks: Pick<StacksProfile, 'callTree' | 'timeline' | 'duration'> | null;
  readonly edges: EdgesProfile | null;
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
  const texts = textColumnsOf(columns, all, functions.length);
  const read = columns.has('tree.up')
    ? stacksReader(columns, functions)
    : edgesReader(columns, { functions, profile, large });
  return {
    facts: page,
    sourceFiles: sources?.files ?? 0,
    open(scope) {
      const facts = { ...page, ...factsOf(page, scope) };
      const opened = read(partsOf(page, scope));
      return {
        facts,
        functions,
        sources,
        ...withChanges(facts, texts),
        ...figuresOf(opened, facts),
        stacks: 'callTree' in opened ? { ...opened, duration: facts.duration ?? Number.NaN } : null,
        edges: 'callTree' in opened ? null : opened,
      };
    },
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

/** Returns the profile of some parts, or of the whole for null. */
type ProfileReader = (parts: readonly number[] | null) => Profile;

function stacksReader(columns: Columns, functions: FunctionTable): ProfileReader {
  const whole = unpackStacks(columns, functions);
  const merge = stacksParts(columns, whole, functions);
  // The page asks for no other fields of a profile of stacks.
  return (parts) => ({ functions, ...(parts === null ? whole : merge(parts)) }) as StacksProfile;
}

function edgesReader(
  columns: Columns,
  { functions, profile, large }: Pick<FileHead, 'profile' | 'large'> & { readonly functions: FunctionTable },
): ProfileReader {
  const whole = unpackEdges(columns, functions.length, large);
  const merge = edgesParts(columns, whole, { functions: functions.length, large });
  return (parts) => ({ ...profile, sources: [], notes: [], functions, ...(parts === null ? whole : merge(parts)) });
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

function textColumnsOf(columns: Columns, all: readonly string[], length: number): PageData['texts'] {
  const texts = (name: TextColumn) =>
    Array.from(indexColumn(columns, textColumn(name), { length, min: 0, end: all.length }), (text) => at(all, text));
  return { label: texts('label'), place: texts('place'), category: texts('category'), package: texts('package') };
}
