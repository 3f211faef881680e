/** What was read of runs, for versions that are compared again and again while they run. */

import { readdirSync } from 'node:fs';
import path from 'node:path';

/** @typeParam Figures what is kept of a profile */
export class ReadRuns<Figures> {
  /** folder of a run, and how it was read -> its profiles */
  readonly #runs = new Map<string, readonly Figures[]>();

  /**
   * Yields the figures of all runs of a version, each of which is read once.
   *
   * @param folder with a folder a run, which does not change any more @param how they are read
   */
  async *figures(folder: string, how: string, read: (run: string) => AsyncIterable<Figures>): AsyncGenerator<Figures> {
    for (const name of readdirSync(folder).sort()) {
      const run = path.join(folder, name);
      const key = `${how} ${run}`;
      const known = this.#runs.get(key) ?? (await toArray(read(run)));
      this.#runs.set(key, known);
      yield* known;
    }
  }
}

async function toArray<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}
