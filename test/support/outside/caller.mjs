/**
 * `caller.mjs <module>`: a process that makes calls of a bundled subject, ordered over IPC, one after another; with a
 * second argument it makes that one call (JSON) and prints the answer.
 */
import fs from 'node:fs';

delete process.env.TMUX_PANE;
const [file, single] = process.argv.slice(2);
const { reconcileForgeSessionResume } = await import(file);
let go = () => undefined;

/** Says something; that nobody hears it any more is no error. */
function tell(message) {
  process.send(message, () => undefined);
}

/** How long this process has stood in line for a processor, milliseconds: other programs' load is no fault of a call. */
function queuedMillis() {
  try {
    return Number(fs.readFileSync('/proc/self/schedstat', 'utf8').split(' ')[1]) / 1e6;
  } catch {
    return 0;
  }
}

function doDeed(deed) {
  if (deed === 'kill') process.kill(process.pid, 'SIGKILL');
  if (deed === 'stop') process.kill(process.pid, 'SIGSTOP');
  if (deed === 'chdir') process.chdir('/');
  if (deed === 'throw') throw new Error('the hook refused');
  if (deed !== 'wait') return undefined;
  return new Promise((resolve) => {
    go = resolve;
    tell({ kind: 'inside' });
  });
}

async function answer({ deeds = {}, mark, ...options }) {
  const hooks = Object.fromEntries(Object.entries(deeds).map(([hook, deed]) => [hook, () => doDeed(deed)]));
  const queued = queuedMillis();
  // Looks at paths that are not there, by which a trace shows where the call begins and ends.
  if (mark !== undefined) fs.existsSync(`/begin-${mark}`);
  const began = performance.now();
  const millis = () => performance.now() - began - (queuedMillis() - queued);
  try {
    const result = await reconcileForgeSessionResume(Object.keys(hooks).length > 0 ? { ...options, hooks } : options);
    if (mark !== undefined) fs.existsSync(`/end-${mark}`);
    return { result, millis: millis() };
  } catch (error) {
    const { name, code, message } = error ?? {};
    const cause = error?.cause === undefined ? '' : String(error.cause);
    return { error: { name, code: String(code), message: String(message), cause }, millis: millis() };
  }
}

if (single !== undefined) {
  process.stdout.write(JSON.stringify(await answer(JSON.parse(single))));
} else {
  process.on('disconnect', () => process.exit());
  process.on('message', (order) => {
    if (order === 'go') go();
    else void answer(order).then((given) => tell({ kind: 'answer', given }));
  });
  tell({ kind: 'ready' });
}
