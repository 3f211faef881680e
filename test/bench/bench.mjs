/**
 * `npm run bench`: what pstat costs, as one table; a whole run is kept in RESULTS.md. No test asserts any of it.
 *
 *     npm run bench                  all of it, about ten minutes
 *     npm run bench -- read start    some groups, printed and not kept
 *     RUNS=5 npm run bench           fewer pairs
 *     LARGE=1 npm run bench          files of 1,000 MB too
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { aggregation } from './cases/aggregation.mjs';
import { folderOfRequests } from './cases/folder.mjs';
import { growth } from './cases/growth.mjs';
import { keys } from './cases/keys.mjs';
import { maps } from './cases/maps.mjs';
import { others } from './cases/others.mjs';
import { read } from './cases/read.mjs';
import { record } from './cases/record.mjs';
import { start } from './cases/start.mjs';
import { conditions, keepResults } from './results.mjs';
import { line, table } from './table.mjs';

const GROUPS = { read, maps, growth, others, start, aggregation, keys, folder: folderOfRequests, record };
const RUNS = Number(process.env.RUNS ?? 7);

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !Object.hasOwn(GROUPS, name));
if (unknown === undefined) await bench(wanted.length === 0 ? Object.keys(GROUPS) : wanted);
else {
  console.error(`no group ${unknown}: ${Object.keys(GROUPS).join(', ')}`);
  process.exitCode = 2;
}

async function bench(names) {
  const folder = mkdtempSync(path.join(tmpdir(), 'pstat-bench-'));
  try {
    const figures = table(await rowsOf(names, folder));
    console.log(`\n${figures}\n\n${conditions(RUNS)}`);
    if (names.length === Object.keys(GROUPS).length) keepResults(figures, RUNS);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function rowsOf(names, folder) {
  const rows = [];
  for (const name of names)
    for await (const row of GROUPS[name]({ folder, runs: RUNS })) {
      console.error(line(row));
      rows.push(row);
    }
  return rows;
}
