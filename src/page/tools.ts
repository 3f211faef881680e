/** Parts of the page around its pictures: the views to choose from, what is zoomed and filtered, the commands. */

import { type LayoutNode, pathTo, ROOT } from '../model/layout/layout-tree.ts';
import type { PageData } from './data.ts';
import { button, element, quietLine } from './dom.ts';
import { type CommandContext, functionCommands, pictureCommands, pictureRemark, tableCommand } from './page-command.ts';
import { drawsAnyTree, type Filter, type State, SWITCH_NAMES, type SwitchName, VIEWS, type ViewName } from './state.ts';
import type { ShownTree } from './trees.ts';

const TITLES: Readonly<Record<ViewName, string>> = {
  icicle: 'Icicle',
  flame: 'Flame',
  sunburst: 'Sunburst',
  sandwich: 'Sandwich',
  time: 'Time',
};

const SWITCHES: Readonly<Record<SwitchName, string>> = {
  isInverted: 'Inverted',
  byPackage: 'By package',
  foldsRecursion: 'Fold recursion',
  foldsWrappers: 'Fold wrappers',
};

const FILTERS = [
  ['focus', 'Focus', 'only stacks with what is searched for, or else with the selected function'],
  ['ignore', 'Ignore', 'no stacks with what is searched for, or else with the selected function'],
] as const;

export interface TabEvents {
  readonly onView: (view: ViewName) => void;
  readonly onSwitch: (name: SwitchName) => void;
  /** The selected function becomes a filter. */
  readonly onFilter: (kind: Filter['kind']) => void;
}

export function hasTime({ stacks }: PageData): boolean {
  return (stacks?.timeline ?? null) !== null;
}

/** Whether a switch changes what is shown. */
export function canSwitch(name: SwitchName, { view, byPackage }: State, { stacks }: PageData): boolean {
  if (!drawsAnyTree(view)) return false;
  if (name === 'foldsWrappers') return !byPackage;
  return name === 'isInverted' || stacks !== null;
}

export function tabs(
  state: State,
  { data, canFilter }: { readonly data: PageData; readonly canFilter: boolean },
  events: TabEvents,
): HTMLElement[] {
  return [
    ...VIEWS.filter((name) => name !== 'time' || hasTime(data)).map((name) =>
      button(
        { role: 'tab', 'aria-selected': String(name === state.view), click: () => events.onView(name) },
        TITLES[name],
      ),
    ),
    ...SWITCH_NAMES.map((name) =>
      button(
        {
          'aria-pressed': String(state[name]),
          disabled: !canSwitch(name, state, data),
          click: () => events.onSwitch(name),
        },
        SWITCHES[name],
      ),
    ),
    ...FILTERS.map(([kind, text, title]) =>
      button({ disabled: !canFilter, title, click: () => events.onFilter(kind) }, text),
    ),
  ];
}

/** The nodes from the root down to the one that fills the picture. */
export function crumbs(shown: ShownTree, root: LayoutNode, onZoom: (node: LayoutNode) => void): HTMLElement[] {
  return [ROOT, ...pathTo(shown.tree, root)].map((node) =>
    button({ 'aria-current': node === root ? 'true' : null, click: () => onZoom(node) }, shown.label(node)),
  );
}

/** The filters, each of which a click removes. */
export function filterChips(filters: readonly Filter[], onFilters: (filters: readonly Filter[]) => void): HTMLElement {
  return element(
    'div',
    { class: 'crumbs filters' },
    ...filters.map((filter) =>
      button(
        { class: 'step', title: 'remove', click: () => onFilters(filters.filter((each) => each !== filter)) },
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
        button({ click: () => navigator.clipboard?.writeText(text) }, 'Copy'),
      ),
    ),
    ...(remark === null ? [] : [quietLine(remark)]),
  ];
}
