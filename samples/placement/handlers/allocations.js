// GET, PUT and DELETE /allocations/{consumer}. PUT takes the form that it has since version 1.28.

import { allocationsOf, deleteAllocations, getConsumer, replaceAllocations } from '../db/allocations.js';
import { HttpError } from '../http-error.js';
import { requireVersion } from '../microversion.js';
import { checkClass, readUuid } from '../parameters.js';

export function showAllocations({ database, params }) {
  const consumer = getConsumer(database, readUuid('consumer', params.uuid));
  if (consumer === undefined) return { body: { allocations: {} } };
  const allocations = {};
  for (const { uuid, generation, name, used } of allocationsOf(database, consumer)) {
    allocations[uuid] ??= { generation, resources: {} };
    allocations[uuid].resources[name] = used;
  }
  const { project_id, user_id, generation } = consumer;
  return { body: { allocations, project_id, user_id, consumer_generation: generation } };
}

export function putAllocations(request) {
  requireVersion(request, [1, 28]);
  const { database, params, body } = request;
  const consumer = readConsumer(readUuid('consumer', params.uuid), body);
  replaceAllocations(database, consumer, readWanted(database, body.allocations));
  return { status: 204 };
}

export function removeAllocations({ database, params }) {
  const consumer = getConsumer(database, readUuid('consumer', params.uuid));
  if (consumer === undefined) throw new HttpError(404, `no allocations for consumer ${params.uuid}`);
  deleteAllocations(database, consumer);
  return { status: 204 };
}

function readConsumer(uuid, body) {
  if (!isObject(body)) throw new HttpError(400, 'the body must be an object');
  for (const key of ['project_id', 'user_id']) {
    if (typeof body[key] !== 'string' || body[key] === '') throw new HttpError(400, `${key} must be a text`);
  }
  const generation = body.consumer_generation;
  if (generation !== null && !Number.isInteger(generation)) {
    throw new HttpError(400, 'consumer_generation must be a whole number, or null for a new consumer');
  }
  return { uuid, projectId: body.project_id, userId: body.user_id, generation };
}

// [provider uuid, resource class, amount] of each.
function readWanted(database, allocations) {
  if (!isObject(allocations)) throw new HttpError(400, 'allocations must be an object');
  return Object.entries(allocations).flatMap(([uuid, allocation]) => {
    readUuid('allocations', uuid);
    if (!isObject(allocation?.resources)) throw new HttpError(400, `allocations of ${uuid} must have resources`);
    return Object.entries(allocation.resources).map(([name, amount]) => {
      checkClass(database, name);
      if (!Number.isInteger(amount) || amount < 1) throw new HttpError(400, `${name} must be a whole number above 0`);
      return [uuid, name, amount];
    });
  });
}

function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
