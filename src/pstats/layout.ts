/** Formats the lines of pstats, byte for byte. */

import type { Count } from '../model/count.ts';
import { type Dictionary, type Edges, type Entry, isTimed, type Numbers } from './dictionary.ts';
import { compareFunctions } from './order.ts';
import { formatEightWide, justifyLeft } from './python-text.ts';

/** Column titles; Python 3.15 has others for samples. */
export interface Words {
  readonly title: string;
  readonly edgeTitle: string;
}

export const CALL_WORDS: Words = {
  title: '   ncalls  tottime  percall  cumtime  percall filename:lineno(function)',
  edgeTitle: '    ncalls  tottime  cumtime',
};

export const SAMPLE_WORDS: Words = {
  title: '   nsamples  tottime  persample  cumtime  persample filename:lineno(function)',
  edgeTitle: '    nsamples  tottime  cumtime',
};

/** Formats the row of a function. */
export function formatRow({ fn, numbers }: Entry): string {
  const { calls, primitive, own, cumulative } = numbers;
  const cells = [
    formatCallCount(numbers).padStart(9),
    formatEightWide(own),
    formatPerCall(own, calls),
    formatEightWide(cumulative),
  ];
  return [...cells, formatPerCall(cumulative, primitive), fn.printed].join(' ');
}

/** All calls, and after a slash the primitive calls if they differ. */
function formatCallCount({ calls, primitive }: Pick<Numbers, 'calls' | 'primitive'>): string {
  return Object.is(calls, primitive) ? formatCount(calls) : `${formatCount(calls)}/${formatCount(primitive)}`;
}

/** CPython knows every count. Other formats may not, as a time line of speedscope's events. */
export function formatCount(count: Count): string {
  return Number.isNaN(count) ? '?' : String(count);
}

function formatPerCall(seconds: number, calls: Count): string {
  if (Number.isNaN(calls)) return '?'.padStart(8);
  return Number(calls) === 0 ? ' '.repeat(8) : formatEightWide(seconds / Number(calls));
}

/** Title lines of callers and callees. As in pstats, the first edge decides whether there is a second one with times. */
export function formatRelationTitles(dictionary: Dictionary, width: number, words: Words): string[] {
  const first = [...dictionary.values()].find(({ callers }) => callers.size > 0);
  const [edge] = first?.callers.values() ?? [];
  const isTable = edge !== undefined && isTimed(edge.numbers);
  return [justifyLeft('Function ', width) + words.title, ...(isTable ? [' '.repeat(width) + words.edgeTitle] : [])];
}

export interface Relation {
  /** The printed name of the function. */
  readonly name: string;
  readonly arrow: '<-' | '->';
  readonly edges: Edges;
}

/** Formats a function with its callers or callees, one per line, sorted by name. */
export function formatRelation({ name, arrow, edges }: Relation, width: number, dictionary: Dictionary): string[] {
  const start = `${justifyLeft(name, width)}${arrow} `;
  const sorted = [...edges.values()].sort((a, b) => compareFunctions(a.fn, b.fn));
  if (sorted.length === 0) return [start];
  return sorted.map(({ fn, numbers }, i) => {
    const isFirst = i === 0;
    if (!isTimed(numbers)) {
      // As in pstats: the edge has no time, so the cumulative time of the other function is printed.
      const cumulative = dictionary.get(fn.key)?.numbers.cumulative;
      const text = `${fn.printed}(${numbers}) ${cumulative === undefined ? '       ?' : formatEightWide(cumulative)}`;
      return (isFirst ? start : ' '.repeat(width + 3)) + text;
    }
    const cells = [
      formatCallCount(numbers).padStart(isFirst ? 7 : 9),
      formatEightWide(numbers.own),
      formatEightWide(numbers.cumulative),
    ];
    return `${isFirst ? start : ' '.repeat(width + 1)}${cells.join(' ')}  ${fn.printed}`;
  });
}
