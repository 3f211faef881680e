export interface RecordedCase {
  readonly program: string;
  readonly flags: readonly string[];
  readonly version: string;
}

export interface CaseEnding {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Folders of spools that were not removed. */
  readonly left: readonly string[];
}

export const PSTAT: string;
export const PROGRAMS: readonly string[];
export const FLAGS: readonly (readonly string[])[];
export const VERSIONS: readonly string[];
export function findNode(version: string): string | null;
export function allCases(versions: readonly string[]): RecordedCase[];
export function drawCases(versions: readonly string[], count: number, random: () => number): RecordedCase[];
export function runCase(
  drawn: RecordedCase,
  node: string,
): Promise<{ readonly alone: CaseEnding; readonly recorded: CaseEnding }>;
