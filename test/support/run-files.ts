/** Folders of recordings that were never made, for tests of `pstat compare`. */

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { code, json, withFrames } from './documents.ts';
import { type Entry, prof } from './marshal.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A temporary folder of such folders. */
export class RunFiles {
  readonly folder = temporaryFolder('compare');

  at(name: string): string {
    return path.join(this.folder, name);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  /** A set of traced runs: twelve functions at 10 ms, and one at `hot` ms. No two runs are quite alike. */
  traced(name: string, count: number, hot: number, { hotName = 'hot', noise = 1, extension = 'prof' } = {}): void {
    mkdirSync(this.at(name));
    for (let run = 0; run < count; run++) {
      const entry = (line: number, fn: string, ms: number): Entry => {
        const time = (ms * (1 + (noise * ((run * 7 + line * 13) % 17)) / 1000)) / 1000;
        return { key: ['/srv/app/main.py', line, fn], cc: 10, nc: 10, tt: time, ct: time };
      };
      const usual = Array.from({ length: 12 }, (_, fn) => entry(10 * fn + 1, `f${fn}`, 10));
      writeFileSync(path.join(this.at(name), `${run}.${extension}`), prof(...usual, entry(500, hotName, hot)));
    }
  }

  /** Profiles of requests as the request profiler writes them: `requests` of each process for each route. */
  requests(name: string, routes: Readonly<Record<string, number>>, { processes = 5, requests = 3 } = {}): void {
    mkdirSync(this.at(name));
    for (const [i, [url, ms]] of Object.entries(routes).entries()) {
      for (let number = 0; number < processes * requests; number++) {
        const process = number % processes;
        // Processes differ by 1 %, and so do the requests of each.
        const time = ms * (1 + ((process * 3 + i) % 5) / 100 + Math.floor(number / processes) / 100);
        const samples = Math.round(time);
        const document = {
          ...withFrames(...Array.from({ length: samples }, () => code('handle'))),
          pstat: {
            method: 'GET',
            url,
            status: 200,
            elapsed: Math.round(1100 * time),
            busy: Math.round(1000 * time),
            pid: 100 + process,
            thread: 0,
          },
        };
        writeFileSync(path.join(this.at(name), `${i}-${number}.cpuprofile`), json(document));
      }
    }
  }
}
