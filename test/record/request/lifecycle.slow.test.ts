/** The life of requests: their files for every way to end, and a server that the profiler does not affect. */

import { readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { routeOfUrl } from '../../../src/routes/route-name.ts';
import { PRELOAD, runNode, runPreloaded, runProgram } from '../../support/program.ts';
import { requestFactsOf } from '../../support/runs.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** A server that works and responds; `fetchFrom(port, …)` sends it a request. */
const SERVER = `
  function handle() { work(); }
  const server = http.createServer((request, response) => { handle(); response.end('served'); });
  const port = await listen(server);
`;

describe('the file of a request', () => {
  test('is named after the request and holds its facts', async () => {
    const { files, stderr, stdout } = await runPreloaded(`${SERVER}
      console.log((await fetchFrom(port, '/resource_providers/7/?limit=5&key=%C3%BC', { method: 'PUT' })).text);
      server.close();`);
    expect([stdout, stderr]).toEqual(['served\n', '']);
    expect(files).toHaveLength(1);
    const [{ name, facts, functions } = { name: '', facts: null, functions: [] }] = files;
    expect(name).toMatch(/^PUT\.resource_providers\.7\.\d{6}ms\.\d{10}\.cpuprofile$/);
    expect(facts).toMatchObject({ method: 'PUT', url: '/resource_providers/7/?limit=5&key=%C3%BC', status: 200 });
    expect(facts).toMatchObject({ aborted: false, cut: false, skipped: 0, others: 0, interval: 1000 });
    expect(facts?.elapsed).toBeGreaterThan(8000);
    expect(facts?.busy).toBeGreaterThan(8000);
    expect(facts?.busy).toBeLessThanOrEqual(facts?.elapsed ?? 0);
    expect(functions).toContain('handle');
  });

  /** A server whose handler was transpiled in memory. */
  const TRANSPILED = `
    const map = Buffer.from('{"version":3,"sources":["app.ts"],"names":[],"mappings":"AAEA"}').toString('base64');
    const text = 'globalThis.handle = () => work(); //# sourceMappingURL=data:application/json;base64,' + map;
    globalThis.work = work;
    (await import('node:vm')).runInThisContext(text.replace(' //', '\\n//'), { filename: 'file:///srv/app.ts' });
    const server = http.createServer((request, response) => { globalThis.handle(); response.end('served'); });
    const port = await listen(server);
  `;
  const SCRIPT = { url: 'file:///srv/app.ts', sourceMap: { sources: ['app.ts'] } };

  test('holds the maps of what was transpiled in memory, if the process ends with it', async () => {
    const { files, stderr } = await runPreloaded(`${TRANSPILED} await fetchFrom(port, '/'); process.exit();`);
    expect(stderr).toBe('');
    expect(files.map(({ facts }) => facts)).toMatchObject([{ scripts: [SCRIPT] }]);
  });

  test('holds texts and maps in a server that goes on, if these are wanted', async () => {
    const { files, stderr } = await runPreloaded(
      `${TRANSPILED} for (const path of ['/a', '/b']) { await fetchFrom(port, path); await pause(500); } server.close();`,
      { environment: { PSTAT_PROFILE_SOURCES: '1' } },
    );
    expect(stderr).toBe('');
    expect(files).toHaveLength(2);
    for (const { facts } of files) {
      const { scripts = [] } = facts as { scripts?: { url: string; source?: string }[] };
      expect(scripts.find(({ url }) => url === SCRIPT.url)).toMatchObject(SCRIPT);
      expect(scripts.find(({ url }) => url === SCRIPT.url)?.source).toContain('globalThis.handle');
    }
  });

  test('is written if the process exits right after', async () => {
    const { files } = await runPreloaded(`${SERVER} await fetchFrom(port, '/'); process.exit();`);
    expect(files.map(({ facts }) => facts.status)).toEqual([200]);
  });

  test('says that the process exited before the response', async () => {
    const { files } = await runPreloaded(`
      const port = await listen(http.createServer(() => { work(); setTimeout(process.exit, 20); }));
      await fetchFrom(port, '/');`);
    expect(files.map(({ facts }) => facts)).toMatchObject([{ status: null, aborted: true, cut: true }]);
  });

  test('is written after an uncaught error, which ends the program as usual', async () => {
    const { files, stderr, code } = await runPreloaded(`
      const port = await listen(http.createServer(() => { work(); throw new Error('the program fails'); }));
      await fetchFrom(port, '/').catch(() => {});`);
    expect(code).toBe(1);
    expect(stderr).toContain('the program fails');
    expect(files.map(({ facts }) => facts)).toMatchObject([{ status: null, aborted: true }]);
  });

  test('ends when the client closes the connection', async () => {
    const { files } = await runPreloaded(`
      const server = http.createServer((request, response) => { response.write('some'); });
      const port = await listen(server);
      await new Promise((done) => {
        const request = http.get({ port, path: '/endless' }, (response) => {
          response.once('data', () => setTimeout(() => { request.destroy(); done(); }, 30));
        });
      });
      await pause(300); server.close(); server.closeAllConnections();`);
    expect(files.map(({ facts }) => facts)).toMatchObject([{ status: 200, aborted: true, cut: false }]);
  });

  test('says aborted if the socket was destroyed, though the response was written', async () => {
    const { files } = await runPreloaded(
      `const server = http.createServer((request, response) => {
         if (request.url === '/before') request.socket.destroy();
         response.end('x'.repeat(1e6));
         if (request.url === '/after') request.socket.destroy();
       });
       const port = await listen(server);
       for (const path of ['/before', '/after', '/never']) await fetchFrom(port, path).catch(() => {});
       await pause(300); server.close();`,
      { environment: { PSTAT_PROFILE_CONCURRENCY: 'all' } },
    );
    expect(Object.fromEntries(files.map(({ facts }) => [facts.url, facts.aborted]))).toEqual({
      '/before': true,
      '/after': true,
      '/never': false,
    });
  });

  test('is busy for at most as long as it took, if work goes on after the response', async () => {
    const { files } = await runPreloaded(
      `const server = http.createServer((request, response) => {
         work(2); response.end('x'); setImmediate(() => work(10));
       });
       const port = await listen(server);
       for (let i = 0; i < 5; i++) await Promise.all(Array.from({ length: 20 }, (_, j) => fetchFrom(port, '/' + i + '-' + j)));
       server.close();`,
      { environment: { PSTAT_PROFILE_CONCURRENCY: 'all' } },
    );
    expect(files).toHaveLength(100);
    expect(files.filter(({ facts }) => facts.busy > facts.elapsed)).toEqual([]);
  });

  test('is not written beyond maxFiles, about which the profiler warns once', async () => {
    const { files, stderr, stdout } = await runPreloaded(
      `${SERVER} for (let i = 0; i < 6; i++) { console.log((await fetchFrom(port, '/' + i)).text); await pause(250); } server.close();`,
      { environment: { PSTAT_PROFILE_MAX_FILES: '2' } },
    );
    expect(stdout).toBe('served\n'.repeat(6));
    expect(files.map(({ facts }) => facts.url)).toEqual(['/0', '/1']);
    expect(stderr.match(/PstatWarning: .*/g)).toEqual([
      expect.stringMatching(/ has reached its limit of 2 files \(PSTAT_PROFILE_MAX_FILES\); requests are not profiled/),
    ]);
  });

  test('covers a streamed response to its last byte, without delaying it', async () => {
    const { files } = await runPreloaded(`
      function late() { work(5); }
      const server = http.createServer(async (request, response) => {
        response.write('first');
        while (!received) await pause(5);
        late(); response.end('last');
      });
      let received = false;
      const port = await listen(server);
      await new Promise((done) => http.get({ port, agent: false }, (response) => {
        response.once('data', () => setTimeout(() => { received = true; }, 50));
        response.resume().on('end', done);
      }));
      server.close();`);
    expect(files[0]?.functions).toContain('late');
    expect(files[0]?.facts.elapsed).toBeGreaterThan(50_000);
  });

  test('is cut at maxDuration, after which other requests are profiled', async () => {
    const { files } = await runPreloaded(
      `import { existsSync, readdirSync } from 'node:fs';
       const profiles = () => (existsSync(dir) ? readdirSync(dir) : []);
       const server = http.createServer((request, response) => {
         work(5); response.write('event'); if (request.url !== '/events') response.end();
       });
       const port = await listen(server);
       http.get({ port, path: '/events', agent: false }, (response) => response.resume()).on('error', () => {});
       while (!profiles().some((name) => name.endsWith('.cpuprofile'))) await pause(20);
       await fetchFrom(port, '/next'); process.exit();`,
      { environment: { PSTAT_PROFILE_MAX_DURATION: '1' } },
    );
    expect(files.map(({ facts }) => [facts.url, facts.cut])).toEqual([
      ['/events', true],
      ['/next', false],
    ]);
  });

  test('ends with the connection if the response waits behind another', async () => {
    const { files, stderr } = await runPreloaded(
      `import net from 'node:net';
       const server = http.createServer((request, response) => { work(2); if (request.url === '/never') return; response.end(); });
       const port = await listen(server);
       const client = net.connect(port, '127.0.0.1');
       client.write('GET /never HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n' + 'GET /behind HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n'.repeat(20));
       await pause(100); client.destroy(); await pause(500);
       server.close(); process.exitCode = process._getActiveHandles().length > 5 ? 3 : 0;`,
      { environment: { PSTAT_PROFILE_CONCURRENCY: 'all' } },
    );
    expect(stderr).toBe('');
    expect(files).toHaveLength(21);
    expect(files.every(({ facts }) => facts.aborted && !facts.cut)).toBe(true);
  });

  test.each(['single', 'all'])('holds the work on all chunks of the body: concurrency %s', async (concurrency) => {
    const { files } = await runPreloaded(
      `function onChunk() { work(12); }
       function onEnd() { work(12); }
       async function afterEnd() { await pause(2); work(12); }
       const server = http.createServer((request, response) => {
         request.on('data', onChunk);
         request.on('end', () => { onEnd(); afterEnd().then(() => response.end('x')); });
       });
       const port = await listen(server);
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

  test('leaves the program’s own async contexts unchanged', async () => {
    const { stdout, files } = await runPreloaded(
      `import { AsyncLocalStorage } from 'node:async_hooks';
       const storage = new AsyncLocalStorage();
       const server = http.createServer((request, response) => storage.run(request.url, async () => {
         await pause(5);
         let body = ''; for await (const chunk of request) body += chunk;
         response.on('close', () => console.log(storage.getStore() === undefined || storage.getStore() === request.url));
         response.end(storage.getStore() + body);
       }));
       const port = await listen(server);
       console.log((await Promise.all(['/a', '/b'].map((path) => fetchFrom(port, path, { method: 'POST', body: '!' })))).map(({ text }) => text).join());
       server.close();`,
      { environment: { PSTAT_PROFILE_CONCURRENCY: 'all' } },
    );
    expect(stdout.split('\n').filter((line) => line !== 'true')).toEqual(['/a!,/b!', '']);
    expect(files).toHaveLength(2);
  });

  test('is readable only by its owner, in a folder that pstat creates', async () => {
    const dir = path.join(temporaryFolder('mode'), 'a', 'b');
    await runPreloaded(`${SERVER} await fetchFrom(port, '/'); server.close();`, { dir });
    const names = readdirSync(dir);
    expect(names).toHaveLength(1);
    expect(statSync(path.join(dir, names[0] ?? '')).mode & 0o777).toBe(0o600);
  });

  test('never replaces another file', async () => {
    const { files } = await runPreloaded(
      `const server = http.createServer((request, response) => response.end());
       const port = await listen(server);
       for (let i = 0; i < 50; i++) await fetchFrom(port, '/same');
       server.close();`,
      { environment: { PSTAT_PROFILE_NAME: 'same' } },
    );
    expect(files).toHaveLength(50);
    expect(new Set(files.map(({ facts }) => facts.start)).size).toBeGreaterThan(5);
    expect(files.map(({ name }) => name)).toContain('same.50.cpuprofile');
  });
});

describe.skipIf(process.platform === 'win32')('a signal', () => {
  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'])(
    '%s without a listener ends the process after its files are written',
    async (name) => {
      const { files, signal, stdout } = await runPreloaded(
        `${SERVER} await fetchFrom(port, '/');
       console.log(process.listenerCount('${name}'), process.eventNames().includes('${name}'));
       process.kill(process.pid, '${name}'); await pause(3000); console.log('still running');`,
      );
      expect([signal, stdout]).toEqual([name, '0 false\n']);
      expect(files.map(({ facts }) => facts.status)).toEqual([200]);
    },
  );

  test('with a listener of the program is the program’s, before and after the first request', async () => {
    for (const order of ['before', 'after']) {
      const listen = `process.on('SIGTERM', () => { console.log('own'); process.exit(3); });`;
      const { stdout, code, files } = await runPreloaded(
        `${SERVER} ${order === 'before' ? listen : ''} await fetchFrom(port, '/'); ${order === 'after' ? listen : ''}
         process.kill(process.pid, 'SIGTERM'); await pause(3000);`,
      );
      expect([stdout, code, files.length]).toEqual(['own\n', 3, 1]);
    }
  });

  test('ends a server whose request never ends its work', async () => {
    const { signal } = await runPreloaded(
      `import { spawn } from 'node:child_process';
       const port = await listen(http.createServer(() => {
         spawn('/bin/sh', ['-c', 'sleep 3; kill ' + process.pid], { stdio: 'ignore' });
         for (;;);
       }));
       await fetchFrom(port, '/');`,
    );
    expect(signal).toBe('SIGTERM');
  });
});

describe('the route of a request', () => {
  test.each([
    ['express', '/tenants/{id}/orders/{id}', '/tenants/7/orders/abc'],
    ['express-error', '/tenants/{id}/failures/{id}', '/tenants/7/failures/abc'],
    ['fastify', '/api/users/{name}', '/api/users/joe'],
    ['koa', '/users/{name}', '/users/joe'],
    ['none', '/users/{id}', '/users/7'],
  ])('is what %s matched', async (framework, route, url) => {
    const dir = path.join(temporaryFolder('routes'), 'profiles');
    const { files } = await runNode(['--import', PRELOAD, 'test/record/programs/routes.mjs', framework, url], dir, {});
    expect(
      files.map(({ facts }) =>
        routeOfUrl(requestFactsOf({ method: facts.method, url: facts.url, route: facts.route })),
      ),
    ).toEqual([`GET ${route}`]);
  });
});

describe('request selection', () => {
  const SEVEN_REQUESTS = `${SERVER} for (let i = 0; i < 7; i++) await fetchFrom(port, i % 2 ? '/odd' : '/even'); server.close();`;

  test.each<[Record<string, string>, number]>([
    [{}, 7],
    [{ PSTAT_PROFILE_FILTER: 'GET /odd' }, 3],
    [{ PSTAT_PROFILE_FILTER: '/EVEN$/i' }, 4],
    [{ PSTAT_PROFILE_SAMPLE_EVERY: '3' }, 3],
    [{ PSTAT_PROFILE_FILTER: '/odd', PSTAT_PROFILE_SAMPLE_EVERY: '2' }, 2],
    [{ PSTAT_PROFILE_MIN_DURATION: '5' }, 7],
    [{ PSTAT_PROFILE_MIN_DURATION: '5000' }, 0],
  ])('profiles the requests selected by %j', async (environment, count) => {
    const { files, stderr } = await runPreloaded(SEVEN_REQUESTS, { environment });
    expect(stderr).toBe('');
    expect(files).toHaveLength(count);
  });

  test('profiles one request at a time by default, and counts the others as skipped', async () => {
    const { files } = await runPreloaded(`
      let arrived = 0;
      let proceed;
      const five = new Promise((resolve) => { proceed = resolve; });
      const server = http.createServer(async (request, response) => {
        work(3);
        if (++arrived === 5) proceed();
        await five;
        work(3);
        response.end();
      });
      const port = await listen(server);
      await Promise.all(Array.from({ length: 5 }, () => fetchFrom(port, '/')));
      await fetchFrom(port, '/after'); server.close();`);
    expect(files.map(({ facts }) => facts.skipped).sort()).toEqual([0, 4]);
    expect(files.map(({ facts }) => facts.others > 0)).toContain(true);
  });
});

describe('profiler()', () => {
  test('calls filter and name', async () => {
    const { files } = await runProgram(`
      const options = { dir, filter: ({ url }) => url !== '/no', name: ({ path, status }) => path + '-' + status };
      const listener = profiler((request, response) => { work(); response.writeHead(201).end(); }, options);
      const server = http.createServer(listener);
      const port = await listen(server);
      await fetchFrom(port, '/no'); await fetchFrom(port, '/a/b'); await listener.close();
      await fetchFrom(port, '/late'); server.close();`);
    expect(files.map(({ name }) => name)).toEqual(['a.b-201.cpuprofile']);
  });

  test('warns once about functions that throw', async () => {
    const { files, stderr, stdout } = await runProgram(`
      const fail = () => { throw new Error('not today'); };
      const named = profiler((request, response) => response.end('served'), { dir, name: fail });
      const chosen = profiler(named, { dir, filter: fail });
      const server = http.createServer(chosen);
      const port = await listen(server);
      for (let i = 0; i < 3; i++) console.log((await fetchFrom(port, '/')).text);
      server.close();`);
    expect(stdout).toBe('served\nserved\nserved\n');
    expect(stderr.match(/PstatWarning: .*/g)).toEqual([
      'PstatWarning: profiler option filter threw: not today',
      'PstatWarning: profiler option name threw: not today',
    ]);
    expect(files.map(({ facts }) => facts.status)).toEqual([200, 200, 200]);
  });

  test.each([
    ['{}', /option dir .* must name a folder/],
    ['{ dir, sampleEvery: 0 }', /option sampleEvery \(PSTAT_PROFILE_SAMPLE_EVERY\) must be a number, 1 or more/],
    ['{ dir, sampleEvery: 1.5 }', /must be a whole number/],
    ['{ dir, sources: 1 }', /option sources \(PSTAT_PROFILE_SOURCES\) must be true or false/],
    ['{ dir, interval: 10 }', /option interval .* must be a number, 50 or more/],
    ["{ dir, concurrency: 'many' }", /must be 'single' or 'all'/],
    ["{ dir, filter: 'GET' }", /option filter .* must be a function/],
    ["{ dir, name: '{url}' }", /unknown field \{url\}/],
    ['{ dir, maxRequests: 3 }', /unknown profiler option 'maxRequests'; the options are dir, name/],
    ['{ dir, oneIn: 3 }', /unknown profiler option 'oneIn'/],
  ])('rejects invalid options at once: %s', async (options, message) => {
    const { stderr, code } = await runProgram(`profiler(${options});`);
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
  });

  test('close() waits for the files, may be called twice, and leaves no thread', async () => {
    const { files, stdout } = await runProgram(`
      import { readdirSync } from 'node:fs';
      const threads = () => process.platform === 'linux' ? readdirSync('/proc/self/task').length : 0;
      const counts = [];
      const listeners = process.listenerCount('exit');
      for (let i = 0; i < 4; i++) {
        const listener = profiler((request, response) => { work(2); response.end(); }, { dir });
        const server = http.createServer(listener);
        const port = await listen(server);
        await fetchFrom(port, '/' + i);
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

  test('close() leaves nothing in the program, also while a request is served', async () => {
    const { stdout, stderr } = await runProgram(`
      import { AsyncResource } from 'node:async_hooks';
      import { channel } from 'node:diagnostics_channel';
      import Koa from 'koa';
      const { createContext } = Koa.prototype;
      const symbols = (object) => Object.getOwnPropertySymbols(object).map(String).filter((name) => /pstat|kResourceStore/.test(name));
      const listener = profiler((request, response) => {
        response.on('close', () => console.log(symbols(new AsyncResource('X')).length));
        setTimeout(() => response.end('x'), 300);
      }, { dir });
      const server = http.createServer(listener);
      const port = await listen(server);
      const answer = fetchFrom(port, '/');
      await pause(100);
      await listener.close();
      await answer;
      await pause(50);
      console.log(symbols(globalThis).length, Koa.prototype.createContext === createContext);
      console.log(channel('tracing:fastify.request.handler:start').hasSubscribers);
      server.close();`);
    expect([stdout, stderr]).toEqual(['0\n0 true\nfalse\n', '']);
  });

  test('profiles other requests after a malformed one', async () => {
    const { files, stderr } = await runProgram(`
      import { EventEmitter } from 'node:events';
      const listener = profiler((request, response) => { work(2); if (request.url !== '/odd') response.end(); }, { dir, concurrency: 'all' });
      listener(Object.assign(new EventEmitter(), { url: '/odd', method: 'GET' }), new EventEmitter());
      const server = http.createServer(listener);
      const port = await listen(server);
      await fetchFrom(port, '/usual'); await pause(500); await listener.close(); server.close();`);
    expect(stderr).toBe('');
    expect(files.map(({ facts }) => [facts.url, facts.aborted])).toEqual([
      ['/odd', true],
      ['/usual', false],
    ]);
  });

  test('counts a request once if the server emits it twice', async () => {
    const { files } = await runPreloaded(
      `const server = http.createServer((request, response) => { response.end(); });
       server.on('checkContinue', (request, response) => { response.writeContinue(); server.emit('request', request, response); });
       const port = await listen(server);
       for (let i = 0; i < 6; i++) await fetchFrom(port, '/' + i, { method: 'POST', headers: { expect: '100-continue' }, body: 'x' });
       server.close();`,
      { environment: { PSTAT_PROFILE_SAMPLE_EVERY: '3' } },
    );
    expect(files.map(({ facts }) => [facts.url, facts.number])).toEqual([
      ['/0', 1],
      ['/3', 4],
    ]);
  });

  test('profiles a request once under the preload', async () => {
    const { files } = await runPreloaded(`
      const server = http.createServer(profiler((request, response) => { work(); response.end(); }, { dir }));
      const port = await listen(server);
      await fetchFrom(port, '/'); server.close();`);
    expect(files).toHaveLength(1);
  });
});

describe('errors', () => {
  test('warns once if the folder cannot be written, and completes every response', async () => {
    const file = path.join(temporaryFolder('error'), 'file');
    writeFileSync(file, '');
    const { stdout, stderr, code } = await runPreloaded(
      `${SERVER} for (let i = 0; i < 4; i++) { console.log((await fetchFrom(port, '/')).text); await pause(250); } server.close();`,
      { dir: path.join(file, 'profiles') },
    );
    expect([stdout, code]).toEqual(['served\n'.repeat(4), 0]);
    expect(stderr.match(/PstatWarning: .*/g)).toEqual([
      expect.stringMatching(/cannot write profiles to .*profiles: ENOTDIR: .*; requests are still served/),
    ]);
  });

  test('warns about the folder even if the process exits at once', async () => {
    const file = path.join(temporaryFolder('error'), 'file');
    writeFileSync(file, '');
    const { stderr } = await runPreloaded(`${SERVER} await fetchFrom(port, '/'); process.exit();`, {
      dir: path.join(file, 'profiles'),
    });
    expect(stderr).toMatch(/PstatWarning: cannot write profiles to .*profiles: ENOTDIR: /);
  });

  test.skipIf(process.platform !== 'linux')('does not block if the folder cannot be created', async () => {
    const { stdout, stderr, code } = await runPreloaded(
      `${SERVER} console.log((await fetchFrom(port, '/')).text); server.close();`,
      { environment: { PSTAT_PROFILE_DIR: '/proc/none/profiles' } },
    );
    expect([stdout, code]).toEqual(['served\n', 0]);
    expect(stderr).toContain('cannot write profiles to /proc/none/profiles: ENOENT');
  });

  test.each<[Record<string, string>, RegExp]>([
    [
      { PSTAT_PROFILE_DIR: '', PSTAT_PROFILE_SAMPLE_EVERY: '2' },
      /PSTAT_PROFILE_SAMPLE_EVERY is set but PSTAT_PROFILE_DIR is not/,
    ],
    [{ PSTAT_PROFILE_INTERVAL: 'fast' }, /option interval \(PSTAT_PROFILE_INTERVAL\) must be a whole number/],
    [
      { PSTAT_PROFILE_CONCURENCY: 'all' },
      /unknown variable PSTAT_PROFILE_CONCURENCY; the variables are PSTAT_PROFILE_DIR/,
    ],
    [{ PSTAT_PROFILE_FILTER: '/(/' }, /regular expression '\/\(\/' does not parse/],
  ])('warns once about invalid variables, and runs the program unprofiled: %j', async (environment, message) => {
    const { stdout, stderr, files } = await runPreloaded(
      `${SERVER} console.log((await fetchFrom(port, '/')).text); server.close();`,
      { environment },
    );
    expect([stdout, files]).toEqual(['served\n', []]);
    expect(stderr.match(/PstatWarning: .*/g)).toEqual([expect.stringMatching(message)]);
  });

  test('loses only profiles at V8’s limit of 100 profiles', async () => {
    const { stdout, code } = await runPreloaded(`
      import { Session } from 'node:inspector';
      const session = new Session(); session.connect(); session.post('Profiler.enable');
      for (let i = 0; i < 120; i++) console.profile('own ' + i);
      ${SERVER}
      console.log((await fetchFrom(port, '/')).text); await pause(300); server.close();`);
    expect([stdout, code]).toEqual(['served\n', 0]);
  });

  test('does nothing if no folder is set', async () => {
    const { stdout, stderr } = await runPreloaded(
      `${SERVER} console.log((await fetchFrom(port, '/')).text, Object.keys(server).includes('emit')); server.close();`,
      { environment: { PSTAT_PROFILE_DIR: '' } },
    );
    expect([stdout, stderr]).toEqual(['served false\n', '']);
  });
});

describe('beside another profiler', () => {
  test('keeps its samples if the program ends its own profile without a title', async () => {
    const { files, stderr } = await runPreloaded(`
      import { Session } from 'node:inspector';
      const session = new Session(); session.connect(); session.post('Profiler.enable');
      function handle() { console.profile('own'); work(); console.profileEnd(); console.profileEnd(); work(); }
      const server = http.createServer((request, response) => { handle(); response.end(); });
      const port = await listen(server);
      await fetchFrom(port, '/'); await fetchFrom(port, '/'); server.close();`);
    expect(stderr).toBe('');
    expect(files.map(({ functions }) => functions.includes('handle'))).toEqual([true, true]);
  });

  test('warns once and does not profile under --cpu-prof', async () => {
    const dir = temporaryFolder('beside');
    const { files, code, stderr } = await runPreloaded(`${SERVER} await fetchFrom(port, '/'); server.close();`, {
      options: ['--cpu-prof', '--cpu-prof-dir', path.join(dir, 'cpu')],
    });
    expect([code, files]).toEqual([0, []]);
    expect(stderr).toMatch(
      /^\(node:\d+\) PstatWarning: requests are not profiled: --cpu-prof already profiles [^\n]*\n[^\n]*\n$/,
    );
    expect(readdirSync(path.join(dir, 'cpu'))).toHaveLength(1);
  });
});

describe('kinds of servers', () => {
  test('profiles CommonJS servers, with --import and with --require', async () => {
    const dir = temporaryFolder('cjs');
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

  test('profiles servers in workers, into one folder', async () => {
    const dir = path.join(temporaryFolder('workers'), 'profiles');
    const { files, stderr } = await runNode(['--import', PRELOAD, 'test/record/programs/workers.mjs'], dir, {});
    expect(stderr).toBe('');
    expect(files).toHaveLength(6);
  });

  test('profiles the processes of a cluster, into one folder', async () => {
    const dir = path.join(temporaryFolder('cluster'), 'profiles');
    const args = ['--import', PRELOAD, 'test/record/programs/cluster.mjs'];
    const { files, stderr, stdout } = await runNode(args, dir, { PSTAT_PROFILE_NAME: '{method}.{path}' });
    expect([stdout, stderr]).toEqual(['served'.repeat(20), '']);
    expect(files).toHaveLength(20);
  });

  test('profiles HTTPS servers', async () => {
    const { files, stderr } = await runPreloaded(`
      import https from 'node:https';
      const psk = Buffer.alloc(16, 1);
      const server = https.createServer({ pskCallback: () => psk, ciphers: 'PSK' }, (request, response) => response.end('x'));
      const port = await listen(server);
      await new Promise((done, fail) => https.get({ port, host: '127.0.0.1', agent: false, ciphers: 'PSK', checkServerIdentity() {}, pskCallback: () => ({ psk, identity: 'x' }), path: '/secret' },
        (response) => response.resume().on('end', done)).on('error', fail));
      server.close();`);
    expect([files.map(({ facts }) => facts.url), stderr]).toEqual([['/secret'], '']);
  });

  test('profiles HTTP/2 servers through the wrapper', async () => {
    const { files, stderr } = await runProgram(`
      import http2 from 'node:http2';
      const listener = profiler((request, response) => { work(); response.end('x'); }, { dir });
      const server = http2.createServer(listener);
      const port = await listen(server);
      const client = http2.connect('http://127.0.0.1:' + port);
      const stream = client.request({ ':path': '/two' });
      await new Promise((done) => stream.resume().on('end', done));
      client.close(); await listener.close(); server.close();`);
    expect(stderr).toBe('');
    expect(files.map(({ facts }) => facts)).toMatchObject([{ url: '/two', status: 200, aborted: false }]);
  });
});
