/** Requests to their true end, whatever it is; and a server that never notices. */

import { mkdtempSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { PRELOAD, runNode, runPreloaded, runProgram } from '../../support/program.ts';

/** A server that works and answers; `ask(port, …)` asks it. */
const SERVER = `
  function handle() { work(); }
  const server = http.createServer((request, response) => { handle(); response.end('served'); });
  const port = await listening(server);
`;

/** On a machine that is busy otherwise, V8's sampler may sleep for 50 ms: a function that ran is then in no sample. */
const SAMPLED = { retry: 4 };

describe('a request', SAMPLED, () => {
  test('leaves a file named after it, which says what the name cannot', async () => {
    const { files, stderr, stdout } = await runPreloaded(`${SERVER}
      console.log((await ask(port, '/resource_providers/7/?limit=5&key=%C3%BC', { method: 'PUT' })).text);
      server.close();`);
    expect([stdout, stderr]).toEqual(['served\n', '']);
    expect(files).toHaveLength(1);
    const [{ name, facts, functions } = { name: '', facts: null, functions: [] }] = files;
    expect(name).toMatch(/^PUT\.resource_providers\.7\.0000\d\dms\.\d{10}\.cpuprofile$/);
    expect(facts).toMatchObject({ method: 'PUT', url: '/resource_providers/7/?limit=5&key=%C3%BC', status: 200 });
    expect(facts).toMatchObject({ aborted: false, cut: false, skipped: 0, others: 0, interval: 1000 });
    expect(facts?.elapsed).toBeGreaterThan(8000);
    expect(facts?.busy).toBeGreaterThan(8000);
    expect(facts?.busy).toBeLessThanOrEqual(facts?.elapsed ?? 0);
    expect(functions).toContain('handle');
  });

  test('is on disk when the process ends at once', async () => {
    const { files } = await runPreloaded(`${SERVER} await ask(port, '/'); process.exit();`);
    expect(files.map(({ facts }) => facts.status)).toEqual([200]);
  });

  test('which the process leaves unserved says so', async () => {
    const { files } = await runPreloaded(`
      const port = await listening(http.createServer(() => { work(); setTimeout(process.exit, 20); }));
      await ask(port, '/');`);
    expect(files.map(({ facts }) => facts)).toMatchObject([{ status: null, aborted: true, cut: true }]);
  });

  test('that ends in an uncaught error is on disk, and the error is the program’s', async () => {
    const { files, stderr, code } = await runPreloaded(`
      const port = await listening(http.createServer(() => { work(); throw new Error('the program fails'); }));
      await ask(port, '/').catch(() => {});`);
    expect(code).toBe(1);
    expect(stderr).toContain('the program fails');
    expect(files.map(({ facts }) => facts)).toMatchObject([{ status: null, aborted: true }]);
  });

  test('whose client hangs up ends then', async () => {
    const { files } = await runPreloaded(`
      const server = http.createServer((request, response) => { response.write('some'); });
      const port = await listening(server);
      await new Promise((done) => {
        const request = http.get({ port, path: '/endless' }, (response) => {
          response.once('data', () => setTimeout(() => { request.destroy(); done(); }, 30));
        });
      });
      await pause(300); server.close(); server.closeAllConnections();`);
    expect(files.map(({ facts }) => facts)).toMatchObject([{ status: 200, aborted: true, cut: false }]);
  });

  test('that is streamed is profiled to its last byte, and nothing of it is held back', async () => {
    const { files } = await runPreloaded(`
      function late() { work(5); }
      const server = http.createServer(async (request, response) => {
        response.write('first');
        while (!seen) await pause(5);
        late(); response.end('last');
      });
      let seen = false;
      const port = await listening(server);
      await new Promise((done) => http.get({ port, agent: false }, (response) => {
        response.once('data', () => setTimeout(() => { seen = true; }, 50));
        response.resume().on('end', done);
      }));
      server.close();`);
    expect(files[0]?.functions).toContain('late');
    expect(files[0]?.facts.elapsed).toBeGreaterThan(50_000);
  });

  test('that is served for too long is cut, and makes room for others', async () => {
    const { files } = await runPreloaded(
      `const server = http.createServer((request, response) => {
         work(5); response.write('event'); if (request.url !== '/events') response.end();
       });
       const port = await listening(server);
       http.get({ port, path: '/events', agent: false }, (response) => response.resume()).on('error', () => {});
       await pause(900); await ask(port, '/next'); process.exit();`,
      { environment: { PSTAT_PROFILE_LONGEST: '0.3' } },
    );
    expect(files.map(({ facts }) => [facts.url, facts.cut])).toEqual([
      ['/events', true],
      ['/next', false],
    ]);
  });

  test('that waits behind another on a connection which breaks ends with it', async () => {
    const { files, stderr } = await runPreloaded(
      `import net from 'node:net';
       const server = http.createServer((request, response) => { work(2); if (request.url === '/never') return; response.end(); });
       const port = await listening(server);
       const client = net.connect(port, '127.0.0.1');
       client.write('GET /never HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n' + 'GET /behind HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n'.repeat(20));
       await pause(100); client.destroy(); await pause(500);
       server.close(); process.exitCode = process._getActiveHandles().length > 5 ? 3 : 0;`,
      { environment: { PSTAT_PROFILE_CONCURRENCY: 'split' } },
    );
    expect(stderr).toBe('');
    expect(files).toHaveLength(21);
    expect(files.every(({ facts }) => facts.aborted && !facts.cut)).toBe(true);
  });

  test.each(['one', 'split'])('whose body comes in chunks is followed through all of them: %s', async (concurrency) => {
    const { files } = await runPreloaded(
      `function onChunk() { work(12); }
       function onEnd() { work(12); }
       async function afterEnd() { await pause(2); work(12); }
       const server = http.createServer((request, response) => {
         request.on('data', onChunk);
         request.on('end', () => { onEnd(); afterEnd().then(() => response.end('x')); });
       });
       const port = await listening(server);
       const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
       for (const path of ['/first', '/second']) await new Promise((done) => {
         const request = http.request({ port, path, agent, method: 'POST' }, (response) => response.resume().on('end', done));
         request.write('a');
         setTimeout(() => { request.write('b'); setTimeout(() => request.end('c'), 10); }, 10);
       });
       server.close(); agent.destroy();`,
      { environment: { PSTAT_PROFILE_CONCURRENCY: concurrency } },
    );
    expect(files).toHaveLength(2);
    for (const { functions, facts } of files) {
      expect(functions).toEqual(expect.arrayContaining(['onChunk', 'onEnd', 'afterEnd']));
      expect(facts.busy).toBeGreaterThan(55_000);
    }
  });

  test('keeps the program’s own contexts', async () => {
    const { stdout, files } = await runPreloaded(
      `import { AsyncLocalStorage } from 'node:async_hooks';
       const storage = new AsyncLocalStorage();
       const server = http.createServer((request, response) => storage.run(request.url, async () => {
         await pause(5);
         let body = ''; for await (const chunk of request) body += chunk;
         response.on('close', () => console.log(storage.getStore() === undefined || storage.getStore() === request.url));
         response.end(storage.getStore() + body);
       }));
       const port = await listening(server);
       console.log((await Promise.all(['/a', '/b'].map((path) => ask(port, path, { method: 'POST', body: '!' })))).map(({ text }) => text).join());
       server.close();`,
      { environment: { PSTAT_PROFILE_CONCURRENCY: 'split' } },
    );
    expect(stdout.split('\n').filter((line) => line !== 'true')).toEqual(['/a!,/b!', '']);
    expect(files).toHaveLength(2);
  });

  test('can be read by its owner alone, in a folder that was made', async () => {
    const dir = path.join(mkdtempSync(path.join(tmpdir(), 'pstat-mode-')), 'a', 'b');
    await runPreloaded(`${SERVER} await ask(port, '/'); server.close();`, { dir });
    const names = readdirSync(dir);
    expect(names).toHaveLength(1);
    expect(statSync(path.join(dir, names[0] ?? '')).mode & 0o777).toBe(0o600);
  });

  test('never takes the file of another', async () => {
    const { files } = await runPreloaded(
      `const server = http.createServer((request, response) => response.end());
       const port = await listening(server);
       for (let i = 0; i < 50; i++) await ask(port, '/same');
       server.close();`,
      { environment: { PSTAT_PROFILE_NAME: 'same' } },
    );
    expect(files).toHaveLength(50);
    expect(new Set(files.map(({ facts }) => facts.start)).size).toBeGreaterThan(5);
    expect(files.map(({ name }) => name)).toContain('same.50.cpuprofile');
  });
});

describe('which requests', SAMPLED, () => {
  const ASKED = `${SERVER} for (let i = 0; i < 7; i++) await ask(port, i % 2 ? '/odd' : '/even'); server.close();`;

  test.each<[Record<string, string>, number]>([
    [{}, 7],
    [{ PSTAT_PROFILE_WHEN: 'GET /odd' }, 3],
    [{ PSTAT_PROFILE_WHEN: '/EVEN$/i' }, 4],
    [{ PSTAT_PROFILE_ONE_IN: '3' }, 3],
    [{ PSTAT_PROFILE_WHEN: '/odd', PSTAT_PROFILE_ONE_IN: '2' }, 2],
    [{ PSTAT_PROFILE_SLOWER_THAN: '5' }, 7],
    [{ PSTAT_PROFILE_SLOWER_THAN: '5000' }, 0],
  ])('%j', async (environment, count) => {
    const { files, stderr } = await runPreloaded(ASKED, { environment });
    expect(stderr).toBe('');
    expect(files).toHaveLength(count);
  });

  test('at the same time: one is profiled, and the others are counted', async () => {
    const { files } = await runPreloaded(`
      const server = http.createServer(async (request, response) => { work(3); await pause(50); work(3); response.end(); });
      const port = await listening(server);
      await Promise.all(Array.from({ length: 5 }, () => ask(port, '/')));
      await ask(port, '/after'); server.close();`);
    expect(files.map(({ facts }) => facts.skipped).sort()).toEqual([0, 4]);
    expect(files.map(({ facts }) => facts.others > 0)).toContain(true);
  });
});

describe('from the program', () => {
  test('functions choose and name', async () => {
    const { files } = await runProgram(`
      const options = { dir, when: ({ url }) => url !== '/no', name: ({ path, status }) => path + '-' + status };
      const listener = profiler((request, response) => { work(); response.writeHead(201).end(); }, options);
      const server = http.createServer(listener);
      const port = await listening(server);
      await ask(port, '/no'); await ask(port, '/a/b'); await listener.close();
      await ask(port, '/late'); server.close();`);
    expect(files.map(({ name }) => name)).toEqual(['a.b-201.cpuprofile']);
  });

  test('functions that throw are a warning, once, and no more', async () => {
    const { files, stderr, stdout } = await runProgram(`
      const fail = () => { throw new Error('not today'); };
      const named = profiler((request, response) => response.end('served'), { dir, name: fail });
      const chosen = profiler(named, { dir, when: fail });
      const server = http.createServer(chosen);
      const port = await listening(server);
      for (let i = 0; i < 3; i++) console.log((await ask(port, '/')).text);
      server.close();`);
    expect(stdout).toBe('served\nserved\nserved\n');
    expect(stderr.match(/PstatWarning: .*/g)).toEqual([
      "PstatWarning: the profiler's option when threw: not today",
      "PstatWarning: the profiler's option name threw: not today",
    ]);
    expect(files.map(({ facts }) => facts.status)).toEqual([200, 200, 200]);
  });

  test.each([
    ['{}', /option dir .* must name a folder/],
    ['{ dir, oneIn: 0 }', /option oneIn \(PSTAT_PROFILE_ONE_IN\) must be a number, 1 or more/],
    ['{ dir, oneIn: 1.5 }', /must be a whole number/],
    ['{ dir, interval: 10 }', /option interval .* must be a number, 50 or more/],
    ["{ dir, concurrency: 'many' }", /must be 'one' or 'split'/],
    ["{ dir, when: 'GET' }", /option when .* must be a function/],
    ["{ dir, name: '{url}' }", /has no field \{url\}/],
    ['{ dir, maxRequests: 3 }', /has no option 'maxRequests'; it has dir, name/],
  ])('options that cannot be followed are refused at once: %s', async (options, message) => {
    const { stderr, code } = await runProgram(`profiler(${options});`);
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
  });

  test('close() waits for the files, however often it is called, and leaves no thread', async () => {
    const { files, stdout } = await runProgram(`
      import { readdirSync } from 'node:fs';
      const threads = () => process.platform === 'linux' ? readdirSync('/proc/self/task').length : 0;
      const counts = [];
      const listeners = process.listenerCount('exit');
      for (let i = 0; i < 4; i++) {
        const listener = profiler((request, response) => { work(2); response.end(); }, { dir });
        const server = http.createServer(listener);
        const port = await listening(server);
        await ask(port, '/' + i);
        if (i % 2 === 0) await pause(600);
        void listener.close();
        await listener.close();
        counts.push(threads());
        server.close();
      }
      console.log(counts.every((count) => count === counts[0]), process.listenerCount('exit') - listeners);
      process.exit();`);
    expect(files.map(({ facts }) => facts.url)).toEqual(['/0', '/1', '/2', '/3']);
    expect(stdout).toBe('true 0\n');
  });

  test('an odd request stops no other', async () => {
    const { files, stderr } = await runProgram(`
      import { EventEmitter } from 'node:events';
      const listener = profiler((request, response) => { work(2); if (request.url !== '/odd') response.end(); }, { dir, concurrency: 'split' });
      listener(Object.assign(new EventEmitter(), { url: '/odd', method: 'GET' }), new EventEmitter());
      const server = http.createServer(listener);
      const port = await listening(server);
      await ask(port, '/usual'); await pause(500); await listener.close(); server.close();`);
    expect(stderr).toBe('');
    expect(files.map(({ facts }) => [facts.url, facts.aborted])).toEqual([
      ['/odd', true],
      ['/usual', false],
    ]);
  });

  test('a request that is told of twice counts once', async () => {
    const { files } = await runPreloaded(
      `const server = http.createServer((request, response) => { response.end(); });
       server.on('checkContinue', (request, response) => { response.writeContinue(); server.emit('request', request, response); });
       const port = await listening(server);
       for (let i = 0; i < 6; i++) await ask(port, '/' + i, { method: 'POST', headers: { expect: '100-continue' }, body: 'x' });
       server.close();`,
      { environment: { PSTAT_PROFILE_ONE_IN: '3' } },
    );
    expect(files.map(({ facts }) => [facts.url, facts.number])).toEqual([
      ['/0', 1],
      ['/3', 4],
    ]);
  });

  test('under the preload, a request is profiled once', async () => {
    const { files } = await runPreloaded(`
      const server = http.createServer(profiler((request, response) => { work(); response.end(); }, { dir }));
      const port = await listening(server);
      await ask(port, '/'); server.close();`);
    expect(files).toHaveLength(1);
  });
});

describe('a fault', () => {
  test('of the folder is a warning, once, and every response is whole', async () => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'pstat-fault-')), 'file');
    writeFileSync(file, '');
    const { stdout, stderr, code } = await runPreloaded(
      `${SERVER} for (let i = 0; i < 4; i++) { console.log((await ask(port, '/')).text); await pause(250); } server.close();`,
      { dir: path.join(file, 'profiles') },
    );
    expect([stdout, code]).toEqual(['served\n'.repeat(4), 0]);
    expect(stderr.match(/PstatWarning: .*/g)).toEqual([
      expect.stringMatching(/no profile can be written to .*profiles: ENOTDIR: .*; requests are served all the same/),
    ]);
  });

  test('of the folder is told even by a process that ends at once', async () => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'pstat-fault-')), 'file');
    writeFileSync(file, '');
    const { stderr } = await runPreloaded(`${SERVER} await ask(port, '/'); process.exit();`, {
      dir: path.join(file, 'profiles'),
    });
    expect(stderr).toMatch(/PstatWarning: no profile can be written to .*profiles: ENOTDIR: /);
  });

  test.skipIf(process.platform !== 'linux')('of a folder that cannot be made holds nobody up', async () => {
    const { stdout, stderr, code } = await runPreloaded(
      `${SERVER} console.log((await ask(port, '/')).text); server.close();`,
      { environment: { PSTAT_PROFILE_DIR: '/proc/none/profiles' } },
    );
    expect([stdout, code]).toEqual(['served\n', 0]);
    expect(stderr).toContain('no profile can be written to /proc/none/profiles: ENOENT');
  });

  test.each<[Record<string, string>, RegExp]>([
    [{ PSTAT_PROFILE_DIR: '', PSTAT_PROFILE_ONE_IN: '2' }, /PSTAT_PROFILE_ONE_IN is set and PSTAT_PROFILE_DIR is not/],
    [{ PSTAT_PROFILE_INTERVAL: 'fast' }, /option interval \(PSTAT_PROFILE_INTERVAL\) must be a whole number/],
    [{ PSTAT_PROFILE_CONCURENCY: 'split' }, /PSTAT_PROFILE_CONCURENCY means nothing; there is PSTAT_PROFILE_DIR/],
    [{ PSTAT_PROFILE_WHEN: '/(/' }, /regular expression '\/\(\/' does not parse/],
  ])('of the environment is a warning, and the program runs unprofiled: %j', async (environment, message) => {
    const { stdout, stderr, files } = await runPreloaded(
      `${SERVER} console.log((await ask(port, '/')).text); server.close();`,
      { environment },
    );
    expect([stdout, files]).toEqual(['served\n', []]);
    expect(stderr.match(/PstatWarning: .*/g)).toEqual([expect.stringMatching(message)]);
  });

  test('of V8, which holds a hundred profiles, costs profiles and nothing else', async () => {
    const { stdout, code } = await runPreloaded(`
      import { Session } from 'node:inspector';
      const session = new Session(); session.connect(); session.post('Profiler.enable');
      for (let i = 0; i < 120; i++) console.profile('own ' + i);
      ${SERVER}
      console.log((await ask(port, '/')).text); await pause(300); server.close();`);
    expect([stdout, code]).toEqual(['served\n', 0]);
  });

  test('no folder named: nothing happens at all', async () => {
    const { stdout, stderr } = await runPreloaded(
      `${SERVER} console.log((await ask(port, '/')).text, Object.keys(server).includes('emit')); server.close();`,
      { environment: { PSTAT_PROFILE_DIR: '' } },
    );
    expect([stdout, stderr]).toEqual(['served false\n', '']);
  });
});

