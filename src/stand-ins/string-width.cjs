/** cli-table3 asks for the width of every line of every cell. Most text is plain, and as wide as it is long. */

const stringWidth = require('string-width-full');

const PLAIN = /^[\x20-\x7e]*$/;

module.exports = (text) => (PLAIN.test(text) ? text.length : stringWidth(text));
