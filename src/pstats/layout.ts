/** pstats' lines, to the blank. */

import type { Count } from '../model/count.ts';
import { type Dictionary, type Edges, type Entry, isTimed, type Numbers } from './dictionary.ts';
import { compareFunctions } from './order.ts';
import { eightWide, leftJustified } from './python-text.ts';

/** What is counted, in words: Python 3.15 has others for samples. */
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

/** A function's row. */
export function rowLine({ fn, numbers }: Entry): string {
  const { calls, primitive, own, cumulative } = numbers;
  const cells = [callCount(numbers).padStart(9), eightWide(own), each(own, calls), eightWide(cumulative)];
  return [...cells, each(cumulative, primitive), fn.printed].join(' ');
}

/** The total before the primitive calls, where they differ. */
function callCount({ calls, primitive }: Pick<Numbers, 'calls' | 'primitive'>): string {
  return calls === primitive ? String(calls) : `${calls}/${primitive}`;
}

function each(seconds: number, calls: Count): string {
  return Number(calls) === 0 ? ' '.repeat(8) : eightWide(seconds / Number(calls));
}

/** The line above callers and callees; a second one where they are timed, as the first that there are tell. */
export function relationTitles(dictionary: Dictionary, width: number, words: Words): string[] {
  const first = [...dictionary.values()].find(({ callers }) => callers.size > 0);
  const [edge] = first?.callers.values() ?? [];
  const isTable = edge !== undefined && isTimed(edge.numbers);
  return [leftJustified('Function ', width) + words.title, ...(isTable ? [' '.repeat(width) + words.edgeTitle] : [])];
}

export interface Relation {
  /** The function, as printed. */
  readonly name: string;
  readonly arrow: '<-' | '->';
  readonly edges: Edges;
}

/** A function with its callers or callees, a line each, in the order of their names. */
export function relationLines({ name, arrow, edges }: Relation, width: number, dictionary: Dictionary): string[] {
  const start = `${leftJustified(name, width)}${arrow} `;
  const sorted = [...edges.values()].sort((a, b) => compareFunctions(a.fn, b.fn));
  if (sorted.length === 0) return [start];
  return sorted.map(({ fn, numbers }, i) => {
    const isFirst = i === 0;
    if (!isTimed(numbers)) {
      // Not the edge's time, which nobody took, but all of the other function's: so pstats has it.
      const cumulative = dictionary.get(fn.key)?.numbers.cumulative;
      const text = `${fn.printed}(${numbers}) ${cumulative === undefined ? '       ?' : eightWide(cumulative)}`;
      return (isFirst ? start : ' '.repeat(width + 3)) + text;
    }
    const cells = [callCount(numbers).padStart(isFirst ? 7 : 9), eightWide(numbers.own), eightWide(numbers.cumulative)];
    return `${isFirst ? start : ' '.repeat(width + 1)}${cells.join(' ')}  ${fn.printed}`;
  });
}