describe('beside', SAMPLED, () => {
  test('a profile of the program’s own, ended without its title', async () => {
    const { files, stderr } = await runPreloaded(`
      import { Session } from 'node:inspector';
      const session = new Session(); session.connect(); session.post('Profiler.enable');
      function handle() { console.profile('own'); work(); console.profileEnd(); console.profileEnd(); work(); }
      const server = http.createServer((request, response) => { handle(); response.end(); });
      const port = await listening(server);
      await ask(port, '/'); await ask(port, '/'); server.close();`);
    expect(stderr).toBe('');
    expect(files.map(({ functions }) => functions.includes('handle'))).toEqual([true, true]);
  });

  test('--cpu-prof, which is enough: one warning, and that profile', async () => {
    const dir = mkdtempSync(path.join(tmpdir(), 'pstat-beside-'));
    const { files, code, stderr } = await runPreloaded(`${SERVER} await ask(port, '/'); server.close();`, {
      options: ['--cpu-prof', '--cpu-prof-dir', path.join(dir, 'cpu')],
    });
    expect([code, files]).toEqual([0, []]);
    expect(stderr).toMatch(
      /^\(node:\d+\) PstatWarning: requests are not profiled: --cpu-prof profiles [^\n]*\n[^\n]*\n$/,
    );
    expect(readdirSync(path.join(dir, 'cpu'))).toHaveLength(1);
  });
});

