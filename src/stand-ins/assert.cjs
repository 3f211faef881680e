/** The two assertions that yargs makes: Node's own module for them takes longer to load than an argument to parse. */

module.exports = { strictEqual, notStrictEqual };

function strictEqual(actual, expected) {
  if (!Object.is(actual, expected)) throw new Error(`${actual} is not ${expected}`);
}

function notStrictEqual(actual, expected) {
  if (Object.is(actual, expected)) throw new Error(`${actual} should be something else`);
}
