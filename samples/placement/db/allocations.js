// What a consumer (a server, say) takes from which providers.

import { HttpError } from '../http-error.js';
import { HAS_ROOM, roomFor } from './room.js';

export function getConsumer(database, uuid) {
  return database.get('SELECT * FROM consumers WHERE uuid = ?', [uuid]);
}

export function allocationsOf(database, consumer) {
  return database.all(
    `SELECT rp.uuid, rp.generation, class.name, used
     FROM allocations
     JOIN resource_providers AS rp ON rp.id = resource_provider_id
     JOIN resource_classes AS class ON class.id = resource_class_id
     WHERE consumer_id = ? ORDER BY rp.id, class.id`,
    [consumer.id],
  );
}

export function allocationsFrom(database, provider) {
  return database.all(
    `SELECT consumers.uuid, class.name, used
     FROM allocations
     JOIN consumers ON consumers.id = consumer_id
     JOIN resource_classes AS class ON class.id = resource_class_id
     WHERE resource_provider_id = ? ORDER BY consumers.id, class.id`,
    [provider.id],
  );
}

// `wanted` is a list of [provider uuid, resource class, amount]; it takes the place of what the consumer had.
export function replaceAllocations(database, { uuid, projectId, userId, generation }, wanted) {
  database.transaction(() => {
    const known = getConsumer(database, uuid);
    if ((known?.generation ?? null) !== generation) {
      throw new HttpError(409, `consumer generation conflict: expected ${known?.generation ?? null}`);
    }
    if (known !== undefined) removeConsumer(database, known);
    if (wanted.length === 0) return;
    database.run('INSERT INTO consumers (uuid, project_id, user_id, generation) VALUES (?, ?, ?, ?)', [
      uuid,
      projectId,
      userId,
      (generation ?? 0) + 1,
    ]);
    const { id } = getConsumer(database, uuid);
    for (const one of wanted) allocate(database, id, one);
    touchProviders(database, new Set(wanted.map(([provider]) => provider)));
  });
}

export function deleteAllocations(database, consumer) {
  database.transaction(() => removeConsumer(database, consumer));
}

function removeConsumer(database, { id }) {
  database.run('DELETE FROM allocations WHERE consumer_id = ?', [id]);
  database.run('DELETE FROM consumers WHERE id = ?', [id]);
}

function allocate(database, consumerId, [uuid, name, amount]) {
  const provider = database.get('SELECT id FROM resource_providers WHERE uuid = ?', [uuid]);
  if (provider === undefined) throw new HttpError(400, `no such resource provider: ${uuid}`);
  const inventory = database.get(
    `SELECT class.id AS class_id, ${HAS_ROOM} AS has_room
     FROM capacities AS inv JOIN resource_classes AS class ON class.id = inv.resource_class_id
     WHERE inv.resource_provider_id = ? AND class.name = ?`,
    [...roomFor(amount), provider.id, name],
  );
  if (inventory === undefined) throw new HttpError(409, `${uuid} has no ${name}`);
  if (!inventory.has_room) throw new HttpError(409, `${uuid} has no room for ${amount} of ${name}`);
  const row = [consumerId, provider.id, inventory.class_id, amount];
  database.run('INSERT INTO allocations VALUES (?, ?, ?, ?)', row);
}

function touchProviders(database, uuids) {
  for (const uuid of uuids) {
    database.run('UPDATE resource_providers SET generation = generation + 1, updated_at = ? WHERE uuid = ?', [
      Date.now(),
      uuid,
    ]);
  }
}
