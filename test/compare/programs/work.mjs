/** A program whose amount of work, memory and waiting is set by variables. */

const { REPEAT = '1', WAIT = '0', CACHE = 'on' } = process.env;
const cache = new Map();

function expensive(n) {
  let sum = 0;
  for (let i = 0; i < 4000; i++) sum += Math.sqrt(i * n) % 7;
  return sum;
}

function lookUp(n) {
  if (CACHE === 'on' && cache.has(n)) return cache.get(n);
  const value = expensive(n);
  cache.set(n, value);
  return value;
}

function makeObjects(count) {
  const kept = [];
  for (let i = 0; i < count; i++) {
    const object = { i, text: `object ${i}` };
    if (i % 10 === 0) kept.push(object);
  }
  return kept.length;
}

function main() {
  let result = 0;
  for (let round = 0; round < 30 * Number(REPEAT); round++) {
    for (let n = 0; n < 200; n++) result += lookUp(n % 50);
    result += makeObjects(20_000);
  }
  if (Number(WAIT) > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(WAIT));
  return result;
}

console.log(main());
