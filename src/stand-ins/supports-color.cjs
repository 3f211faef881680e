/** chalk asks here whether there is a terminal, which loads Node's; pstat asks by itself, and tells chalk. As the default export. */

module.exports = { stdout: false, stderr: false };
