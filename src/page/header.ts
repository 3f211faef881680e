/** What was read and where its time went: the lines above every screen of pstat, and the breakdown as a bar. */

import { MIN_SAMPLES } from '../base/few-samples.ts';
import type { PageFacts } from '../model/layout/page-facts.ts';
import { CHANGES, ORIGINS } from './colors.ts';
import { element, quietLine } from './dom.ts';
import type { Words } from './format.ts';

export function scopeHeader(facts: PageFacts, words: Words): HTMLElement {
  const { heading, notes } = facts;
  return element(
    'header',
    {},
    ...heading.map(quietLine),
    breakdownBar(facts, words),
    notes.length === 0
      ? null
      : element('ul', { class: 'notes' }, ...notes.map((note) => element('li', {}, `note: ${note}`))),
  );
}

function breakdownBar({ breakdown }: PageFacts, words: Words): HTMLElement | null {
  const all = breakdown.reduce((sum, { time }) => sum + time, 0);
  if (!(all > 0)) return null;
  const parts = breakdown.map(({ name, time }) => {
    const text = `${name} ${words.amount(time)}, ${words.share(time, all)}`;
    const part = element('span', { class: 'part', 'data-part': name, title: text }, element('span', {}, text));
    part.style.flexGrow = String(time / all);
    return part;
  });
  const description = breakdown.map(({ name, time }) => `${words.amount(time)} ${name}`).join(' + ');
  return element('div', { class: 'breakdown', role: 'img', 'aria-label': `breakdown: ${description}` }, ...parts);
}

/** What colors and hatching mean. */
export function legend({ isEstimated, isCompared }: { isEstimated: boolean; isCompared: boolean }): HTMLElement {
  const swatches = (isCompared ? CHANGES : ORIGINS).map(({ title, hsl: [hue, saturation, lightness] }) => {
    const swatch = element('i', { class: 'swatch' });
    swatch.style.background = `hsl(${hue} ${saturation}% ${lightness + 6}%)`;
    return element('span', {}, swatch, title);
  });
  const few = element('span', {}, element('i', { class: 'swatch few' }), `under ${MIN_SAMPLES} samples`);
  const estimated = element('span', {}, element('i', { class: 'swatch estimated' }), '~ estimated');
  return element('div', { class: 'legend' }, ...swatches, isEstimated ? estimated : few);
}
