/** `node load-speedscope.mjs FILE`: loads a CPU profile as speedscope's page does, without the page. */

import { readBySpeedscope } from '../support/speedscope.mjs';

const [, , file] = process.argv;
const { profiles } = await readBySpeedscope(file, import.meta.url);
console.log(`${profiles[0].frames.size} functions`);
