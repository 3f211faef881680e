import type { JsonObject } from '../json.ts';

/** An event of a trace, and what errors call it: `event 12`. */
export interface TraceEvent {
  readonly event: JsonObject;
  readonly place: string;
}
