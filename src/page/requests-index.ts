/** The index of a folder of requests: routes, and the requests of the route that is open. */

import { formatDuration } from '../base/units.ts';
import { at } from '../model/columns.ts';
import type { RequestFacts, RequestsFacts } from '../model/layout/page-facts.ts';
import { element } from './dom.ts';
import { ALL, type Scope } from './state.ts';

export class RequestsIndex {
  readonly element: HTMLElement;
  readonly #facts: RequestsFacts;
  readonly #onScope: (scope: Scope) => void;
  readonly #path = element('nav', { class: 'crumbs scope', 'aria-label': 'what is shown' });
  readonly #routes: readonly HTMLElement[];
  readonly #requests = element('div', { class: 'requests', role: 'group', 'aria-label': 'requests' });
  /** The route whose requests are listed. */
  #listed: number | null = null;

  constructor(facts: RequestsFacts, onScope: (scope: Scope) => void) {
    this.#facts = facts;
    this.#onScope = onScope;
    this.#routes = facts.rows.map((_, row) => this.#routeRow(row));
    this.element = element(
      'section',
      { class: 'index' },
      element('p', {}, facts.heading),
      element(
        'div',
        { class: 'lists' },
        element('table', { class: 'routes' }, this.#head(), element('tbody', {}, ...this.#routes)),
        this.#requests,
      ),
      ...(facts.lines.length === 0 ? [] : [this.#lines()]),
      this.#path,
    );
  }

  draw(scope: Scope): void {
    const { rows } = this.#facts;
    for (const [row, { route }] of rows.entries()) at(this.#routes, row).ariaCurrent = String(route === scope.route);
    if (this.#listed !== scope.route) this.#listRequests(scope.route);
    this.#listed = scope.route;
    for (const row of this.#requests.querySelectorAll<HTMLElement>('[data-request]'))
      row.ariaCurrent = String(Number(row.dataset['request']) === scope.request);
    this.#drawPath(scope);
  }

  #head(): HTMLElement {
    const titles = this.#facts.columns.map(({ title, align }) => element('th', { scope: 'col', class: align }, title));
    return element('thead', {}, element('tr', {}, element('th', { scope: 'col', class: 'left' }, 'route'), ...titles));
  }

  #routeRow(row: number): HTMLElement {
    const { columns, rows } = this.#facts;
    const { name, route } = at(rows, row);
    const open = () => this.#onScope({ route, request: null });
    return element(
      'tr',
      { click: open },
      element('th', { scope: 'row', class: 'left' }, element('button', { type: 'button', class: 'route' }, name)),
      ...columns.map(({ align, cells }) => element('td', { class: align }, at(cells, row))),
    );
  }

  /** Slow requests, cold starts and skipped files: most are paths, so they are folded. */
  #lines(): HTMLElement {
    const { lines } = this.#facts;
    const title = element('summary', {}, 'Slowest requests, cold starts, skipped files');
    return element('details', {}, title, element('pre', {}, lines.join('\n')));
  }

  #listRequests(route: number | null): void {
    if (route === null) {
      this.#requests.replaceChildren();
      return;
    }
    const { requests } = at(this.#facts.routes, route);
    this.#requests.replaceChildren(...requests.map((number) => this.#requestRow(route, number)));
    this.#requests.scrollTop = 0;
  }

  #requestRow(route: number, request: number): HTMLElement {
    const { elapsed, status, marks, file } = at(this.#facts.requests, request);
    return element(
      'button',
      {
        type: 'button',
        class: 'request',
        title: file,
        'data-request': String(request),
        click: () => this.#onScope({ route, request }),
      },
      element('span', { class: 'time' }, formatDuration(elapsed)),
      element('span', { class: 'status' }, status === null ? '' : String(status)),
      element('span', { class: 'marks' }, marks.join(', ')),
      element('span', { class: 'file' }, file.split(/[\\/]/).at(-1) ?? file),
    );
  }

  /** `all requests › GET /users › 29.1 ms` */
  #drawPath({ route, request }: Scope): void {
    const { requests, routes } = this.#facts;
    const steps: { readonly text: string; readonly scope: Scope }[] = [
      { text: `all ${requests.length.toLocaleString('en')} files`, scope: ALL },
    ];
    if (route !== null) {
      const { name, requests: ofRoute } = at(routes, route);
      steps.push({ text: `${name}, ${ofRoute.length.toLocaleString('en')} merged`, scope: { route, request: null } });
    }
    if (request !== null) steps.push({ text: requestText(at(requests, request)), scope: { route, request } });
    this.#path.replaceChildren(
      ...steps.map(({ text, scope }, i) =>
        element(
          'button',
          {
            type: 'button',
            class: 'step',
            ...(i === steps.length - 1 ? { 'aria-current': 'true' } : {}),
            click: () => this.#onScope(scope),
          },
          text,
        ),
      ),
    );
  }
}

function requestText({ elapsed, marks }: RequestFacts): string {
  return [`request of ${formatDuration(elapsed)}`, ...marks].join(', ');
}
