import { expect, test } from 'vitest';
import { isLoopback, parseSocketTable } from '../../../src/record/attach/listening-sockets.ts';

const HEAD = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
const line = (local: string, state: string, inode: string) =>
  `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000  1000        0 ${inode} 1 0000 100 0 0 10 0\n`;

test('listening sockets are read with their address, port, user and inode', () => {
  const table =
    HEAD + line('0100007F:240D', '0A', '41') + line('00000000:0BB8', '0A', '42') + line('0100007F:D431', '01', '43');
  expect(parseSocketTable(table)).toEqual([
    { address: '127.0.0.1', port: 9229, uid: 1000, inode: '41' },
    { address: '0.0.0.0', port: 3000, uid: 1000, inode: '42' },
  ]);
});

test('addresses of IPv6 are read, and those that hold one of IPv4 are that', () => {
  const table =
    HEAD +
    line('00000000000000000000000001000000:240D', '0A', '1') +
    line('0000000000000000FFFF00000100007F:240D', '0A', '2') +
    line('B80D0120000000000000000001000000:240D', '0A', '3');
  expect(parseSocketTable(table).map(({ address }) => [address, isLoopback(address)])).toEqual([
    ['0:0:0:0:0:0:0:1', true],
    ['127.0.0.1', true],
    ['2001:db8:0:0:0:0:0:1', false],
  ]);
});
