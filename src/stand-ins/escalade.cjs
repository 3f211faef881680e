/**
 * yargs looks for a package.json from the current folder upwards, to tell a version that pstat tells itself. In a folder
 * of thousands of profiles that would be to list them all. The one beside the program will do.
 */

const path = require('node:path');

module.exports = () => path.join(__dirname, 'package.json');
