/** What the keys do. */

import { element } from './dom.ts';
import { KEYS } from './keys.ts';

export function helpDialog(): HTMLDialogElement {
  return element(
    'dialog',
    {},
    element('h2', {}, 'Keys'),
    element('dl', {}, ...KEYS.flatMap(([key, text]) => [element('dt', {}, key), element('dd', {}, text)])),
    element('form', { method: 'dialog' }, element('button', {}, 'Close')),
  );
}
