/** The kernel as JavaScript sees it: kernel/profile.ts and kernel/trace.ts tell what each part means. */

import { KERNEL } from './kernel-bytes.ts';

export interface Kernel {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly WINDOW: Constant;
  readonly WINDOW_SIZE: Constant;
  readonly IDS: Constant;
  readonly PARENTS: Constant;
  readonly FRAMES: Constant;
  readonly HITS: Constant;
  readonly CHILD_COUNTS: Constant;
  readonly CHILDREN: Constant;
  readonly SAMPLES: Constant;
  readonly DELTAS: Constant;
  readonly position: Constant;
  readonly nodeCount: Constant;
  readonly childCount: Constant;
  readonly sampleCount: Constant;
  readonly deltaCount: Constant;
  readonly keyStart: Constant;
  readonly valueEnd: Constant;
  readonly startTime: Constant;
  readonly endTime: Constant;
  readonly met: Constant;
  readonly said: Constant;
  readonly FRAME_LENGTH: Constant;
  readonly FRAME_BYTES: Constant;
  readonly firstFrame: Constant;
  readonly frameCount: Constant;
  readonly EVENTS: Constant;
  readonly eventCount: Constant;
  begin(random: number): number;
  scan(from: number, end: number): number;
  taken(): void;
  scanTrace(from: number, end: number): number;
  eventsTaken(): void;
  mayEnd(): number;
}

/** An exported global; its value is what it is now. */
interface Constant {
  readonly value: number;
}

/** Why `scan` stopped; the numbers are kernel/window.ts'. */
export const STOP = { more: 0, full: 1, other: 2, done: 3 } as const;

/** The bits of `met`. */
export const MET = { nodes: 1, samples: 2, deltas: 4 } as const;

/** The bits of `said`. */
export const SAID = { hitCount: 4, parent: 16 } as const;

/** What is used of WebAssembly, which TypeScript counts among the things of browsers. */
interface Engine {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
  readonly CompileError: new () => Error;
}

/**
 * Instantiates a kernel. Returns null where that is not possible: `node --jitless` has no WebAssembly, an old processor no
 * SIMD (CompileError), and a process with limited address space (`ulimit -v`) no memory for it (RangeError).
 */
export function startKernel(): Kernel | null {
  const engine: Engine | undefined = Reflect.get(globalThis, 'WebAssembly');
  if (engine === undefined) return null;
  try {
    const { exports } = new engine.Instance(new engine.Module(Buffer.from(KERNEL, 'base64')));
    const kernel = exports as Kernel;
    return kernel.begin(Math.random()) === 0 ? null : kernel;
  } catch (error) {
    if (error instanceof RangeError || error instanceof engine.CompileError) return null;
    throw error;
  }
}
