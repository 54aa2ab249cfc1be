/**
 * Calls of this version as a runtime makes them, looks included, one after another from old and new sessions, until it
 * is told to stop. Each is logged twice, when it begins and when it is answered. Arguments: state directory, log, prefix
 * of its new sessions, the conversation's id, seed.
 */
import fs from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { reconcileForgeSessionResume } from '../../../src/call/reconcile.ts';
import { logCall } from './call-log.ts';
import { makeRandom } from './random.ts';

delete process.env['TMUX_PANE'];
const [, , stateDir = '', log = '', prefix = '', session = '', seed = '0'] = process.argv;
const random = makeRandom(Number(seed));
const sessions = join(stateDir, 'sessions');
let stopped = false;
let current = 'first';

process.on('message', () => {
  stopped = true;
});
process.on('disconnect', () => process.exit());
process.send?.({ kind: 'ready' });
for (let call = 0; !stopped; call += 1) {
  if (random.chance(0.7)) current = random.chance(0.5) ? newSession(call) : oldSession();
  await callFrom(`${prefix}-${call}`);
  await pause(random.between(0, 3));
}
process.exit();

async function callFrom(id: string): Promise<void> {
  logCall(log, { kind: 'begin', id, current, session, at: process.hrtime.bigint() });
  const answer = await reconcileForgeSessionResume({
    stateDir,
    payloadSessionId: session,
    env: { RCS_SESSION_ID: current },
  }).then(
    ({ reason }) => reason,
    (error: { code?: string; message: string }) => error.code ?? error.message,
  );
  logCall(log, { kind: 'end', id, answer, at: process.hrtime.bigint() });
}

function newSession(call: number): string {
  const id = `${prefix}-${call}`;
  fs.mkdirSync(join(sessions, id), { recursive: true });
  return id;
}

function oldSession(): string {
  const ids = fs.readdirSync(sessions).filter((id) => !id.startsWith('rest'));
  return ids[random.between(0, ids.length - 1)] ?? 'first';
}
