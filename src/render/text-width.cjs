/**
 * Stands for the package string-width in what is built (package.json, `esbuild`): cli-table3 asks it for every line of
 * every cell. Most text is plain, and as wide as it is long. It is no module of TypeScript, for cli-table3 is none either.
 */

const stringWidth = require('string-width-full');

const PLAIN = /^[\x20-\x7e]*$/;

module.exports = (text) => (PLAIN.test(text) ? text.length : stringWidth(text));
