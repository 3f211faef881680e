/** What recording costs the program that is recorded. */

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { PSTAT } from '../inputs.mjs';
import { compareRuns, node } from '../processes.mjs';
import { benchRequests } from '../requests.mjs';

/** Calls, allocates and sorts; of stacks that are neither flat nor deep. */
const WORK = `
function row(id) { return { id, name: 'provider ' + id, links: [id, id * 2].map((href) => ({ href })) }; }
function page(n) { return JSON.stringify(Array.from({ length: n }, (_, i) => row(i)).sort((a, b) => b.id - a.id)); }
let length = 0;
for (let i = 0; i < 3000; i++) length += page(1000).length;
`;

export async function* record({ folder, runs }) {
  const work = path.join(folder, 'work.mjs');
  writeFileSync(work, WORK);
  const recorded = node(PSTAT, 'record', '--dir', folder, '--', process.execPath, work);
  yield { name: 'record: a program of 1.5 s / the program alone', ...compareRuns(recorded, node(work), runs) };
  // A turn is two seconds, and there are fifteen of these cases.
  yield* benchRequests({ turns: Math.min(runs, 5), seconds: 1 });
}
