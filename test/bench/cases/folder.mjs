/** Many small files: a folder of a thousand profiles of one request each. */

import { copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { PSTAT, ROOT } from '../inputs.mjs';
import { command, compareRuns, isOnPath, node, nodeWithPeak, repeatRun } from '../processes.mjs';

const FILES = 1000;
const RECORDED = path.join(ROOT, 'samples/placement/profiles/before');

export function* folderOfRequests({ folder, runs }) {
  const dir = thousandRequests(path.join(folder, 'requests'));
  for (const [name, args] of Object.entries({ 'pstat DIR': [dir], 'pstat requests DIR': ['requests', dir] })) {
    const figures = repeatRun(nodeWithPeak(PSTAT, ...args), runs);
    yield { name: `folder: ${FILES} files, ${name}: ${perFile(figures)}`, ...figures };
    if (isOnPath('taskset')) yield { name: `folder: ${name} / the same on one core`, ...againstOneCore(args, runs) };
  }
}

function perFile({ seconds }) {
  return `${((seconds * 1000) / FILES).toFixed(2)} ms a file`;
}

function againstOneCore(args, runs) {
  return compareRuns(node(PSTAT, ...args), command('taskset', '-c', '0', process.execPath, PSTAT, ...args), runs);
}

/** The forty of the samples over and over, each time as if a minute later. */
function thousandRequests(dir) {
  mkdirSync(dir);
  const recorded = readdirSync(RECORDED);
  for (let i = 0; i < FILES; i++) {
    const name = recorded[i % recorded.length];
    const later = name.replace(/\d{9,}/, (time) => `${Number(time) + 60 * Math.floor(i / recorded.length)}`);
    copyFileSync(path.join(RECORDED, name), path.join(dir, later));
  }
  return dir;
}
