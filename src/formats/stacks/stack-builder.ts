/** Builds call nodes from whole stacks, for formats that list stacks and not a tree. */

import { shorten } from '../../base/text.ts';
import {
  type FunctionIndex,
  type FunctionInfo,
  type FunctionKind,
  FunctionTableBuilder,
  metaFunction,
  metaKinds,
} from '../../model/function-table.ts';
import type { ProfileNote } from '../../model/notes.ts';
import { PairIndex } from '../../model/pair-index.ts';
import type { Microseconds, RawStacksProfile, Unit } from '../../model/raw-profile.ts';
import { GrowingNumbers } from './growing-numbers.ts';
import { StackLimits } from './stack-limits.ts';

/** A row of the nodes. */
export type BuiltNode = number;

/** A stack with what it stands for. */
export interface BuiltSample {
  /** The innermost function. */
  readonly node: BuiltNode;
  /** In the unit of the profile. */
  readonly amount: number;
  /** Number of samples; NaN if not known. */
  readonly hits: number;
  /** 1-based line that was executing; 0 if not known. */
  readonly line?: number;
  /** µs since the start; NaN for sums. */
  readonly time?: Microseconds;
}

/** What a reader knows of a profile besides its stacks. */
export interface ProfileFacts {
  /** As headers show it: `pprof profile`. */
  readonly format: string;
  /** @default 'us' */
  readonly unit?: Unit;
  readonly notes?: readonly ProfileNote[];
  readonly linesAreSampled?: boolean;
}

export class StackBuilder {
  readonly functions = new FunctionTableBuilder();
  /** The root, which has no function of the program. */
  readonly root: BuiltNode = 0;
  /** parent and function -> node - 1 */
  readonly #nodes = new PairIndex();
  readonly #samples = { node: new GrowingNumbers(), amount: new GrowingNumbers(), hits: new GrowingNumbers() };
  /** Null as long as no line is known. */
  #lines: GrowingNumbers | null = null;
  /** Null where the samples have no times. */
  #times: GrowingNumbers | null = null;
  /** Time of the first sample in the file; the end of the last one since. */
  #start: Microseconds | null = null;
  #end: Microseconds = 0;
  readonly #limits: StackLimits;
  /** Functions that the limits know of. */
  #countedFunctions = 0;

  /** @param limits one for all threads of a file */
  constructor(limits = new StackLimits()) {
    this.#limits = limits;
    limits.addThread();
    this.functions.intern(metaFunction('root'));
  }

  /** Returns the node of a function called by a node. Throws PstatError (`unreadable`) beyond the limits, as `add` does. */
  child(parent: BuiltNode, fn: FunctionIndex): BuiltNode {
    this.#limits.addFrame();
    const known = this.#nodes.length;
    const node = this.#nodes.indexOf(parent, fn) + 1;
    if (node <= known) return node;
    this.#limits.addNode();
    this.#limits.addFunctions(this.functions.length - this.#countedFunctions);
    this.#countedFunctions = this.functions.length;
    return node;
  }

  /** The node of time in which nothing of the program ran. */
  idle(): BuiltNode {
    return this.child(this.root, this.functions.intern(metaFunction('idle')));
  }

  add({ node, amount, hits, line = 0, time = Number.NaN }: BuiltSample): void {
    this.#limits.addSample();
    this.#samples.node.push(node);
    this.#samples.amount.push(amount);
    this.#samples.hits.push(hits);
    const before = this.#samples.node.length - 1;
    if (before === 0 && !Number.isNaN(time)) this.#times = new GrowingNumbers();
    this.#times?.push(time);
    if (line > 0) this.#lines ??= zeros(before);
    this.#lines?.push(line > MAX_LINE ? 0 : line);
  }

  /**
   * Adds a sample after the others. A gap longer than `tolerance` is idle time: the thread did not run. A sample that
   * would overlap begins where the one before ends.
   */
  addAfterGap(sample: BuiltSample & { readonly time: Microseconds }, tolerance: Microseconds): void {
    this.#start ??= sample.time;
    const time = Math.max(this.#end, sample.time - this.#start);
    const gap = time - this.#end;
    if (gap > tolerance) this.add({ node: this.idle(), amount: gap, hits: 0, time: this.#end });
    const from = gap > tolerance ? time : this.#end;
    this.add({ ...sample, time: from });
    this.#end = from + sample.amount;
  }

  /** Samples have times or none has. */
  finish({ unit = 'us', notes = [], linesAreSampled = false, format }: ProfileFacts): RawStacksProfile {
    const [node, amount, hits] = [this.#samples.node.values, this.#samples.amount.values, this.#samples.hits.values];
    return {
      counts: 'samples',
      format: shorten(format, MAX_FORMAT_LENGTH),
      unit,
      linesAreSampled,
      functions: this.functions.finish(),
      nodes: {
        length: this.#nodes.length + 1,
        parent: withRoot(-1, this.#nodes.firsts),
        function: withRoot(0, this.#nodes.seconds),
        hitCount: null,
      },
      samples: new Int32Array(node),
      times: this.#times?.values ?? null,
      sampleDurations: amount,
      ...(hits.every((each) => each === 1) ? {} : { sampleHits: hits }),
      ...(this.#lines === null ? {} : { sampleLines: new Int32Array(this.#lines.values) }),
      duration: node.length === 0 ? 0 : null,
      notes,
    };
  }
}

function zeros(length: number): GrowingNumbers {
  const column = new GrowingNumbers();
  for (let i = 0; i < length; i++) column.push(0);
  return column;
}

/** Returns the column of all nodes, of which the root is the first. */
function withRoot(ofRoot: number, ofOthers: Float64Array): Int32Array {
  const column = new Int32Array(1 + ofOthers.length);
  column[0] = ofRoot;
  column.set(ofOthers, 1);
  return column;
}

/** Formats have texts of their files in them, such as the name of a program. */
const MAX_FORMAT_LENGTH = 80;

/** No text has more lines; columns of lines have 32 bits. */
const MAX_LINE = 2 ** 31 - 1;

/** Functions that stand for no code. V8's names for them are used by tools that convert its profiles. */
const META_KINDS = metaKinds('gc', 'program', 'idle', 'none');

/**
 * Returns a function of a file that does not say what kind of code a function is.
 * `(anonymous)` is no name; a function without a file is native, except for V8's own nodes.
 */
export function functionFrom({ name, file, line, column }: Omit<FunctionInfo, 'kind'>): FunctionInfo {
  const meta = file === '' ? META_KINDS.get(name) : undefined;
  if (meta !== undefined) return metaFunction(meta);
  return { kind: kindOf(file), name: name === '(anonymous)' ? '' : name, file, line, column };
}

function kindOf(file: string): FunctionKind {
  if (file === '') return 'native';
  if (file.startsWith('wasm://')) return 'wasm';
  return /\.pyx?$|^<frozen /.test(file) ? 'python' : 'js';
}
