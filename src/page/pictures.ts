/** The pictures of a view: their canvases, what is under the pointer, and what they could not draw. */

import { pluralize } from '../base/text.ts';
import { at } from '../model/columns.ts';
import type { Box } from '../model/layout/boxes.ts';
import { type LayoutNode, ROOT } from '../model/layout/layout-tree.ts';
import { BoxPicture, type PictureShape } from './box-picture.ts';
import type { PageData } from './data.ts';
import { boxDetail } from './detail.ts';
import { element } from './dom.ts';
import type { Words } from './format.ts';
import type { Painting } from './painting.ts';
import type { ViewName } from './state.ts';
import { Sunburst } from './sunburst.ts';
import { followPointer } from './tooltip.ts';
import { calleesTree, callersTree, type ShownTree } from './trees.ts';

/** What is drawn: a painting of the tree of the view, and what stands out in any tree. */
export interface PictureState extends Omit<Painting, 'finds'>, Pick<PictureShape, 'width'> {
  readonly view: ViewName;
  readonly isFiltered: boolean;
  /** Whether a search finds a function; null for no search. */
  readonly finds: ((fn: number) => boolean) | null;
}

export interface PictureEvents {
  readonly onBox: (box: Box) => void;
  /** A box of a sandwich. */
  readonly onFunction: (fn: number) => void;
}

interface Drawn {
  readonly shown: ShownTree;
  readonly root: LayoutNode;
}

const NOTHING_RECORDED = 'No time was recorded in any function: there is nothing to draw.';
const NOTHING_LEFT = 'The filters leave nothing to draw; a click on one of them removes it.';
const DEEPER = 'Deeper frames are drawn after a zoom.';

export class Pictures {
  readonly element = element('div', { class: 'pictures' });
  readonly note = element('p', { class: 'quiet' });
  readonly tooltip = element('div', { class: 'tooltip', hidden: true, role: 'tooltip' });
  readonly #data: PageData;
  readonly #words: Words;
  readonly #events: PictureEvents;
  readonly #main = new BoxPicture(element('canvas', { tabindex: '0', 'aria-label': 'picture', id: 'picture' }));
  readonly #upper = new BoxPicture(element('canvas', { 'aria-label': 'callers', id: 'callers' }));
  readonly #sunburst = new Sunburst(element('canvas', { 'aria-label': 'sunburst', id: 'sunburst' }));
  /** canvas -> what it shows */
  readonly #drawn = new Map<HTMLCanvasElement, Drawn>();
  #isSandwich = false;

  constructor(data: PageData, words: Words, events: PictureEvents) {
    this.#data = data;
    this.#words = words;
    this.#events = events;
    for (const picture of [this.#main, this.#upper, this.#sunburst]) this.#listen(picture);
  }

  draw(state: PictureState): void {
    const { view, shown } = state;
    this.tooltip.hidden = true;
    this.#isSandwich = view === 'sandwich';
    if (shown.tree.weight(ROOT) === 0) {
      this.element.replaceChildren(element('p', {}, state.isFiltered ? NOTHING_LEFT : NOTHING_RECORDED));
      this.note.textContent = '';
    } else if (view === 'sandwich') this.#drawSandwich(state);
    else if (view === 'sunburst') this.#drawSunburst(state);
    else this.#drawBoxes(state);
  }

  /** Paints one tree into a canvas, and keeps what is in it for the pointer. */
  #painting({ finds, ...state }: PictureState, canvas: HTMLCanvasElement, drawn: Drawn): Painting {
    this.#drawn.set(canvas, drawn);
    const { functionOf } = drawn.shown;
    return {
      ...drawn,
      selected: drawn.shown === state.shown ? state.selected : null,
      selectedFunction: state.selectedFunction,
      isFirst: state.isFirst,
      finds: finds === null ? null : (node) => node !== ROOT && functionOf(node) !== -1 && finds(functionOf(node)),
    };
  }

  #drawBoxes(state: PictureState): void {
    const { shown, root } = state;
    this.element.replaceChildren(this.#main.canvas);
    const painting = this.#painting(state, this.#main.canvas, { shown, root });
    const { others, largestOthers, isCut } = this.#main.draw(painting, { ...state, isUpward: state.view === 'flame' });
    if (state.isFirst) return;
    const share = this.#words.share(largestOthers, shown.tree.weight(root));
    const boxes = pluralize(
      others,
      'box fits no pixel of its own and stands',
      'boxes fit no pixel of their own and stand',
    );
    const small = `${boxes} in … boxes, at most ${share} of a row.`;
    this.note.textContent = [...(others === 0 ? [] : [small]), ...(isCut ? [DEEPER] : [])].join(' ');
  }

  #drawSunburst(state: PictureState): void {
    const { shown, root } = state;
    this.element.replaceChildren(this.#sunburst.canvas);
    const painting = this.#painting(state, this.#sunburst.canvas, { shown, root });
    this.note.textContent = this.#sunburst.draw(painting, state.width).isCut ? DEEPER : '';
  }

  /** Callers above, what it calls below. */
  #drawSandwich(state: PictureState): void {
    const fn = state.selectedFunction;
    const [callers, callees] = [callersTree(this.#data, fn), calleesTree(this.#data, fn)];
    const drawn = (shown: ShownTree) => ({ shown, root: shown.tree.children(ROOT)[0] ?? ROOT });
    this.element.replaceChildren(
      element('h2', {}, `Callers of ${at(this.#data.texts.label, fn)}`),
      callers === null
        ? element('p', {}, 'The profile knows them as pairs: the command below prints them.')
        : this.#upper.canvas,
      element('h2', {}, 'What it calls'),
      this.#main.canvas,
    );
    if (callers !== null) {
      const painting = this.#painting(state, this.#upper.canvas, drawn(callers));
      this.#upper.draw(painting, { ...state, isUpward: true });
    }
    this.#main.draw(this.#painting(state, this.#main.canvas, drawn(callees)), { ...state, isUpward: false });
    this.note.textContent = 'A click on a box shows the sandwich of its function.';
  }

  #listen({ canvas, hit }: BoxPicture | Sunburst): void {
    followPointer(canvas, this.tooltip, (x, y) => {
      const [box, drawn] = [hit(x, y), this.#drawn.get(canvas)];
      if (box === null || drawn === undefined) return null;
      return boxDetail(box, { data: this.#data, words: this.#words, ...drawn });
    });
    canvas.addEventListener('click', ({ offsetX, offsetY }) => {
      const [box, drawn] = [hit(offsetX, offsetY), this.#drawn.get(canvas)];
      if (box === null || drawn === undefined) return;
      if (!this.#isSandwich) this.#events.onBox(box);
      else if (box.node !== null) this.#events.onFunction(drawn.shown.functionOf(box.node));
    });
  }
}
