import { expect, test } from 'vitest';
import { inspectAddressOf } from '../../../src/record/attach/inspect-options.ts';
import { isLoopback } from '../../../src/record/attach/listening-sockets.ts';

test.each([
  ['node server.js', '', '127.0.0.1', 9229, false, false],
  ['node --inspect-port=9300 server.js', '', '127.0.0.1', 9300, false, false],
  ['node --inspect-port 9300 server.js', '', '127.0.0.1', 9300, false, false],
  ['node --debug-port=9300 server.js', '', '127.0.0.1', 9300, false, false],
  ['node --inspect-port=0.0.0.0:9229 server.js', '', '0.0.0.0', 9229, false, true],
  ['node --inspect-port=0.0.0.0 server.js', '', '0.0.0.0', 9229, false, true],
  ['node --inspect-port=[::]:0 server.js', '', '::', 0, false, true],
  ['node --inspect-port=[::1]:0 server.js', '', '::1', 0, false, false],
  ['node --inspect-port=localhost:9230 server.js', '', 'localhost', 9230, false, false],
  ['node --inspect-port=example.org server.js', '', 'example.org', 9229, false, true],
  ['node --inspect server.js', '', '127.0.0.1', 9229, true, false],
  ['node --inspect=9301 server.js', '', '127.0.0.1', 9301, true, false],
  ['node --inspect-brk=0.0.0.0:9301 server.js', '', '0.0.0.0', 9301, true, true],
  ['node server.js --inspect-port=0.0.0.0:1', '', '127.0.0.1', 9229, false, false],
  ['node server.js', '--max-old-space-size=100 --inspect-port=0.0.0.0', '0.0.0.0', 9229, false, true],
  ['node --inspect-port=127.0.0.1:9400 server.js', '--inspect-port=0.0.0.0', '127.0.0.1', 9400, false, false],
])('%s with NODE_OPTIONS %j has its inspector at %s:%i', (command, options, host, port, isOpenFromStart, atRisk) => {
  const address = inspectAddressOf(command.split(' '), options === '' ? [] : options.split(' '));
  expect(address).toMatchObject({ host, port, isOpenFromStart });
  expect(isLoopback(address.host)).toBe(!atRisk);
});
