/** Parts of the page around its pictures: the views to choose from, the commands, the tooltip. */

import { type LayoutNode, pathTo, ROOT } from '../model/layout/layout-tree.ts';
import type { PageData } from './data.ts';
import { element } from './dom.ts';
import { type CommandContext, functionCommands, pictureCommands, pictureRemark, tableCommand } from './page-command.ts';
import { drawsAnyTree, type Filter, type State, VIEWS, type ViewName } from './state.ts';
import type { ShownTree } from './trees.ts';

const TITLES: Readonly<Record<ViewName, string>> = {
  icicle: 'Icicle',
  flame: 'Flame',
  sunburst: 'Sunburst',
  sandwich: 'Sandwich',
  time: 'Time',
};

export interface TabEvents {
  readonly onView: (view: ViewName) => void;
  /** Another tree. */
  readonly onTree: (change: Partial<State>) => void;
  /** The selected function becomes a filter. */
  readonly onFilter: (kind: Filter['kind']) => void;
}

export function hasTime({ stacks }: PageData): boolean {
  return (stacks?.timeline ?? null) !== null;
}

export function tabs(
  { view, isInverted, byPackage, foldsRecursion, foldsWrappers }: State,
  { data, canFilter }: { readonly data: PageData; readonly canFilter: boolean },
  events: TabEvents,
): HTMLElement[] {
  const toggle = (title: string, isOn: boolean, change: Partial<State>, isPossible: boolean) =>
    element(
      'button',
      { type: 'button', 'aria-pressed': String(isOn), disabled: !isPossible, click: () => events.onTree(change) },
      title,
    );
  const isTree = drawsAnyTree(view);
  return [
    ...VIEWS.filter((name) => name !== 'time' || hasTime(data)).map((name) =>
      element(
        'button',
        { type: 'button', role: 'tab', 'aria-selected': String(name === view), click: () => events.onView(name) },
        TITLES[name],
      ),
    ),
    toggle('Inverted', isInverted, { isInverted: !isInverted }, isTree),
    toggle('By package', byPackage, { byPackage: !byPackage }, isTree && data.stacks !== null),
    toggle('Fold recursion', foldsRecursion, { foldsRecursion: !foldsRecursion }, isTree && data.stacks !== null),
    toggle('Fold wrappers', foldsWrappers, { foldsWrappers: !foldsWrappers }, isTree && !byPackage),
    ...(['focus', 'ignore'] as const).map((kind) =>
      element(
        'button',
        {
          type: 'button',
          disabled: !canFilter,
          title: FILTER_TITLES[kind],
          click: () => events.onFilter(kind),
        },
        kind === 'focus' ? 'Focus' : 'Ignore',
      ),
    ),
  ];
}

/** The nodes from the root down to the one that fills the picture. */
export function crumbs(shown: ShownTree, root: LayoutNode, onZoom: (node: LayoutNode) => void): HTMLElement[] {
  return [ROOT, ...pathTo(shown.tree, root)].map((node) => {
    const current = node === root ? { 'aria-current': 'true' } : {};
    return element('button', { type: 'button', ...current, click: () => onZoom(node) }, shown.label(node));
  });
}

const FILTER_TITLES = {
  focus: 'only stacks with what is searched for, or else with the selected function',
  ignore: 'no stacks with what is searched for, or else with the selected function',
} as const;

/** The filters, each of which a click removes. */
export function filterChips(filters: readonly Filter[], onFilters: (filters: readonly Filter[]) => void): HTMLElement {
  return element(
    'div',
    { class: 'crumbs filters' },
    ...filters.map((filter) =>
      element(
        'button',
        {
          type: 'button',
          class: 'step',
          title: 'remove',
          click: () => onFilters(filters.filter((each) => each !== filter)),
        },
        `${filter.kind} ${filter.pattern} ×`,
      ),
    ),
  );
}

/** The commands that print the picture, the table and the selection in a terminal. */
export function commandLines(state: State, context: CommandContext): HTMLElement[] {
  const list = [
    ...pictureCommands(state, context).map((command) => ['picture', command]),
    ['table', tableCommand(state, context)],
    ...functionCommands(state, context).map((command) => ['selection', command]),
  ];
  const remark = pictureRemark(state, context);
  return [
    ...list.map(([name = '', text = '']) =>
      element(
        'p',
        {},
        element('span', { class: 'quiet' }, `${name}: `),
        element('code', {}, text),
        element('button', { type: 'button', click: () => navigator.clipboard?.writeText(text) }, 'Copy'),
      ),
    ),
    ...(remark === null ? [] : [element('p', { class: 'quiet' }, remark)]),
  ];
}

/** Shows beside the pointer what `detailAt` returns for its place in the canvas. */
export function followPointer(
  canvas: HTMLCanvasElement,
  tooltip: HTMLElement,
  detailAt: (x: number, y: number) => HTMLElement | null,
): void {
  canvas.addEventListener('mousemove', ({ offsetX, offsetY, clientX, clientY }) => {
    const detail = detailAt(offsetX, offsetY);
    tooltip.hidden = detail === null;
    canvas.style.cursor = detail === null ? 'default' : 'pointer';
    if (detail === null) return;
    tooltip.replaceChildren(detail);
    placeBeside(tooltip, clientX, clientY);
  });
  canvas.addEventListener('mouseleave', () => {
    tooltip.hidden = true;
  });
}

/** Beside the pointer, and within the window. */
function placeBeside(tooltip: HTMLElement, x: number, y: number): void {
  const { offsetWidth, offsetHeight } = tooltip;
  tooltip.style.left = `${Math.max(4, x + 16 + offsetWidth > innerWidth ? x - offsetWidth - 12 : x + 16)}px`;
  tooltip.style.top = `${Math.max(4, y + 16 + offsetHeight > innerHeight ? y - offsetHeight - 12 : y + 16)}px`;
}
