/** attach: profiles a program that runs, without a restart. */

import type { Command } from '../command.ts';
import { ATTACH_OPTIONS, OUTPUT_OPTIONS, ROW_OPTIONS } from '../options.ts';

export const attach: Command = {
  name: 'attach',
  usage: 'attach [PID|:PORT|URL]',
  describe: 'profile a Node program that is running',
  examples: [
    ['pstat attach', 'the Node processes of this user'],
    ['pstat attach 4711 --for 10s -o app.cpuprofile', 'profile one for 10 seconds'],
    ['pstat attach :3000', 'the server of this port, until Ctrl+C'],
    ['pstat attach :3000 --live', 'the explorer, fed while it runs'],
    ['pstat attach 4711 --last 60s --on-stall 200ms', 'save the last minute of each stall'],
    ['pstat attach :3000 --requests --dir profiles', 'a file a request, until pstat detach'],
  ],
  options: [...ATTACH_OPTIONS, ...ROW_OPTIONS, 'idle', ...OUTPUT_OPTIONS],
  describes: { dir: 'Write the profiles, or those of requests or stalls, into DIR' },
  about: `PID is a Node process of this user, on Linux. The signal SIGUSR1 makes Node open
its inspector on 127.0.0.1; pstat records over it and closes it again. Nothing
else stays in the program but what Node prints on its stderr (Debugger listening
on …). While it is open, other users of this machine can reach the inspector.

The signal would kill other programs, and Node under --disable-sigusr1 or
--permission: pstat looks before it sends it. A program with a listener of its
own for SIGUSR1 runs that listener once, and cannot be attached to.

If PID only starts others (npm, sh, a cluster), the one that works is profiled.
:PORT is the port of a server, or of an inspector that is open (--inspect); a
URL begins with ws://.

Functions that V8 had inlined before the recording began count for their callers, as
do long loops that it had compiled while they ran.
V8 looks through the heap when it starts to profile: the thread stops for about 50 ms
for each 100 MB of it, once.

--live shows the last minute (--last) in the explorer: Space pauses, w writes what is
shown, q ends it. With -o the file is written then.

--on-stall watches the event loop by a timer in the program and prints a sentence a
stall, with the function that most of it went into. The next file comes after 10 s,
or for a stall twice as long. Ctrl+C ends it and saves no more.

--sources keeps the source maps and texts of the scripts that have samples, those that
tsx, ts-node and vitest hold in memory included. Without it, maps are looked for on
the disk alone. Reading them stops the program once, at the end, for 60 to 160 ms
where it has some hundred scripts. Of Node alone.

--requests puts the request profiler (pstat help profiler) into the program, which
must be able to read pstat's installation, and into the workers that it has; those
that start later are not profiled. The files belong to its user.`,
  answer: async (...asked) => (await import('./attach-answer.ts')).attachAnswer(...asked),
};
