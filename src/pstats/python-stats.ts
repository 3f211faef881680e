/**
 * Emulates CPython 3.11's `pstats.Stats`: adds, strips and sorts profiles and lists them byte for byte, including its
 * mistakes. https://github.com/python/cpython/blob/3.11/Lib/pstats.py
 *
 * Mutable, because the history matters: adding resets the order and keeps the callees that were listed before.
 */

import { addCounts, type Count } from '../model/count.ts';
import {
  addDictionaries,
  type Dictionary,
  type Edges,
  invertCallers,
  type PythonFunction,
  stripDictionary,
  stripFunction,
} from './dictionary.ts';
import {
  CALL_WORDS,
  formatCount,
  formatRelation,
  formatRelationTitles,
  formatRow,
  SAMPLE_WORDS,
  type Words,
} from './layout.ts';
import { type Order, sortEntries } from './order.ts';
import { countCodePoints, formatCtime, formatThreeDecimals } from './python-text.ts';
import {
  applyRestrictions,
  createRuleTest,
  formatReduction,
  type PatternRule,
  type Restriction,
} from './restrictions.ts';

/** One file. */
export interface PythonProfile {
  readonly counts: 'samples' | 'calls';
  readonly dictionary: Dictionary;
  /** Name as given and modification time in seconds since 1970; null for standard input. */
  readonly file: { readonly name: string; readonly modified: number } | null;
}

/** The printed lines without line ends, and the number of functions in them. */
export interface Listing {
  readonly lines: readonly string[];
  readonly shown: number;
}

interface Totals {
  readonly calls: Count;
  readonly primitive: Count;
  readonly own: number;
}

export class PythonStats {
  readonly #counts: 'samples' | 'calls';
  readonly #headers: string[] = [];
  /** The functions that Jython's root calls. Python keeps them as a set, without order. */
  #topLevel: ReadonlyMap<string, PythonFunction> = new Map();
  #dictionary: Dictionary = new Map();
  #totals: Totals = { calls: 0, primitive: 0, own: 0 };
  /** Null if not sorted. */
  #order: Order | null = null;
  /** Null before the first list of callees. */
  #callees: ReadonlyMap<string, Edges> | null = null;

  /** Adds several profiles from last to first, as Python does. Throws as `add` does. */
  constructor(first: PythonProfile, ...others: readonly PythonProfile[]) {
    this.#counts = first.counts;
    this.#addToTotals(first);
    this.#dictionary = first.dictionary;
    this.add(...others);
  }

  /** Number of functions. */
  get size(): number {
    return this.#dictionary.size;
  }

  /**
   * Adds profiles from last to first and resets the order. Callees that were listed before stay as they were, as in
   * Python. Throws PstatError (`missing-data`) if only one of the profiles times callers.
   */
  add(...profiles: readonly PythonProfile[]): this {
    for (const profile of profiles.toReversed()) {
      this.#dictionary = addDictionaries(this.#dictionary, profile.dictionary);
      this.#addToTotals(profile);
      this.#order = null;
    }
    return this;
  }

