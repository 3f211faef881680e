/** Runs a command that sees a small file system in a folder, for tests of a full disk. Needs the right to mount one. */

import { spawnSync } from 'node:child_process';

/** Words of sh: then the folder, its size (`64k`, `4m,nr_inodes=2`), a line of sh, and its arguments from `$0` on. */
export const FULL_FOLDER = `unshare -rm /bin/sh -c 'mount -t tmpfs -o size="$2" tmpfs "$1" && script=$3 && shift 3 && exec /bin/sh -c "$script" "$@"' sh`;

/** In a namespace of its own, where a user may mount. */
export const canMount = spawnSync('/bin/sh', ['-c', `${FULL_FOLDER} /mnt 64k true sh`]).status === 0;
