/** Listens to the keyboard. */

import { type KeyAction, keyAction } from './keys.ts';

/** Calls back for the keys that are pressed outside of text and dialogs, until the signal. */
export function listenToKeys(act: (action: KeyAction) => void, signal: AbortSignal): void {
  const listen = (event: KeyboardEvent) => {
    const { target } = event;
    if (document.querySelector('dialog[open]') !== null) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const action = target instanceof HTMLInputElement ? typingAction(target, event) : actionOf(event);
    if (action === null) return;
    event.preventDefault();
    act(action);
  };
  addEventListener('keydown', listen, { signal });
}

/** Enter goes to what is found, Escape leaves the field, and all other keys are text. */
function typingAction(field: HTMLInputElement, { key, shiftKey }: KeyboardEvent): KeyAction | null {
  if (key === 'Escape') field.blur();
  return key === 'Enter' ? { kind: 'match', step: shiftKey ? -1 : 1 } : null;
}

/** Enter belongs to a button that has the focus, and arrows to a list that scrolls. */
function actionOf({ key, target }: KeyboardEvent): KeyAction | null {
  if (!(target instanceof HTMLElement)) return keyAction(key);
  if (key === 'Enter' && target.matches('button, summary')) return null;
  return key.startsWith('Arrow') && target.closest('.rows, .routes, .source, aside') !== null ? null : keyAction(key);
}
