/** The index of a folder of requests: routes, and the requests of the route that is open. */

import { pluralize } from '../base/text.ts';
import { formatCount, formatDuration, formatTime, timeScale } from '../base/units.ts';
import { at } from '../model/columns.ts';
import type { RequestFacts, RequestsFacts } from '../model/layout/page-facts.ts';
import { button, element, fill } from './dom.ts';
import { SortableTable } from './sortable-table.ts';
import { ALL, type Scope, type State } from './state.ts';

export type IndexState = Pick<State, 'scope' | 'routesSort' | 'requestsSort'>;

export interface IndexEvents {
  readonly onScope: (scope: Scope) => void;
  readonly onSort: (change: Partial<IndexState>) => void;
}

export class RequestsIndex {
  readonly element: HTMLElement;
  readonly #facts: RequestsFacts;
  readonly #events: IndexEvents;
  readonly #path = element('nav', { class: 'crumbs scope', 'aria-label': 'what is shown' });
  readonly #routes: SortableTable;
  readonly #requests = element('div', { class: 'requests', role: 'group', 'aria-label': 'requests' });
  /** The requests of a route, and which one. */
  #listed: { readonly route: number; readonly table: SortableTable } | null = null;

  constructor(facts: RequestsFacts, events: IndexEvents) {
    this.#facts = facts;
    this.#events = events;
    const names = { title: 'route', align: 'left', cells: facts.rows.map(({ name }) => name) } as const;
    this.#routes = new SortableTable([names, ...facts.columns], {
      onRow: (row) => events.onScope({ route: at(facts.rows, row).route, request: null }),
      onSort: (routesSort) => events.onSort({ routesSort }),
    });
    this.element = element(
      'section',
      { class: 'index' },
      element('p', {}, facts.heading),
      element('div', { class: 'lists' }, this.#routes.element, this.#requests),
      facts.lines.length === 0 ? null : this.#lines(),
      this.#path,
    );
  }

  draw({ scope, routesSort, requestsSort }: IndexState): void {
    const { rows } = this.#facts;
    for (const [row, { route }] of rows.entries())
      at(this.#routes.rows, row).ariaCurrent = String(route === scope.route);
    this.#routes.sort(routesSort);
    if ((this.#listed?.route ?? null) !== scope.route) this.#listRequests(scope.route);
    this.#listed?.table.sort(requestsSort);
    for (const row of this.#requests.querySelectorAll<HTMLElement>('[data-request]'))
      row.ariaCurrent = String(Number(row.dataset['request']) === scope.request);
    this.#drawPath(scope);
  }

  /** Most are paths, so they are folded. */
  #lines(): HTMLElement {
    const { lines, linesTitle } = this.#facts;
    const title = element('summary', {}, linesTitle);
    return element('details', {}, title, element('pre', {}, ...lines.map((line) => `${line}\n`)));
  }

  #listRequests(route: number | null): void {
    if (route === null) {
      this.#listed = null;
      this.#requests.replaceChildren();
      return;
    }
    const { requests } = at(this.#facts.routes, route);
    const facts = requests.map((number) => at(this.#facts.requests, number));
    const scale = timeScale(facts.map(({ elapsed }) => elapsed));
    const column = (title: string, align: 'left' | 'right', textOf: (request: RequestFacts) => string) => ({
      title,
      align,
      cells: facts.map(textOf),
    });
    const table = new SortableTable(
      [
        column(`elapsed, ${scale.unit}`, 'right', ({ elapsed }) => formatTime(elapsed, scale)),
        column('status', 'right', ({ status }) => (status === null ? '' : String(status))),
        column('mark', 'left', ({ marks }) => marks.join(', ')),
        column('file', 'left', ({ file }) => file.split(/[\\/]/).at(-1) ?? file),
      ],
      {
        onRow: (row) => this.#events.onScope({ route, request: at(requests, row) }),
        onSort: (requestsSort) => this.#events.onSort({ requestsSort }),
      },
    );
    for (const [row, line] of table.rows.entries()) {
      line.classList.add('request');
      line.title = at(facts, row).file;
      line.dataset['request'] = String(at(requests, row));
    }
    this.#requests.replaceChildren(table.element);
    this.#requests.scrollTop = 0;
    this.#listed = { route, table };
  }

  /** `all requests › GET /users › 29.1 ms` */
  #drawPath({ route, request }: Scope): void {
    const { requests, routes } = this.#facts;
    const steps: { readonly text: string; readonly scope: Scope }[] = [
      { text: `all ${pluralize(requests.length, 'file')}`, scope: ALL },
    ];
    if (route !== null) {
      const { name, requests: ofRoute } = at(routes, route);
      steps.push({ text: `${name}, ${formatCount(ofRoute.length)} merged`, scope: { route, request: null } });
    }
    if (request !== null) steps.push({ text: requestText(at(requests, request)), scope: { route, request } });
    fill(
      this.#path,
      ...steps.map(({ text, scope }, i) =>
        button(
          {
            class: 'step',
            'aria-current': i === steps.length - 1 ? 'true' : null,
            click: () => this.#events.onScope(scope),
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
