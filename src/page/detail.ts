/** The figures of a box: here, and of its function everywhere. */

import { areFew } from '../base/few-samples.ts';
import { at } from '../model/columns.ts';
import type { Box } from '../model/layout/boxes.ts';
import { type LayoutNode, pathTo, ROOT } from '../model/layout/layout-tree.ts';
import { relativeError } from '../model/sampling-error.ts';
import type { PageData } from './data.ts';
import { button, element, quietLine } from './dom.ts';
import type { Words } from './format.ts';
import type { ShownTree } from './trees.ts';

export interface DetailContext {
  readonly data: PageData;
  readonly words: Words;
  readonly shown: ShownTree;
  readonly root: LayoutNode;
}

/** The tooltip of a box. */
export function boxDetail(box: Box, context: DetailContext): HTMLElement {
  if (box.node !== null) return nodeDetail(box.node, context);
  const { words } = context;
  return element(
    'div',
    {},
    element('strong', {}, `… ${words.count(box.nodes)} other`),
    element(
      'p',
      {},
      `${words.amount(box.weight)}, ${words.share(box.weight)}: each is narrower than a pixel. Click to zoom in.`,
    ),
  );
}

function nodeDetail(node: LayoutNode, { data, words, shown, root }: DetailContext): HTMLElement {
  const { tree } = shown;
  const figures = tree.figures(node);
  const { cumsamples } = figures;
  const timeRow = (name: string, time: number, error: number | null) => [
    name,
    words.amount(time),
    words.share(time),
    words.error(error ?? 0),
  ];
  const rows = [
    timeRow('tottime', figures.self, relativeError(figures.self, figures.selfSquares, figures.samples)),
    timeRow('cumtime', figures.total, relativeError(figures.total, figures.totalSquares, cumsamples)),
    ...(Number.isNaN(cumsamples) ? [] : [['cumsamples', words.count(cumsamples), '', '']]),
  ];
  const fn = shown.functionOf(node);
  const row = fn === -1 ? undefined : data.rowOf(fn);
  const parent = tree.parent(node);
  const shares = [
    ...(node === root || root === ROOT ? [] : [`${words.share(tree.weight(node), tree.weight(root))} of the picture`]),
    ...(parent === -1 || parent === ROOT
      ? []
      : [`${words.share(tree.weight(node), tree.weight(parent))} of its caller's box`]),
  ];
  return element(
    'div',
    {},
    element('strong', {}, `${tree.isEstimated(node) ? '~' : ''}${shown.label(node)}`),
    element('div', { class: 'place' }, shown.place(node)),
    figureTable('here', rows),
    changeDetail(fn, data),
    element('p', {}, shares.join(', ')),
    areFew(cumsamples) ? element('p', {}, 'too few samples to rely on') : null,
    tree.isEstimated(node)
      ? element('p', {}, 'estimated: the profile knows pairs of caller and callee, not stacks')
      : null,
    row === undefined
      ? null
      : figureTable('everywhere', [
          timeRow('tottime', row.tottime, row.selfError),
          timeRow('cumtime', row.cumtime, row.totalError),
          [words.countName, words.count(row.selfCount), '', ''],
        ]),
  );
}

/** What `pstat compare` says of a function. */
function changeDetail(fn: number, { changeOf, facts }: PageData): HTMLElement | null {
  if (facts.comparison === null || changeOf === null || fn === -1) return null;
  const row = changeOf.get(fn);
  if (row === undefined) return element('p', {}, 'did not change');
  const cells = facts.comparison.columns.map(({ title, cells: texts }) => [title, at(texts, row)]);
  const known = cells.filter(([, text]) => text !== '');
  return figureTable('before and after, a run', known);
}

function figureTable(title: string, rows: readonly (readonly string[])[]): HTMLElement {
  return element(
    'table',
    { class: 'figures' },
    element('caption', {}, title),
    ...rows.map(([name = '', ...cells]) =>
      element('tr', {}, element('th', { scope: 'row' }, name), ...cells.map((cell) => element('td', {}, cell))),
    ),
  );
}

const HINT = 'Click a box to zoom to it, or a row of the table to select its function. ? lists the keys.';

interface SideOptions {
  readonly isSandwich: boolean;
  readonly onSelect: (node: LayoutNode) => void;
}

/** What is beside the picture: the figures of the selection and its call stack. */
export function sidePanel(
  selection: (DetailContext & { node: LayoutNode }) | null,
  options: SideOptions,
): HTMLElement[] {
  if (selection !== null)
    return [
      element('section', { class: 'detail' }, nodeDetail(selection.node, selection)),
      stackList(selection.node, selection, options),
    ];
  return options.isSandwich ? [] : [quietLine(HINT)];
}

/** The call stack of a node, outermost first; a click selects. */
function stackList(node: LayoutNode, { shown, words }: DetailContext, { onSelect }: SideOptions): HTMLElement {
  const path = pathTo(shown.tree, node);
  return element(
    'section',
    { class: 'stack' },
    element('h2', {}, shown.isInverted ? 'Call stack, innermost first' : 'Call stack'),
    element(
      'ol',
      {},
      ...path.map((each) =>
        element(
          'li',
          { 'aria-current': each === node ? 'true' : null },
          button(
            { click: () => onSelect(each), title: shown.place(each) },
            element('span', { class: 'name' }, shown.label(each)),
            element('span', { class: 'time' }, words.amount(shown.tree.weight(each))),
          ),
        ),
      ),
    ),
  );
}
