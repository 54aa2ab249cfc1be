/**
 * Makes calls of hooks on one host, one for each message, and answers with what came of it. The first message's `kill` ends the
 * process at that call of its own which changes the file system: before it, or half-way through a write.
 */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const [library, connectionString, project, stateDir] = process.argv.slice(2);
const fs = createRequire(import.meta.url)('node:fs');
const changing = [
  'mkdirSync',
  'openSync',
  'writeSync',
  'fsyncSync',
  'linkSync',
  'renameSync',
  'unlinkSync',
  'rmdirSync',
];
const { O_CREAT } = fs.constants;
let kill;
const calls = [];

const die = () => process.kill(process.pid, 'SIGKILL');
for (const name of changing) {
  const original = fs[name];
  // Before the store loads its copy of these functions.
  fs[name] = (...args) => {
    const isChange = name !== 'openSync' || (typeof args[1] === 'number' && (args[1] & O_CREAT) !== 0);
    if (kill === undefined || !isChange) return original(...args);
    calls.push(name);
    if (calls.length === kill.at) {
      if (kill.mode === 'half' && name === 'writeSync') original(args[0], args[1], args[2], args[3] >> 1);
      die();
    }
    return original(...args);
  };
}

const { runForgeSessionResume } = await import(join(dirname(library), 'machine.js'));
const { openPostgresStore } = await import(join(dirname(library), 'postgres.js'));
const store = await openPostgresStore({ connectionString, project, stateDir });
const done = () => ({ kind: 'done' });

async function callOnce({ session, conversation, comeHome }) {
  const call = store.call({ session, pane: '', comeHome, companions: 'carry' });
  try {
    const hooks = {
      findPane: () => ({ kind: 'none' }),
      afterLockAcquired: done,
      afterTargetWrite: done,
      afterCommit: done,
    };
    const input = { payloadSessionId: conversation, payloadThreadId: '' };
    const { reason, recovered } = await runForgeSessionResume({ actors: { ...call.actors, ...hooks }, input });
    return { reason, recovered };
  } catch (error) {
    return { reason: String(error.code ?? error), message: String(error.message) };
  } finally {
    call.close();
  }
}

process.on('message', async (message) => {
  if (message === 'end') {
    await store.close();
    process.disconnect();
    return;
  }
  kill = message.kill;
  const answer = await callOnce(message);
  process.send({ ...answer, calls });
});
process.send('ready');
