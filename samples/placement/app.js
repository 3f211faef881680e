// From a request to a response: routes, the body, errors.

import { json } from 'node:stream/consumers';
import { allTraits } from './db/providers.js';
import { listCandidates } from './handlers/allocation_candidates.js';
import { putAllocations, removeAllocations, showAllocations } from './handlers/allocations.js';
import * as providers from './handlers/resource_providers.js';
import { HttpError } from './http-error.js';
import { checkVersion, NEWEST, OLDEST, requestedVersion, requireVersion } from './microversion.js';

const LARGEST_BODY = 65_536; // bytes

const ROUTES = [
  route('/', { GET: showVersions }),
  route('/resource_providers', { GET: providers.listProviders }),
  route('/resource_providers/{uuid}', { GET: providers.showProvider }),
  route('/resource_providers/{uuid}/inventories', { GET: providers.showInventories }),
  route('/resource_providers/{uuid}/usages', { GET: providers.showUsages }),
  route('/resource_providers/{uuid}/aggregates', { GET: providers.showAggregates }),
  route('/resource_providers/{uuid}/traits', { GET: providers.showTraits }),
  route('/resource_providers/{uuid}/allocations', { GET: providers.showAllocationsFrom }),
  route('/traits', { GET: showTraits }),
  route('/allocation_candidates', { GET: listCandidates }),
  route('/allocations/{uuid}', { GET: showAllocations, PUT: putAllocations, DELETE: removeAllocations }),
];

function route(path, methods) {
  const pattern = path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)');
  return { pattern: new RegExp(`^${pattern}$`), methods };
}

export function createHandler(database, linkSerializer) {
  return async function handler(incoming, response) {
    try {
      const request = readRequest(incoming, database, linkSerializer);
      checkVersion(request);
      const handle = findRoute(request);
      if (request.method === 'PUT') request.body = await readBody(incoming);
      const { status = 200, body, headers } = handle(request);
      send(response, status, body, { ...headers, ...versionHeaders(request) });
    } catch (error) {
      sendError(response, error);
    }
  };
}

function readRequest({ method, url, headers }, database, linkSerializer) {
  const [path, query] = url.split('?', 2);
  return { method, path, query: new URLSearchParams(query), headers, params: {}, database, linkSerializer };
}

function findRoute(request) {
  for (const { pattern, methods } of ROUTES) {
    const match = pattern.exec(request.path);
    if (match === null) continue;
    if (!Object.hasOwn(methods, request.method)) {
      const allow = Object.keys(methods).join(', ');
      throw new HttpError(405, `${request.method} is not allowed here`, { allow });
    }
    request.params = match.groups ?? {};
    return methods[request.method];
  }
  throw new HttpError(404, 'the resource could not be found');
}

async function readBody(incoming) {
  if (Number(incoming.headers['content-length'] ?? 0) > LARGEST_BODY) throw new HttpError(413, 'the body is too large');
  try {
    return await json(incoming);
  } catch {
    throw new HttpError(400, 'the body is not JSON');
  }
}

function showVersions() {
  const [min, max] = [OLDEST, NEWEST].map((version) => version.join('.'));
  const links = [{ rel: 'self', href: '' }];
  return { body: { versions: [{ id: 'v1.0', min_version: min, max_version: max, status: 'CURRENT', links }] } };
}

function showTraits(request) {
  requireVersion(request, [1, 6]);
  return { body: { traits: allTraits(request.database) } };
}

function versionHeaders(request) {
  const version = requestedVersion(request).join('.');
  return { 'openstack-api-version': `placement ${version}`, vary: 'openstack-api-version' };
}

function send(response, status, body, headers) {
  if (body === undefined) {
    response.writeHead(status, headers).end();
    return;
  }
  const bytes = encodeJson(body);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': bytes.length, ...headers });
  response.end(bytes);
}

function encodeJson(body) {
  return Buffer.from(JSON.stringify(body));
}

function sendError(response, error) {
  const status = error instanceof HttpError ? error.status : 500;
  if (status === 500) console.error(error);
  const detail = status === 500 ? 'something went wrong' : error.message;
  send(response, status, { errors: [{ status, detail }] }, error.headers);
}
