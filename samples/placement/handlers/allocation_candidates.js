// GET /allocation_candidates?resources=VCPU:2,MEMORY_MB:512

import { findCandidates, providerSummaries } from '../db/candidates.js';
import { HttpError } from '../http-error.js';
import { requireVersion } from '../microversion.js';
import { readLimit, readResources } from '../parameters.js';

export function listCandidates(request) {
  requireVersion(request, [1, 12]);
  const { resources, limit } = readQuestion(request);
  const candidates = findCandidates(request.database, resources, limit);
  const uuids = new Set(candidates.flatMap((candidate) => candidate.map(([uuid]) => uuid)));
  return {
    body: {
      allocation_requests: candidates.map(toAllocationRequest),
      provider_summaries: toSummaries(providerSummaries(request.database, uuids)),
    },
  };
}

function readQuestion({ query, database }) {
  for (const name of query.keys()) {
    if (name !== 'resources' && name !== 'limit') throw new HttpError(400, `unknown query parameter: ${name}`);
  }
  if (!query.has('resources')) throw new HttpError(400, 'resources is required');
  const limit = query.has('limit') ? readLimit(query.get('limit')) : Number.POSITIVE_INFINITY;
  return { resources: readResources(database, query.get('resources')), limit };
}

// In the form in which PUT /allocations/{consumer} takes it.
function toAllocationRequest(candidate) {
  const allocations = {};
  for (const [uuid, name, amount] of candidate) {
    allocations[uuid] ??= { resources: {} };
    allocations[uuid].resources[name] = amount;
  }
  return { allocations };
}

function toSummaries(rows) {
  const summaries = {};
  for (const { uuid, name, capacity, used, root_provider_uuid, parent_provider_uuid } of rows) {
    summaries[uuid] ??= { resources: {}, root_provider_uuid, parent_provider_uuid };
    summaries[uuid].resources[name] = { capacity, used };
  }
  return summaries;
}
