/** Errors of the command line of `pstat ab`. */

import { type PstatError, queryError } from '../base/errors.ts';
import { escapeControls, listFirst, quote } from '../base/text.ts';

export function missingVersions(): PstatError {
  return queryError(
    "nothing to compare; write `pstat ab HEAD -- node bench.js`, or --before 'node old.js' --after 'node new.js'",
  );
}

/** @param missing the side that is not named */
export function oneVersion(missing: 'before' | 'after'): PstatError {
  return queryError(`--${missing} is missing: --before and --after go together`);
}

export function twiceNamed(word: string): PstatError {
  return queryError(
    `--before and --after name both versions, so ${quote(word)} is too much; a command stands after --`,
  );
}

export function missingAbCommand(): PstatError {
  return queryError('no command to run; it stands after --, as in `pstat ab HEAD -- node bench.js`');
}

export function tooManyRevisions(given: number): PstatError {
  return queryError(`ab takes one or two revisions, and ${given} are given; a command stands after --`);
}

export function setupWithoutRevision(): PstatError {
  return queryError('--setup prepares worktrees of revisions; prepare folders and commands yourself');
}

export function maxWithoutUntil(): PstatError {
  return queryError('--max limits --until, which is missing: --until 5%; -n N runs N blocks');
}

export function blocksWithUntil(): PstatError {
  return queryError('--until runs as many blocks as it takes: --max N in place of -n limits them');
}

export function untilOfSeveralRoutes(routes: readonly string[]): PstatError {
  const names = listFirst(routes.map(escapeControls), 5);
  return queryError(`--until looks at the requests of one route, and --requests finds ${names}`);
}

export function bisectWithoutRevisions(): PstatError {
  return queryError('--bisect takes two revisions: `pstat ab --bisect GOOD BAD -- node bench.js`');
}

export function bisectWithGate(): PstatError {
  return queryError('--bisect has exit codes of its own, so it does not go with --fail-above');
}

export function loadWithoutRequests(): PstatError {
  return queryError("--load is the load on a server: add --requests '/path', the requests to compare");
}

export function requestsWithoutLoad(): PstatError {
  return queryError("--requests needs --load 'node load.js', the command that sends them");
}

export function bisectOfSeveralRoutes(routes: readonly string[]): PstatError {
  const names = listFirst(routes.map(escapeControls), 5);
  return queryError(`--bisect compares the requests of one route, and --requests finds ${names}`);
}

export function notWithCprofile(option: 'requests' | 'load' | 'interval'): PstatError {
  const why = option === 'interval' ? 'cProfile traces every call' : 'servers are recorded by v8 alone';
  return queryError(`--${option} does not go with --profiler cprofile: ${why}`);
}

export function exitCodeOfServer(): PstatError {
  return queryError('--exit-code does not go with --requests: pstat ends the server by a signal');
}
