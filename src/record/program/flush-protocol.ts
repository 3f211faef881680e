/** What a recorded thread and its kicker agree on. */

/** One number that both see: may the kicker come in, is it in, has it gone? */
export type Gate = Int32Array<SharedArrayBuffer>;
export const GATE = 0;
export const GATE_OPEN = 0;
export const KICKER_IN = 1;
export const KICKER_GONE = 2;
export const GATE_SHUT = 3;

/** The key of the global function that a kick calls. */
export const KICK = Symbol.for('pstat.kick');
