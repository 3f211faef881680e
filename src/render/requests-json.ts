/** Routes of a folder of requests as JSON. */

import type { RequestsView } from '../view/requests-view.ts';
import { jsonText } from './json.ts';

export function requestsJson({ folder, stats, broken, rows, matched }: RequestsView): string {
  const { requests, failed, skipped, total, coldStarts, unrecognized } = stats;
  return jsonText({
    view: 'requests',
    head: { folder, requests, failed, skipped, total, coldStarts, unrecognized, broken },
    rows,
    matched,
    notes: [],
  });
}