  #addToTotals({ file, dictionary }: PythonProfile): void {
    if (file !== null) this.#headers.push(`${formatCtime(file.modified)}    ${file.name}`);
    // A file's sum is made by itself: in floating point, that is another number than one sum over all.
    this.#totals = addTotals(this.#totals, sumTotals(dictionary));
    const top = [...dictionary.values()].filter(({ callers }) =>
      [...callers.values()].some(({ fn }) => isJythonRoot(fn)),
    );
    this.#topLevel = new Map([...this.#topLevel, ...top.map(({ fn }) => [fn.key, fn] as const)]);
  }

  /** Cuts paths to file names; resets the order and the callees. */
  strip(): this {
    this.#dictionary = stripDictionary(this.#dictionary);
    const top = [...this.#topLevel.values()].map(stripFunction);
    this.#topLevel = new Map(top.map((fn) => [fn.key, fn]));
    this.#order = null;
    this.#callees = null;
    return this;
  }

  /** Sorts by keys, the most important first; without keys it restores file order. Throws as `sortEntries` does. */
  sort(...words: readonly string[]): this {
    this.#order = words.length === 0 ? null : sortEntries(this.#dictionary.values(), words, this.#counts);
    return this;
  }

  /** Reverses the order, ties too. Does nothing if not sorted. */
  reverse(): this {
    if (this.#order !== null) this.#order = { ...this.#order, functions: this.#order.functions.toReversed() };
    return this;
  }

  /** Lists functions with their numbers. Throws PstatError (`query`), as all three lists do. */
  listFunctions(restrictions: readonly Restriction[]): Listing {
    const { functions, introduction } = this.#select(restrictions);
    const head = [...this.#headers, ...(this.#headers.length > 0 ? [''] : [])];
    const top = [...this.#topLevel.values()].map(({ name }) => `         ${name}`);
    const lines = [...head, ...top, this.#totalsLine(), ''];
    if (functions.length === 0) return { lines, shown: 0 };
    const rows = functions.flatMap(({ key }) => {
      const entry = this.#dictionary.get(key);
      return entry === undefined ? [] : [formatRow(entry)];
    });
    return { lines: [...lines, ...introduction, this.#words.title, ...rows, '', ''], shown: functions.length };
  }

  /** Lists functions, each with the callers that match the rules. */
  listCallers(restrictions: readonly Restriction[], rules: readonly PatternRule[] = []): Listing {
    const edgesOf = (fn: PythonFunction) => this.#dictionary.get(fn.key)?.callers;
    return this.#relations(restrictions, rules, { title: 'was called by...', arrow: '<-', edgesOf });
  }

  /** Lists functions, each with the callees that match the rules. */
  listCallees(restrictions: readonly Restriction[], rules: readonly PatternRule[] = []): Listing {
    const edgesOf = (fn: PythonFunction) => {
      this.#callees ??= invertCallers(this.#dictionary);
      return this.#callees.get(fn.key);
    };
    return this.#relations(restrictions, rules, { title: 'called...', arrow: '->', edgesOf });
  }

  #relations(
    restrictions: readonly Restriction[],
    rules: readonly PatternRule[],
    { title, arrow, edgesOf }: RelationKind,
  ): Listing {
    const { functions, introduction } = this.#select(restrictions);
    if (functions.length === 0) return { lines: [], shown: 0 };
    const inner = filterEdges(
      functions.map((fn) => edgesOf(fn) ?? new Map()),
      rules,
    );
    const width = functions.reduce((widest, { printed }) => Math.max(widest, countCodePoints(printed)), 0) + 2;
    const titles = formatRelationTitles(this.#dictionary, width, { ...this.#words, title });
    const rows = functions.flatMap((fn, i) =>
      formatRelation({ name: fn.printed, arrow, edges: inner.edges[i] ?? new Map() }, width, this.#dictionary),
    );
    const [order = '', ...rest] = introduction;
    return { lines: [order, ...inner.messages, ...rest, ...titles, ...rows, '', ''], shown: functions.length };
  }

  #select(restrictions: readonly Restriction[]): {
    readonly functions: readonly PythonFunction[];
    readonly introduction: readonly string[];
  } {
    const all = this.#order?.functions ?? [...this.#dictionary.values()].map(({ fn }) => fn);
    const { functions, messages } = applyRestrictions(all, restrictions);
    const order = this.#order === null ? 'Random listing order was used' : `Ordered by: ${this.#order.description}`;
    return { functions, introduction: [`   ${order}`, ...messages, ''] };
  }

  get #words(): Words {
    return this.#counts === 'calls' ? CALL_WORDS : SAMPLE_WORDS;
  }

  #totalsLine(): string {
    const { calls, primitive, own } = this.#totals;
    const seconds = `in ${formatThreeDecimals(own)} seconds`;
    // For samples, `primitive` counts each sample once: at the function on top.
    if (this.#counts === 'samples') return `         ${formatCount(primitive)} samples ${seconds}`;
    const primitives = Object.is(calls, primitive) ? '' : `(${formatCount(primitive)} primitive calls) `;
    return `         ${formatCount(calls)} function calls ${primitives}${seconds}`;
  }
}

interface RelationKind {
  readonly title: string;
  readonly arrow: '<-' | '->';
  readonly edgesOf: (fn: PythonFunction) => Edges | undefined;
}

/** Filters the callers or callees of several functions. Returns a message for each rule that removed some. */
function filterEdges(
  all: readonly Edges[],
  rules: readonly PatternRule[],
): { readonly edges: readonly Edges[]; readonly messages: readonly string[] } {
  let edges = all;
  const messages: string[] = [];
  for (const rule of rules) {
    const stays = createRuleTest(rule);
    const kept = edges.map((each) => new Map([...each].filter(([, { fn }]) => stays(fn))));
    messages.push(
      ...formatReduction('Inner list', { from: countEdges(edges), to: countEdges(kept), restriction: rule }),
    );
    edges = kept;
  }
  return { edges, messages };
}

function countEdges(edges: readonly Edges[]): number {
  return edges.reduce((sum, { size }) => sum + size, 0);
}

function sumTotals(dictionary: Dictionary): Totals {
  const none: Totals = { calls: 0, primitive: 0, own: 0 };
  return [...dictionary.values()].reduce((sum, { numbers }) => addTotals(sum, numbers), none);
}

function addTotals(a: Totals, b: Totals): Totals {
  return {
    calls: addCounts(a.calls, b.calls),
    primitive: addCounts(a.primitive, b.primitive),
    own: a.own + b.own,
  };
}

/** The root that Jython's profiler writes. */
function isJythonRoot({ file, line, name }: PythonFunction): boolean {
  return file === 'jprofile' && line === 0 && name === 'profiler';
}
