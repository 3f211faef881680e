/** The options of `record` and `attach`: where and what they record. */

import path from 'node:path';
import { parseTime } from '../base/units.ts';
import { type Arguments, flag, numberFrom, outputFormat, parseInteger, textOf, timeFrom } from './arguments.ts';
import {
  badOption,
  liveIsScreen,
  requestsAreKept,
  requestsWithoutDir,
  stallsAreText,
  stallsHaveNames,
} from './errors.ts';

/** The options of `record`. */
export interface Recording {
  readonly dir: string;
  readonly output: string | null;
  readonly interval: number;
  readonly requests: boolean;
  readonly sources: boolean;
}

/** Throws PstatError (`query`). */
export function recordingFrom(args: Arguments): Recording {
  const [output, dir] = [textOf(args, 'output'), textOf(args, 'dir')];
  if (output !== null && dir !== null) throw badOption('dir', dir, 'needed where --output names a file');
  const requests = flag(args, 'requests');
  if (requests && dir === null) throw requestsWithoutDir();
  return {
    dir: output === null ? (dir ?? '.') : path.dirname(output),
    output,
    interval: intervalFrom(args) ?? 1000,
    requests,
    sources: flag(args, 'sources'),
  };
}

/** How long `attach` records, in µs; null until it is interrupted. Throws PstatError (`query`). */
export function durationFrom(args: Arguments): number | null {
  return timeFrom(args, 'for', { min: 1e3, max: 24 * 3600e6, expected: 'a time between 1ms and 24 h, such as 10s' });
}

/** What the flight recorder keeps and waits for, in µs; null for what is not asked for. */
export interface FlightOptions {
  readonly last: number | null;
  readonly onStall: number | null;
}

/** Throws PstatError (`query`). */
export function flightFrom(args: Arguments): FlightOptions {
  const onStall = timeFrom(args, 'on-stall', { min: 20e3, max: 60e6, expected: 'a time between 20ms and 60s' });
  const kept = timeFrom(args, 'last', { min: 1e6, max: 600e6, expected: 'a time between 1s and 10 min, such as 60s' });
  if (onStall !== null && args['output'] !== undefined) throw stallsHaveNames();
  if (onStall !== null && outputFormat(args) !== 'table') throw stallsAreText(outputFormat(args));
  const isLive = flag(args, 'live');
  if ((kept !== null || onStall !== null || isLive) && flag(args, 'requests')) throw requestsAreKept();
  if (isLive && (onStall !== null || outputFormat(args) !== 'table')) throw liveIsScreen();
  return { last: kept ?? (onStall === null && !isLive ? null : 60e6), onStall };
}

/** In µs; null if it is not given. V8 samples no faster than about every 50 µs. */
export function intervalFrom(args: Arguments): number | null {
  return numberFrom(args, 'interval', {
    parse: parseInterval,
    min: 50,
    max: 1e6,
    expected: 'a time between 50us and 1s',
  });
}

function parseInterval(text: string): number | null {
  const interval = parseInteger(text) ?? parseTime(text);
  return Number.isInteger(interval) ? interval : null;
}
