import { expect, test } from 'vitest';
import { render } from '../../../src/render/render.ts';
import { loadTheme } from '../../../src/render/theme.ts';
import type { ProcessesView } from '../../../src/view/processes-view.ts';

const view: ProcessesView = {
  view: 'processes',
  about: 'Node processes of this user, busiest first',
  advice: '`pstat attach PID --for 10s` profiles one of them',
  isQuestion: false,
  rows: [
    {
      pid: 4711,
      cpu: 0.934,
      ports: [3000, 9229],
      command: ['/usr/bin/node', '/srv/deep/down/in/shop/server.js', '--port', '3000'],
    },
    { pid: 12, cpu: 0.002, ports: [80, 81, 82, 83], command: ['npm run \u001b[31mstart'] },
    { pid: 13, cpu: null, ports: [], command: ['node'] },
  ],
};

async function shown(format: 'table' | 'csv', given: ProcessesView = view) {
  const { stdout, exitCode } = await render(given, format, { columns: 80, theme: await loadTheme(0), links: false });
  return { stdout, exitCode };
}

test('processes are a table of pid, CPU, ports and command', async () => {
  expect((await shown('table')).stdout).toMatchInlineSnapshot(`
    "Node processes of this user, busiest first

           CPU
     PID     %        port  command
    4711  93.4   3000 9229  node …/shop/server.js --port 3000
      12   0.2  80 81 82 …  npm run \\x1b[31mstart
      13     ?              node

    \`pstat attach PID --for 10s\` profiles one of them
    "
  `);
});

test('CSV has the whole command', async () => {
  expect((await shown('csv')).stdout).toMatchInlineSnapshot(`
    ""pid","cpu","ports","command"
    4711,0.934,"3000 9229","/usr/bin/node /srv/deep/down/in/shop/server.js --port 3000"
    12,0.002,"80 81 82 83","npm run \\x1b[31mstart"
    13,,"","node"
    "
  `);
});

test('no process, and a question, end with exit code 1', async () => {
  expect((await shown('table')).exitCode).toBe(0);
  expect((await shown('table', { ...view, isQuestion: true })).exitCode).toBe(1);
  const none = await shown('table', { ...view, rows: [] });
  expect([none.exitCode, none.stdout]).toEqual([1, expect.stringContaining('No Node process of this user runs.')]);
});
