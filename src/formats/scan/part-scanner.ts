/**
 * A .cpuprofile, or a part of one, piece by piece: bytes → columns, without an object for anything but the call frames
 * that differ. Nothing holds the whole file, and so no text is too long.
 *
 * It takes what V8 and its kin write. What is unusual, or wrong, it does not judge: it stops, and the plain reader says
 * what it is, or reads it.
 */

import { GrowingColumn } from './growing-column.ts';
import { type Kernel, MET, STOP, startKernel } from './kernel-instance.ts';
import type { ProfilePart } from './profile-part.ts';
import { WindowFeed } from './window-feed.ts';

/** Other keys with their values, in characters. A profile's own facts take a few hundred; longer ones are for the plain reader. */
const MOST_REST = 2 ** 20;

export class PartScanner {
  readonly #kernel: Kernel;
  readonly #ids = new GrowingColumn((length) => new Int32Array(length));
  readonly #parents = new GrowingColumn((length) => new Int32Array(length));
  readonly #frames = new GrowingColumn((length) => new Int32Array(length));
  readonly #hits = new GrowingColumn((length) => new Int32Array(length));
  readonly #childCounts = new GrowingColumn((length) => new Int32Array(length));
  readonly #children = new GrowingColumn((length) => new Int32Array(length));
  readonly #samples = new GrowingColumn((length) => new Int32Array(length));
  readonly #deltas = new GrowingColumn((length) => new Float64Array(length));
  readonly #rest: string[] = [];
  #restLength = 0;
  readonly #feed: WindowFeed;

  private constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#feed = new WindowFeed(kernel, {
      scan: (from, end) => kernel.scan(from, end),
      take: (stop) => {
        this.#take();
        return stop !== STOP.other || this.#takeOther();
      },
    });
  }

  /**
   * Null where the machine does not give what it needs.
   *
   * @param at what the first piece begins with: the file, or a node of it
   */
  static start(at: 'file' | 'node'): PartScanner | null {
    const kernel = startKernel();
    if (at === 'node') kernel?.beginAtNode();
    return kernel === null ? null : new PartScanner(kernel);
  }

  /** Of what was pushed, where it stands: where it stopped, if it did. Bytes. */
  get position(): number {
    return this.#feed.position;
  }

  /** Whether what comes next is a node. */
  get isAtNode(): boolean {
    return this.#kernel.isAtNode() !== 0;
  }

  /** Whether the profile came to its end. */
  get hasEnded(): boolean {
    return this.#feed.hasEnded;
  }

  /** Reads on. False if the file is not to be read here. */
  push(bytes: Uint8Array): boolean {
    return this.#feed.push(bytes);
  }

  /** The lists that the kernel has filled. */
  #take(): void {
    const { IDS, PARENTS, FRAMES, HITS, CHILD_COUNTS, CHILDREN, SAMPLES, DELTAS, memory, ...counts } = this.#kernel;
    const integers = (start: number, length: number) => new Int32Array(memory.buffer, start, length);
    const nodes = counts.nodeCount.value;
    this.#ids.push(integers(IDS.value, nodes));
    this.#parents.push(integers(PARENTS.value, nodes));
    this.#frames.push(integers(FRAMES.value, nodes));
    this.#hits.push(integers(HITS.value, nodes));
    this.#childCounts.push(integers(CHILD_COUNTS.value, nodes));
    this.#children.push(integers(CHILDREN.value, counts.childCount.value));
    this.#samples.push(integers(SAMPLES.value, counts.sampleCount.value));
    this.#deltas.push(new Float64Array(memory.buffer, DELTAS.value, counts.deltaCount.value));
    this.#kernel.taken();
  }

  #takeOther(): boolean {
    const member = this.#text(this.#kernel.keyStart.value, this.#kernel.valueEnd.value);
    this.#rest.push(member);
    this.#restLength += member.length;
    return this.#restLength <= MOST_REST;
  }

  /** What was found; null where there are no nodes. The scanner must not be used again. */
  part(): ProfilePart | null {
    const { met, said, startTime, endTime } = this.#kernel;
    if ((met.value & MET.nodes) === 0) return null;
    return {
      ids: this.#ids.finish(),
      parents: this.#parents.finish(),
      frames: this.#frames.finish(),
      hits: this.#hits.finish(),
      childCounts: this.#childCounts.finish(),
      children: this.#children.finish(),
      samples: this.#samples.finish(),
      deltas: this.#deltas.finish(),
      frameTexts: this.#frameTexts(),
      rest: this.#rest,
      met: met.value,
      said: said.value,
      startTime: startTime.value,
      endTime: endTime.value,
    };
  }

  /** The call frames that differ, in order of their first node. */
  #frameTexts(): string[] {
    const records = new DataView(this.#kernel.memory.buffer);
    const texts: string[] = [];
    for (let at = this.#kernel.firstFrame.value; at !== 0; at = records.getUint32(at, true))
      texts.push(this.#text(at + 16, at + 16 + records.getUint32(at + 8, true)));
    return texts;
  }

  #text(start: number, end: number): string {
    return Buffer.from(this.#kernel.memory.buffer, start, end - start).toString('utf8');
  }
}
