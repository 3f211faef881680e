/** The browser code of reports, which the build writes beside the command. */

import { readFile } from 'node:fs/promises';
import type { PageCode } from '../formats/report/write-report.ts';

/** From a chunk of the package, or from the sources, in tests. */
const FOLDERS = ['../page/', '../../dist/page/'].map((folder) => new URL(folder, import.meta.url));

export async function readPageCode(): Promise<PageCode> {
  for (const folder of FOLDERS) {
    const read = (name: string) => readFile(new URL(name, folder), 'utf8').catch(() => null);
    const [start, script, style] = [await read('start.js'), await read('page.js'), await read('page.css')];
    if (start !== null && script !== null && style !== null) return { start, script, style };
  }
  throw new Error(`no page beside ${import.meta.url}: run npm run build`);
}
