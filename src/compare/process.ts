/** Which process a profile is of: processes are what a comparison tests. */

import { parseProcessFile, parseRequestName } from '../base/recording-files.ts';
import type { RequestFacts, RunMetadata } from '../model/raw-profile.ts';

/** What a profile says about where it comes from. */
export interface Origin {
  readonly source: string;
  readonly run: RunMetadata | undefined;
  readonly request: RequestFacts | undefined;
}

/**
 * Returns the same text for all profiles of one process; null where a profile does not say. A block of `pstat ab` comes
 * first: all processes of a run are one. Then the id that pstat writes, and a pid with its folder: in containers every
 * server is pid 1. Node's file names hold the pid.
 */
export function processOf({ source, run, request }: Origin): string | null {
  const folder = source.slice(0, Math.max(source.lastIndexOf('/'), source.lastIndexOf('\\')) + 1);
  if (run?.block != null) return `block ${run.block} ${folder}`;
  if (run?.id != null) return `id ${run.id}`;
  const pid = run?.pid ?? request?.worker?.split('/')[0] ?? null;
  if (pid !== null) return `pid ${pid} ${folder}`;
  return parseProcessFile(source)?.process ?? null;
}

/** Whether a profile is of one request, by its content or its name. */
export function isRequest({ source, request }: Pick<Origin, 'source' | 'request'>): boolean {
  return request !== undefined || parseRequestName(source) !== null;
}
