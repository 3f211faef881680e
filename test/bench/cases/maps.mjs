/** Source maps on the disk, and exports: what they add to `pstat FILE`. */

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { generateModules } from '../generate-modules.mjs';
import { benchFile, PSTAT, profileOf } from '../inputs.mjs';
import { compareRuns, nodeWithPeak } from '../processes.mjs';

const MODULES = 500;

export async function* maps({ folder, runs }) {
  const file = await generateModules(path.join(folder, 'modules'), MODULES);
  const top = (sourceMap) => nodeWithPeak(PSTAT, file, '--source-map', sourceMap);
  const off = top('off');
  const mapped = compareRuns(top(path.dirname(file)), off, runs);
  yield { name: `maps: ${MODULES} modules, top / top --source-map off`, ...mapped, bars: bars(mapped, 1.05) };
  // Without the files there is nothing to read.
  const none = nodeWithPeak(PSTAT, file);
  yield { name: `maps: none on the disk, top / top --source-map off`, ...compareRuns(none, off, runs) };
  // What no reader of maps can do without: Node's start, and reading and parsing the files.
  const list = path.join(folder, 'maps.json');
  writeFileSync(list, JSON.stringify({ folder: path.dirname(file), modules: MODULES }));
  const plain = nodeWithPeak(benchFile('plain-maps.mjs'), list);
  yield { name: 'maps: read and JSON.parse alone / node -e 0', ...compareRuns(plain, nodeWithPeak('-e', '0'), runs) };
  const large = profileOf(folder, { megabytes: 100 });
  const pprof = path.join(folder, 'large.pb.gz');
  const exported = compareRuns(
    nodeWithPeak(PSTAT, 'convert', large.file, '-o', pprof),
    nodeWithPeak(PSTAT, large.file),
    runs,
  );
  yield { name: 'convert: 100 MB to pprof / top', megabytes: large.megabytes, ...exported, bars: bars(exported, 2) };
}

function bars({ time }, most) {
  return [{ wanted: `time ≤ ${most.toFixed(2)}`, isMet: time[1] <= most }];
}
