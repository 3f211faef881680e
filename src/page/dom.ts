/** Makes elements. Text is always text: no markup is ever made of it. */

import { escapeControls, headOf } from '../base/text.ts';

type Attributes = Readonly<Record<string, string | boolean | null | ((event: never) => void)>>;

type Child = Node | string | null;

/**
 * Functions are listeners, booleans are attributes that are there or not, and null is nothing. Texts of profiles are escaped as in
 * a terminal.
 */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(key, value as (event: Event) => void);
    else if (typeof value === 'boolean') made.toggleAttribute(key, value);
    else if (value !== null) made.setAttribute(key, value);
  }
  const given = children.filter((child) => child !== null);
  made.append(...given.map((child) => (typeof child === 'string' ? escapeControls(cut(child)) : child)));
  return made;
}

/** A button that submits nothing. */
export function button(attributes: Attributes, ...children: readonly Child[]): HTMLButtonElement {
  return element('button', { type: 'button', ...attributes }, ...children);
}

/** A line that is less important than what it stands beside. */
export function quietLine(text: string): HTMLElement {
  return element('p', { class: 'quiet' }, text);
}

/** A name may be a megabyte long, which takes seconds to lay out. */
const MAX_TEXT = 5000;

function cut(text: string): string {
  return text.length > MAX_TEXT ? `${headOf(text, MAX_TEXT)}…` : text;
}

/** Replaces the content. A button that had the focus gives it to the one that takes its place. */
export function fill(parent: HTMLElement, ...children: readonly Node[]): void {
  const buttons = () => [...parent.querySelectorAll<HTMLElement>('button')];
  const focused = document.activeElement;
  const place = focused instanceof HTMLElement ? buttons().indexOf(focused) : -1;
  parent.replaceChildren(...children);
  if (place !== -1) buttons()[place]?.focus({ preventScroll: true });
}