describe('other ways to serve', () => {
  test('CommonJS, with --import and with --require', async () => {
    const dir = mkdtempSync(path.join(tmpdir(), 'pstat-cjs-'));
    const program = path.join(dir, 'server.cjs');
    writeFileSync(
      program,
      `const http = require('node:http');
       const server = http.createServer((request, response) => { for (let i = 0; i < 1e6; i++) Math.sqrt(i); response.end(); });
       server.listen(0, () => http.get({ port: server.address().port, agent: false }, (r) => r.resume().on('end', () => server.close())));`,
    );
    for (const flag of ['--import', '--require']) {
      const { files, stderr } = await runNode([flag, PRELOAD, program], path.join(dir, flag), {});
      expect([files.length, stderr]).toEqual([1, '']);
    }
  });

  test('in worker threads, into one folder', async () => {
    const dir = path.join(mkdtempSync(path.join(tmpdir(), 'pstat-workers-')), 'profiles');
    const { files, stderr } = await runNode(['--import', PRELOAD, 'test/record/programs/workers.mjs'], dir, {});
    expect(stderr).toBe('');
    expect(files).toHaveLength(6);
  });

  test('in the processes of a cluster, into one folder', async () => {
    const dir = path.join(mkdtempSync(path.join(tmpdir(), 'pstat-cluster-')), 'profiles');
    const args = ['--import', PRELOAD, 'test/record/programs/cluster.mjs'];
    const { files, stderr, stdout } = await runNode(args, dir, { PSTAT_PROFILE_NAME: '{method}.{path}' });
    expect([stdout, stderr]).toEqual(['served'.repeat(20), '']);
    expect(files).toHaveLength(20);
  });

  test('HTTPS', async () => {
    const { files, stderr } = await runPreloaded(`
      import https from 'node:https';
      const psk = Buffer.alloc(16, 1);
      const server = https.createServer({ pskCallback: () => psk, ciphers: 'PSK' }, (request, response) => response.end('x'));
      const port = await listening(server);
      await new Promise((done, fail) => https.get({ port, host: '127.0.0.1', agent: false, ciphers: 'PSK', checkServerIdentity() {}, pskCallback: () => ({ psk, identity: 'x' }), path: '/secret' },
        (response) => response.resume().on('end', done)).on('error', fail));
      server.close();`);
    expect([files.map(({ facts }) => facts.url), stderr]).toEqual([['/secret'], '']);
  });

  test('HTTP/2, by the wrapper', async () => {
    const { files, stderr } = await runProgram(`
      import http2 from 'node:http2';
      const listener = profiler((request, response) => { work(); response.end('x'); }, { dir });
      const server = http2.createServer(listener);
      const port = await listening(server);
      const client = http2.connect('http://127.0.0.1:' + port);
      const stream = client.request({ ':path': '/two' });
      await new Promise((done) => stream.resume().on('end', done));
      client.close(); await listener.close(); server.close();`);
    expect(stderr).toBe('');
    expect(files.map(({ facts }) => facts)).toMatchObject([{ url: '/two', status: 200, aborted: false }]);
  });
});
