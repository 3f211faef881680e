// GET /resource_providers, and all that stands below one of them.

import { allocationsFrom } from '../db/allocations.js';
import { aggregatesOf, findProviders, getProvider, inventoriesOf, traitsOf, usagesOf } from '../db/providers.js';
import { HttpError } from '../http-error.js';
import { requireVersion, wantsVersion } from '../microversion.js';
import { readAggregates, readLimit, readResources, readUuid } from '../parameters.js';

export function listProviders(request) {
  const providers = findProviders(request.database, readFilters(request));
  return {
    body: { resource_providers: serializeProviders(request, providers) },
    headers: cacheHeaders(request, providers),
  };
}

export function showProvider(request) {
  const provider = requestedProvider(request);
  return {
    body: serializeProvider(request, provider, request.linkSerializer(request)),
    headers: cacheHeaders(request, [provider]),
  };
}

export function showInventories(request) {
  const provider = requestedProvider(request);
  const inventories = {};
  for (const { name, ...inventory } of inventoriesOf(request.database, provider)) inventories[name] = inventory;
  return { body: { resource_provider_generation: provider.generation, inventories } };
}

export function showUsages(request) {
  const provider = requestedProvider(request);
  const usages = {};
  for (const { name, used } of usagesOf(request.database, provider)) usages[name] = used;
  return { body: { resource_provider_generation: provider.generation, usages } };
}

export function showAggregates(request) {
  requireVersion(request, [1, 1]);
  const provider = requestedProvider(request);
  const body = { aggregates: aggregatesOf(request.database, provider) };
  if (wantsVersion(request, [1, 19])) body.resource_provider_generation = provider.generation;
  return { body };
}

export function showTraits(request) {
  requireVersion(request, [1, 6]);
  const provider = requestedProvider(request);
  const traits = traitsOf(request.database, provider);
  return { body: { resource_provider_generation: provider.generation, traits } };
}

export function showAllocationsFrom(request) {
  const provider = requestedProvider(request);
  const allocations = {};
  for (const { uuid, name, used } of allocationsFrom(request.database, provider)) {
    allocations[uuid] ??= { resources: {} };
    allocations[uuid].resources[name] = used;
  }
  return { body: { resource_provider_generation: provider.generation, allocations } };
}

// How to read each parameter, and the version that it came with.
const FILTERS = {
  name: { key: 'name', since: [1, 0], read: (_, text) => text },
  uuid: { key: 'uuid', since: [1, 0], read: (_, text) => readUuid('uuid', text) },
  limit: { key: 'limit', since: [1, 0], read: (_, text) => readLimit(text) },
  member_of: { key: 'memberOf', since: [1, 3], read: (_, text) => readAggregates(text) },
  resources: { key: 'resources', since: [1, 4], read: (database, text) => readResources(database, text) },
  in_tree: { key: 'inTree', since: [1, 14], read: (_, text) => readUuid('in_tree', text) },
};

function readFilters(request) {
  const filters = {};
  for (const [name, text] of request.query) {
    const filter = Object.hasOwn(FILTERS, name) ? FILTERS[name] : undefined;
    if (filter === undefined || !wantsVersion(request, filter.since)) {
      throw new HttpError(400, `unknown query parameter: ${name}`);
    }
    filters[filter.key] = filter.read(request.database, text);
  }
  return filters;
}

function requestedProvider(request) {
  const { uuid } = request.params;
  const provider = getProvider(request.database, uuid);
  if (provider === undefined) throw new HttpError(404, `no resource provider with uuid ${uuid} found`);
  return provider;
}

function serializeProviders(request, providers) {
  const serializeLinks = request.linkSerializer(request);
  const bodies = [];
  for (const provider of providers) bodies.push(serializeProvider(request, provider, serializeLinks));
  return bodies;
}

function serializeProvider(request, provider, serializeLinks) {
  const body = {
    uuid: provider.uuid,
    name: provider.name,
    generation: provider.generation,
    links: serializeLinks(provider),
  };
  if (wantsVersion(request, [1, 14])) {
    body.root_provider_uuid = provider.root_provider_uuid;
    body.parent_provider_uuid = provider.parent_provider_uuid;
  }
  return body;
}

function cacheHeaders(request, providers) {
  if (!wantsVersion(request, [1, 15])) return {};
  const newest = providers.reduce((latest, { updated_at }) => Math.max(latest, updated_at), 0);
  const modified = providers.length === 0 ? new Date() : new Date(newest);
  return { 'last-modified': modified.toUTCString(), 'cache-control': 'no-cache' };
}
