/** Where a run stands among those of two versions in turn. */

export interface Turn {
  /** From 1. */
  readonly block: number;
  /** The folder of the version. */
  readonly root: string;
}

/** Tells the request profiler, which writes its files itself. The value is a Turn as JSON. */
export const TURN_VARIABLE = 'PSTAT_RECORD_TURN';

/** Null where versions do not run in turn. Never throws. */
export function readTurn(environment: NodeJS.ProcessEnv): Turn | null {
  try {
    const { block, root } = JSON.parse(environment[TURN_VARIABLE] ?? '{}');
    return Number.isInteger(block) && typeof root === 'string' ? { block, root } : null;
  } catch {
    return null;
  }
}
