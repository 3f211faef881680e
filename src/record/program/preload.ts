/**
 * Loaded into every process and thread of a program that `pstat record` runs, by `--require` in NODE_OPTIONS. Bundled
 * as CommonJS in the syntax of 2015, so that every Node that reads NODE_OPTIONS can load it. What cannot be recorded
 * runs as it would alone: nothing is imported before the checks, and no error leaves this file.
 */

import { reasonOf } from '../reason.ts';
import { findObstacle, findRequestObstacle } from './obstacle.ts';
import { reportObstacle } from './obstacle-report.ts';

try {
  const folder = process.env['PSTAT_RECORD_SPOOL'];
  const isForRequests = process.env['PSTAT_RECORD_REQUESTS'] === '1';
  const obstacle = isForRequests ? findRequestObstacle() : findObstacle();
  if (folder === undefined || folder === '') {
    // A process that lost the variable, such as a worker with an environment of its own.
  } else if (obstacle !== null) reportObstacle(folder, obstacle);
  else if (isForRequests) require(`${__dirname}/../request/register.cjs`);
  else startRecorder(folder);
} catch {
  // The program runs, unrecorded.
}

/** Without the reason of an error, the program would seem not to have loaded this file. */
function startRecorder(folder: string): void {
  try {
    require('./recorder.cjs').recordThread(folder);
  } catch (error) {
    reportObstacle(folder, `the recorder failed: ${reasonOf(error)}`);
  }
}
