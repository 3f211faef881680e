/** The slowest requests of a route beside typical ones, as JSON. */

import type { RequestsTailView } from '../view/requests-tail-view.ts';
import { jsonText } from './json.ts';

export function requestsTailJson(view: RequestsTailView): string {
  const { folder, route, share, requests, median, slowest, typical, slowestFiles, broken, rows, matched } = view;
  return jsonText({
    view: 'requests-tail',
    head: { folder, route, share, requests, median, slowest, typical, slowestFiles, broken },
    rows: rows.map(({ label: _, place: __, ...row }) => row),
    matched,
    notes: [],
  });
}
