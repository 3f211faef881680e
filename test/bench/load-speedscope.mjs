/** `node load-speedscope.mjs FILE`: loads a CPU profile as speedscope's page does, without the page. */

import { readBySpeedscope } from '../support/speedscope.mjs';

const [, , file] = process.argv;
const { profiles } = await readBySpeedscope(file, import.meta.url);
let functions = 0;
profiles[0].forEachFrame(() => functions++);
console.log(`${functions} functions`);
