/** A racing process: makes the calls that the test orders, and does to itself what the orders say. */
import { setTimeout as pause } from 'node:timers/promises';
import { runCall } from '../../../src/call/run-call.ts';
import { placeFilePoints } from './file-points.ts';
import { type LogWord, logHolder } from './holder-log.ts';
import type { CallAnswer, CallOrder, FromChild, ToChild } from './orders.ts';
import { alteredToTell } from './steps.ts';

delete process.env['TMUX_PANE'];
const hooks = new Set(['afterLockAcquired', 'afterTargetWrite']);
let go: () => void = () => undefined;

process.on('message', (message: ToChild) => {
  if (message.kind === 'go') go();
  else void answerTo(message.order).then((answer) => tell({ kind: 'answer', answer }));
});
process.on('disconnect', () => process.exit());
tell({ kind: 'ready' });

function tell(message: FromChild): void {
  process.send?.(message);
}

async function answerTo(order: CallOrder): Promise<CallAnswer> {
  const { log } = order;
  const note = (word: LogWord): void => {
    if (log !== undefined) logHolder(log, word);
  };
  const actorErrors: string[] = [];
  const counts = new Map<string, number>();
  let inside = false;
  const due = (step: string) => (order.steps ?? []).find((p) => p.step === step && (p.nth ?? 1) === counts.get(step));
  const hook = async (step: string): Promise<void> => {
    if (step === 'afterLockAcquired' && order.holdMs) await pause(order.holdMs);
    const deed = due(step)?.deed;
    if (deed === 'throw') throw new Error('the hook refused');
    if (deed !== 'wait') return;
    const gone = new Promise<void>((resolve) => {
      go = resolve;
    });
    tell({ kind: 'inside', step });
    await gone;
  };
  const onStep = (step: string): void => {
    counts.set(step, (counts.get(step) ?? 0) + 1);
    if (inside && (step === 'release' || step === 'acquireLock')) {
      inside = false;
      note('leave');
    } else if (!inside && (step === 'afterLockAcquired' || step === 'recover')) {
      inside = true;
      note('enter');
    }
    const deed = due(step)?.deed;
    if (deed === 'kill') note('dying');
    if (deed === 'kill' || deed === 'stop') process.kill(process.pid, deed === 'kill' ? 'SIGKILL' : 'SIGSTOP');
    else if (deed !== undefined && !hooks.has(step)) throw new Error(`${step} is no hook`);
  };
  const takeOut = placeFilePoints(order.files ?? [], note);
  const began = performance.now();
  try {
    const { reason, resumed, recovered } = await runCall(
      {
        stateDir: order.stateDir,
        payloadSessionId: order.session,
        payloadThreadId: order.thread,
        env: { RCS_SESSION_ID: order.current, TMUX_PANE: order.pane },
        hooks: {
          afterLockAcquired: () => hook('afterLockAcquired'),
          afterTargetWrite: () => hook('afterTargetWrite'),
        },
      },
      {
        alter: alteredToTell({ onStep, onError: (name, code) => actorErrors.push(`${name} ${code}`) }),
        ...(order.nowMs === undefined ? {} : { now: new Date(order.nowMs) }),
      },
    );
    return { reason, resumed, ...(recovered ? { recovered } : {}), actorErrors, millis: performance.now() - began };
  } catch (thrown) {
    const { code, message } = thrown as { code?: string; message: string };
    return { error: { code: code ?? 'UNKNOWN', message }, actorErrors, millis: performance.now() - began };
  } finally {
    takeOut();
  }
}
