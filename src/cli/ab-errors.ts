/** Errors of the command line of `pstat ab`. */

import { PstatError } from '../base/errors.ts';
import { escapeControls, listFirst, quote } from '../base/text.ts';

export function missingVersions(): PstatError {
  return new PstatError(
    'query',
    "nothing to compare; write `pstat ab HEAD -- node bench.js`, or --before 'node old.js' --after 'node new.js'",
  );
}

/** @param missing the side that is not named */
export function oneVersion(missing: 'before' | 'after'): PstatError {
  return new PstatError('query', `--${missing} is missing: --before and --after go together`);
}

export function twiceNamed(word: string): PstatError {
  return new PstatError(
    'query',
    `--before and --after name both versions, so ${quote(word)} is too much; a command stands after --`,
  );
}

export function missingAbCommand(): PstatError {
  return new PstatError('query', 'no command to run; it stands after --, as in `pstat ab HEAD -- node bench.js`');
}

export function tooManyRevisions(given: number): PstatError {
  return new PstatError('query', `ab takes one or two revisions, and ${given} are given; a command stands after --`);
}

export function setupWithoutRevision(): PstatError {
  return new PstatError('query', '--setup prepares worktrees of revisions; prepare folders and commands yourself');
}

export function blocksOutOfRange(
  option: 'blocks' | 'max',
  text: string,
  { min, max }: { readonly min: number; readonly max: number },
): PstatError {
  return new PstatError('query', `--${option} ${quote(text)} is not a number from ${min} to ${max}`);
}

export function maxWithoutUntil(): PstatError {
  return new PstatError('query', '--max limits --until, which is missing: --until 5%; -n N runs N blocks');
}

export function blocksWithUntil(): PstatError {
  return new PstatError('query', '--until runs as many blocks as it takes: --max N in place of -n limits them');
}

export function untilOutOfRange(text: string): PstatError {
  return new PstatError('query', `--until ${quote(text)} is not a percentage above 0% and up to 100%, such as 5%`);
}

export function untilOfSeveralRoutes(routes: readonly string[]): PstatError {
  const names = listFirst(routes.map(escapeControls), 5);
  return new PstatError('query', `--until looks at the requests of one route, and --requests finds ${names}`);
}

export function bisectWithoutRevisions(): PstatError {
  return new PstatError('query', '--bisect takes two revisions: `pstat ab --bisect GOOD BAD -- node bench.js`');
}

export function bisectWithGate(): PstatError {
  return new PstatError('query', '--bisect has exit codes of its own, so it does not go with --fail-above');
}

export function loadWithoutRequests(): PstatError {
  return new PstatError('query', "--load is the load on a server: add --requests '/path', the requests to compare");
}

export function requestsWithoutLoad(): PstatError {
  return new PstatError('query', "--requests needs --load 'node load.js', the command that sends them");
}

export function bisectOfSeveralRoutes(routes: readonly string[]): PstatError {
  const names = listFirst(routes.map(escapeControls), 5);
  return new PstatError('query', `--bisect compares the requests of one route, and --requests finds ${names}`);
}

export function notWithCprofile(option: 'requests' | 'load' | 'interval'): PstatError {
  const why = option === 'interval' ? 'cProfile traces every call' : 'servers are recorded by v8 alone';
  return new PstatError('query', `--${option} does not go with --profiler cprofile: ${why}`);
}

export function exitCodeOutOfRange(text: string): PstatError {
  return new PstatError('query', `--exit-code ${quote(text)} is not a number from 0 to 255`);
}

export function exitCodeOfServer(): PstatError {
  return new PstatError('query', '--exit-code does not go with --requests: pstat ends the server by a signal');
}
