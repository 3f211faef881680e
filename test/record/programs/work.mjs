/**
 * The work of the tests' servers: four kinds, each with functions of its own names, so that a test detects a function in
 * the wrong file. Each kind continues asynchronously in several ways: timers, immediates, promises, events of a stream.
 */

import { setImmediate, setTimeout } from 'node:timers/promises';

const BURST = Number(process.env.BURST ?? 0.3);

function spin(ms) {
  const end = performance.now() + ms;
  let sum = 0;
  while (performance.now() < end) sum += JSON.stringify({ sum }).length;
  return sum;
}

// Not one shared function: V8 identifies functions by their position.
function alphaBurst() {
  return spin(BURST);
}
function betaBurst() {
  return spin(BURST);
}
function gammaBurst() {
  return spin(BURST);
}
function deltaBurst() {
  return spin(BURST);
}

async function alphaServe(body) {
  alphaBurst();
  await setTimeout(2);
  alphaBurst();
  for await (const _ of body) alphaBurst();
  alphaBurst();
  return 'alpha';
}

async function betaServe(body) {
  betaBurst();
  await setImmediate();
  betaBurst();
  await new Promise((resolve) => body.on('data', betaBurst).on('end', resolve).on('close', resolve));
  betaBurst();
  for (let i = 0; i < 20; i++) await null;
  betaBurst();
  return 'beta';
}

async function gammaServe(body) {
  await Promise.all([setTimeout(1).then(gammaBurst), setTimeout(3).then(gammaBurst), setImmediate().then(gammaBurst)]);
  body.resume();
  return new Promise((resolve) => {
    queueMicrotask(() => process.nextTick(() => resolve('gamma')));
    gammaBurst();
  });
}

async function deltaServe(body) {
  body.resume();
  deltaBurst();
  await setTimeout(1);
  deltaBurst();
  throw new Error('delta always fails');
}

const SERVES = { alpha: alphaServe, beta: betaServe, gamma: gammaServe, delta: deltaServe };

/** Does the work of a path such as `/alpha/7`. @param body the request, as a stream */
export function serve(url, body) {
  const [, kind] = url.split(/[/?]/);
  return SERVES[kind](body);
}
