/** Begins a hand-over, tells when the target is written, waits for a word, then goes on and tells what the server says. */
import { once } from 'node:events';

const [library, connectionString, project] = process.argv.slice(2);
const { openPostgresStore } = await import(library);
const store = await openPostgresStore({ connectionString, project, lockLimitMs: 500 });
const { actors } = store.call({ session: 'now' });
const signal = new AbortController().signal;
const input = { payloadSessionId: 'c1', payloadThreadId: '' };
const run = (id) => ({ id, location: id });

await actors.acquireLock({ again: false, brief: false }, { signal });
await actors.readCurrent(input, { signal });
const prepared = await actors.prepare({ ...input, current: run('now'), source: run('old'), pane: '' }, { signal });
if (prepared.kind !== 'prepared') throw new Error('the source has changed');
await actors.writeTarget(prepared, { signal });
const word = once(process, 'message');
actors.keepLock();
process.send('held');
await word;
try {
  await actors.writeSource(prepared, { signal });
  process.send('written');
} catch (error) {
  process.send({ code: error.code });
}
process.exit();
