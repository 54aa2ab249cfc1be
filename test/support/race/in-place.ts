/**
 * A runtime's turn counter that writes in place without any lock, and never half: it opens the live run, counts up the
 * digits of `iteration`, as many as before, and writes them through the same descriptor. So a file is whole at every
 * instant, and what it opened before a hand-over it does not bring back. Argument: state directory. Ends on a message.
 */
import fs from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const [, , stateDir = ''] = process.argv;
const sessions = join(stateDir, 'sessions');
let stopped = false;

process.on('message', () => {
  stopped = true;
});
process.on('disconnect', () => process.exit());
process.send?.({ kind: 'ready' });
while (!stopped) {
  for (const id of fs.readdirSync(sessions)) if (!id.startsWith('rest')) await count(id);
  await pause(60);
}
process.exit();

async function count(id: string): Promise<void> {
  let fd: number;
  try {
    fd = fs.openSync(join(sessions, id, 'forge-state.json'), 'r+');
  } catch {
    return;
  }
  try {
    const text = fs.readFileSync(fd, 'utf8');
    const found = /"active": ?true.*"iteration": ?(\d+)/s.exec(text);
    const digits = found?.[1];
    if (found === null || digits === undefined) return;
    await pause(1);
    const place = Buffer.byteLength(text.slice(0, found.index + found[0].length - digits.length));
    fs.writeSync(fd, String(Number(digits) + 1).padStart(digits.length, '0'), place);
  } finally {
    fs.closeSync(fd);
  }
}
