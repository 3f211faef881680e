/** Writes a profile of V8 as JSON without calling the `toJSON` that a program gives to arrays or objects. */

import type { Profiler } from 'node:inspector';
import type { WrittenRunMetadata } from '../run-metadata.ts';
import type { ListedScript } from '../script-list.ts';
import { numbersToJson, toJson } from './natives.ts';

export function profileToJson({ nodes, startTime, endTime, samples = [], timeDeltas = [] }: Profiler.Profile): string {
  let text = '{"nodes":[';
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i];
    if (node !== undefined) text += (i === 0 ? '' : ',') + nodeToJson(node);
  }
  text += `],"startTime":${startTime},"endTime":${endTime},"samples":${numbersToJson(samples)}`;
  return `${text},"timeDeltas":${numbersToJson(timeDeltas)}}`;
}

function nodeToJson({ id, callFrame, hitCount, children, positionTicks }: Profiler.ProfileNode): string {
  const { functionName, scriptId, url, lineNumber, columnNumber } = callFrame;
  let text = `{"id":${id},"callFrame":{"functionName":${toJson(functionName)},"scriptId":${toJson(scriptId)}`;
  text += `,"url":${toJson(url)},"lineNumber":${lineNumber},"columnNumber":${columnNumber}}`;
  text += `,"hitCount":${hitCount === undefined ? 0 : hitCount}`;
  if (children !== undefined) text += `,"children":${numbersToJson(children)}`;
  if (positionTicks !== undefined) text += `,"positionTicks":${ticksToJson(positionTicks)}`;
  return `${text}}`;
}

function ticksToJson(list: readonly Profiler.PositionTickInfo[]): string {
  let text = '';
  for (let i = 0; i < list.length; i++) {
    const item = list[i];
    if (item !== undefined) text += `${i === 0 ? '' : ','}{"line":${item.line},"ticks":${item.ticks}}`;
  }
  return `[${text}]`;
}

export function scriptsToJson(scripts: readonly ListedScript[]): string {
  let text = '';
  for (let i = 0; i < scripts.length; i++) {
    const script = scripts[i];
    if (script === undefined) continue;
    text += `${i === 0 ? '' : ','}{"url":${toJson(script.url)},"sourceMapURL":${toJson(script.sourceMapURL)}`;
    text += script.source === undefined ? '}' : `,"source":${toJson(script.source)}}`;
  }
  return `[${text}]`;
}

export function runToJson({ id, pid, node, start, interval, elapsed, cpu, thread }: WrittenRunMetadata): string {
  let text = `{"id":${toJson(id)},"pid":${pid},"node":${toJson(node)},"start":${toJson(start)},"interval":${interval}`;
  text += `,"elapsed":${elapsed},"cpu":{"user":${cpu.user},"system":${cpu.system}}`;
  if (thread !== undefined) text += `,"thread":{"cpu":${thread.cpu},"queued":${thread.queued}}`;
  return `${text}}`;
}
