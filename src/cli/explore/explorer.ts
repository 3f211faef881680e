/** Answers about a profile in a state of the explorer. Answers of the same question are kept, so that keys are quick. */

import type { ScreenSize } from '../../render/explore/screen.ts';
import { noteText } from '../../render/note-words.ts';
import { compareNotes } from '../../render/views/compare-text.ts';
import { Comparisons } from './comparisons.ts';
import { type Explored, ExploredModel } from './explored-model.ts';
import { Lists } from './lists.ts';
import { Pictures } from './pictures.ts';
import type { State } from './state.ts';

export class Explorer {
  readonly model: ExploredModel;
  readonly pictures: Pictures;
  readonly lists: Lists;
  /** Null for a profile alone. */
  readonly comparisons: Comparisons | null;

  /** @param onCompute called before an answer that a large profile takes time for */
  constructor(explored: Explored, onCompute = () => {}) {
    this.model = new ExploredModel(explored, onCompute);
    this.comparisons = explored.compared === undefined ? null : new Comparisons(this.model, explored.compared);
    this.pictures = new Pictures(this.model, this.comparisons);
    this.lists = new Lists(this.model, this.comparisons);
  }

  /** Finds what the screen of a state shows, in parts: between them a newer key may come. Each part is kept. */
  *parts(state: State, size: ScreenSize): Generator<unknown> {
    yield this.model.profileIn(state.window);
    const stats = this.model.stats(state);
    yield stats;
    yield stats.graph;
    yield this.model.everywhere(state);
    if (this.comparisons !== null) yield this.comparisons.table(state);
    if (this.model.hasTree) yield* this.pictures.parts(state, size);
    yield* this.lists.parts(state);
  }

  /** What is to be known of the answer in a state, as the printing commands say it below. */
  notes(state: State): readonly string[] {
    if (this.comparisons !== null)
      return compareNotes(this.comparisons.comparison(state).notes, 'pstat compare --json').map(({ text }) => text);
    return this.model.stats(state).summary.notes.map((note) => `note: ${noteText(note)}`);
  }
}
