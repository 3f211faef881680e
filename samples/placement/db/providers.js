// Questions about resource providers and what hangs on them.

import { HAS_ROOM, roomFor } from './room.js';

const SELECT = `
  SELECT rp.id, rp.uuid, rp.name, rp.generation, rp.updated_at,
    root.uuid AS root_provider_uuid, parent.uuid AS parent_provider_uuid
  FROM resource_providers AS rp
  JOIN resource_providers AS root ON root.id = rp.root_provider_id
  LEFT JOIN resource_providers AS parent ON parent.id = rp.parent_provider_id`;

// True of a provider `rp` that can give so much of one resource class.
const CAN_GIVE = `EXISTS (
  SELECT 1 FROM capacities AS inv JOIN resource_classes AS class ON class.id = inv.resource_class_id
  WHERE inv.resource_provider_id = rp.id AND class.name = ? AND ${HAS_ROOM})`;

const marks = (list) => list.map(() => '?').join(', ');

// What each filter asks for, as SQL and its parameters.
const CONDITIONS = {
  name: (name) => ['rp.name = ?', [name]],
  uuid: (uuid) => ['rp.uuid = ?', [uuid]],
  inTree: (uuid) => ['rp.root_provider_id = (SELECT root_provider_id FROM resource_providers WHERE uuid = ?)', [uuid]],
  memberOf: (uuids) => [
    `rp.id IN (SELECT resource_provider_id FROM resource_provider_aggregates
       JOIN aggregates ON aggregates.id = aggregate_id WHERE aggregates.uuid IN (${marks(uuids)}))`,
    uuids,
  ],
  resources: (resources) => [
    [...resources].map(() => CAN_GIVE).join(' AND '),
    [...resources].flatMap(([name, amount]) => [name, ...roomFor(amount)]),
  ],
};

export function findProviders(database, { limit, ...filters } = {}) {
  const conditions = Object.entries(filters).map(([name, value]) => CONDITIONS[name](value));
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.map(([sql]) => sql).join(' AND ')}`;
  const parameters = conditions.flatMap(([, values]) => values);
  return database.all(`${SELECT} ${where} ORDER BY rp.id LIMIT ?`, [...parameters, limit ?? -1]);
}

export function getProvider(database, uuid) {
  return database.get(`${SELECT} WHERE rp.uuid = ?`, [uuid]);
}

export function inventoriesOf(database, provider) {
  return database.all(
    `SELECT class.name, inv.total, inv.reserved, inv.min_unit, inv.max_unit, inv.step_size, inv.allocation_ratio
     FROM inventories AS inv JOIN resource_classes AS class ON class.id = inv.resource_class_id
     WHERE inv.resource_provider_id = ? ORDER BY class.id`,
    [provider.id],
  );
}

export function usagesOf(database, provider) {
  return database.all(
    `SELECT class.name, inv.used
     FROM capacities AS inv JOIN resource_classes AS class ON class.id = inv.resource_class_id
     WHERE inv.resource_provider_id = ? ORDER BY class.id`,
    [provider.id],
  );
}

export function aggregatesOf(database, provider) {
  const sql = `SELECT aggregates.uuid FROM resource_provider_aggregates
    JOIN aggregates ON aggregates.id = aggregate_id WHERE resource_provider_id = ? ORDER BY aggregates.id`;
  return database.all(sql, [provider.id]).map(({ uuid }) => uuid);
}

export function traitsOf(database, provider) {
  const sql = `SELECT traits.name FROM resource_provider_traits
    JOIN traits ON traits.id = trait_id WHERE resource_provider_id = ? ORDER BY traits.name`;
  return database.all(sql, [provider.id]).map(({ name }) => name);
}

export function allTraits(database) {
  return database.all('SELECT name FROM traits ORDER BY name').map(({ name }) => name);
}
