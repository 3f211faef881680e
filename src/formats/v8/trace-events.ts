import type { JsonObject } from '../json.ts';

/** An event of a trace, and its place for errors: `event 12`. */
export interface TraceEvent {
  readonly event: JsonObject;
  readonly place: string;
}
