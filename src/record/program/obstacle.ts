/** Why a process cannot be recorded. Runs in any version of Node, before anything else. */

/** Returns null if nothing prevents the recording. */
export function findObstacle(): string | null {
  if (!(Number.parseInt(process.versions.node, 10) >= MIN_NODE)) {
    return `Node ${process.versions.node} is too old for pstat; it records Node ${MIN_NODE} and later`;
  }
  if ('permission' in process && process.permission !== undefined) return PERMISSION_OBSTACLE;
  if (process.features.inspector === false) return 'this Node was built without an inspector';
  return null;
}

export const PERMISSION_OBSTACLE = 'the permission model (--permission) does not let a profiler in';

const MIN_NODE = 18;

/** As `findObstacle`, for the request profiler, which needs a newer Node: `process.getBuiltinModule`. */
export function findRequestObstacle(): string | null {
  const obstacle = findObstacle();
  if (obstacle !== null || typeof process.getBuiltinModule === 'function') return obstacle;
  return `Node ${process.versions.node} is too old for the request profiler; it needs Node 20.16, 22.3 or later`;
}
