/** `node test/fuzz/fuzz-record.mjs`: runs every program of recorded-programs.mjs alone and recorded, and compares. */

import { isDeepStrictEqual } from 'node:util';
import { allCases, drawCases, findNode, runCase, VERSIONS } from './recorded-programs.mjs';

/**
 * Returns the number of cases that differ. Prints each.
 * @param end ms since 1970
 * @param random a function like Math.random, which draws the cases; without one, all run in a fixed order
 */
export async function fuzzRecord({ end = Number.POSITIVE_INFINITY, random = null } = {}) {
  const nodes = new Map(VERSIONS.map((version) => [version, findNode(version)]));
  const versions = VERSIONS.filter((version) => nodes.get(version) !== null);
  const all = allCases(versions);
  const cases = random === null ? all : drawCases(versions, all.length, random);
  let differences = 0;
  let started = 0;
  async function work() {
    while (started < cases.length && Date.now() < end) {
      const drawn = cases[started++];
      const { alone, recorded } = await runCase(drawn, nodes.get(drawn.version));
      if (isDeepStrictEqual(alone, recorded)) continue;
      differences++;
      console.log(JSON.stringify({ ...drawn, alone, recorded }, null, 2));
    }
  }
  await Promise.all([work(), work(), work()]);
  console.log(`${started} of ${cases.length} recorded programs, ${differences} differences`);
  return differences;
}

if (process.argv[1]?.endsWith('fuzz-record.mjs')) process.exitCode = (await fuzzRecord()) === 0 ? 0 : 1;
