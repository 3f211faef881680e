/** The kernel's interface for JavaScript. kernel/cpuprofile.ts and kernel/trace.ts document each part. */

import { KERNEL } from './kernel-bytes.ts';

export interface Kernel {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly WINDOW: Global;
  readonly WINDOW_SIZE: Global;
  readonly IDS: Global;
  readonly PARENTS: Global;
  readonly FRAMES: Global;
  readonly HITS: Global;
  readonly CHILD_COUNTS: Global;
  readonly CHILDREN: Global;
  readonly SAMPLES: Global;
  readonly DELTAS: Global;
  readonly TICK_COUNTS: Global;
  readonly TICK_LINES: Global;
  readonly TICKS: Global;
  readonly position: Global;
  readonly nodeCount: Global;
  readonly childCount: Global;
  readonly sampleCount: Global;
  readonly deltaCount: Global;
  readonly tickCount: Global;
  readonly keyStart: Global;
  readonly valueEnd: Global;
  readonly startTime: Global;
  readonly endTime: Global;
  readonly seenKeys: Global;
  readonly presentFields: Global;
  readonly FRAME_LENGTH: Global;
  readonly FRAME_BYTES: Global;
  readonly firstFrame: Global;
  readonly frameCount: Global;
  readonly EVENTS: Global;
  readonly eventCount: Global;
  begin(random: number): number;
  scan(from: number, end: number): number;
  resetColumns(): void;
  scanTrace(from: number, end: number): number;
  resetEvents(): void;
  mayEnd(): number;
}

/** An exported global. */
interface Global {
  readonly value: number;
}

/** Why `scan` stopped; as in kernel/window.ts. */
export const STOP = { more: 0, full: 1, other: 2, done: 3 } as const;

/** The bits of `seenKeys`. */
export const SEEN = { nodes: 1, samples: 2, deltas: 4 } as const;

/** The bits of `presentFields`. */
export const PRESENT = { hitCount: 4, parent: 16, positionTicks: 32 } as const;

/** The part of WebAssembly that is used. TypeScript declares it only in its DOM library. */
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
