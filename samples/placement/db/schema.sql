-- Resource providers in trees, what they have to give (inventories), and who took how much of it (allocations).

CREATE TABLE resource_providers (
  id INTEGER PRIMARY KEY,
  uuid TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL UNIQUE,
  generation INTEGER NOT NULL DEFAULT 0,
  root_provider_id INTEGER NOT NULL REFERENCES resource_providers (id),
  parent_provider_id INTEGER REFERENCES resource_providers (id),
  updated_at INTEGER NOT NULL -- ms since 1970
);
CREATE INDEX resource_providers_root ON resource_providers (root_provider_id);
CREATE INDEX resource_providers_parent ON resource_providers (parent_provider_id);

CREATE TABLE resource_classes (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
);

CREATE TABLE inventories (
  resource_provider_id INTEGER NOT NULL REFERENCES resource_providers (id),
  resource_class_id INTEGER NOT NULL REFERENCES resource_classes (id),
  total INTEGER NOT NULL,
  reserved INTEGER NOT NULL,
  min_unit INTEGER NOT NULL,
  max_unit INTEGER NOT NULL,
  step_size INTEGER NOT NULL,
  allocation_ratio REAL NOT NULL,
  PRIMARY KEY (resource_provider_id, resource_class_id)
);
CREATE INDEX inventories_class ON inventories (resource_class_id);

CREATE TABLE aggregates (
  id INTEGER PRIMARY KEY,
  uuid TEXT NOT NULL UNIQUE
);
CREATE TABLE resource_provider_aggregates (
  resource_provider_id INTEGER NOT NULL REFERENCES resource_providers (id),
  aggregate_id INTEGER NOT NULL REFERENCES aggregates (id),
  PRIMARY KEY (resource_provider_id, aggregate_id)
);
CREATE INDEX resource_provider_aggregates_aggregate ON resource_provider_aggregates (aggregate_id);

CREATE TABLE traits (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
);
CREATE TABLE resource_provider_traits (
  resource_provider_id INTEGER NOT NULL REFERENCES resource_providers (id),
  trait_id INTEGER NOT NULL REFERENCES traits (id),
  PRIMARY KEY (resource_provider_id, trait_id)
);

CREATE TABLE consumers (
  id INTEGER PRIMARY KEY,
  uuid TEXT NOT NULL UNIQUE,
  project_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  generation INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE allocations (
  consumer_id INTEGER NOT NULL REFERENCES consumers (id),
  resource_provider_id INTEGER NOT NULL REFERENCES resource_providers (id),
  resource_class_id INTEGER NOT NULL REFERENCES resource_classes (id),
  used INTEGER NOT NULL,
  PRIMARY KEY (consumer_id, resource_provider_id, resource_class_id)
);
CREATE INDEX allocations_provider ON allocations (resource_provider_id, resource_class_id);

-- What is left of each inventory, as every question about room needs it.
CREATE VIEW capacities AS
  SELECT
    inv.*,
    CAST((inv.total - inv.reserved) * inv.allocation_ratio AS INTEGER) AS capacity,
    COALESCE((
      SELECT SUM(allocations.used) FROM allocations
      WHERE allocations.resource_provider_id = inv.resource_provider_id
        AND allocations.resource_class_id = inv.resource_class_id
    ), 0) AS used
  FROM inventories AS inv;
