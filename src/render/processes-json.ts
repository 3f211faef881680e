/** Node processes that run, as JSON. */

import type { ProcessesView } from '../view/processes-view.ts';
import { jsonText } from './json.ts';

export function processesJson({ rows }: ProcessesView): string {
  return jsonText({ view: 'processes', head: {}, rows, matched: rows.length, notes: [] });
}
