/** Listens to the keyboard. */

import { type KeyAction, keyAction } from './keys.ts';

/** Calls back for the keys that are pressed outside of text and dialogs, until the signal. */
export function listenToKeys(act: (action: KeyAction) => void, signal: AbortSignal): void {
  const listen = (event: KeyboardEvent) => {
    const { target, key } = event;
    const isTyping = target instanceof HTMLInputElement;
    if (isTyping && key === 'Escape') target.blur();
    if (isTyping || document.querySelector('dialog[open]') !== null) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const action = keyAction(key);
    // Enter belongs to a button that has the focus.
    if (action === null || (target instanceof HTMLButtonElement && key === 'Enter')) return;
    event.preventDefault();
    act(action);
  };
  addEventListener('keydown', listen, { signal });
}
