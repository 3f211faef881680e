/** How long the explorer of a profile of 100 MB takes to answer keys. */

import { execFileSync } from 'node:child_process';
import { benchFile, bundleScript, profileOf } from '../inputs.mjs';
import { median } from '../processes.mjs';

/** CPU seconds in which no newer key is answered. */
const MAX_LONGEST = 0.05;

/** Keys one after the other: `[` sets a window where the two before it moved the cursor to. */
const SEQUENCES = [
  ['f', 'F'],
  ['x', 'F'],
  ['i', 'g'],
  ['3', 'i', 'g'],
  ['t', '\x1b[C', '\x1b[C', '['],
  ['o', '\x1b[B', 'h'],
  ['1', 's', '\x1b[F', '2'],
  ['4', '\x1b[B', '\r'],
  ['5'],
];

const NAMES = { '\x1b[C': '→', '\x1b[B': '↓', '\x1b[F': 'End', '\r': 'Enter' };

export async function* keys({ folder, runs }) {
  const script = await bundleScript(folder, benchFile('explorer-keys.mjs'));
  const { file } = profileOf(folder, { megabytes: 100 });
  for (const sequence of SEQUENCES) {
    const all = Array.from({ length: runs }, () => typed(script, file, sequence));
    for (const i of sequence.keys()) {
      const of = (figure) => median(all.map((answers) => answers[i][figure]));
      const longest = of('longest');
      const name = `keys: 100 MB, ${sequence
        .slice(0, i + 1)
        .map((each) => NAMES[each] ?? each)
        .join(' ')}`;
      const wanted = `longest part ≤ ${MAX_LONGEST} s CPU, was ${longest.toFixed(3)}`;
      yield { name, seconds: of('seconds'), bars: [{ wanted, isMet: longest <= MAX_LONGEST }] };
    }
  }
}

function typed(script, file, sequence) {
  return JSON.parse(execFileSync(process.execPath, [script, file, ...sequence], { encoding: 'utf8' })).answers;
}
