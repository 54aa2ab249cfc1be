import { useEffect, useRef, useState } from 'preact/hooks';
import type { OpenRun } from '../model/open-run.ts';
import { DialogBox } from './dialog.tsx';
import { type HandOver, handOver, inspectorAddress } from './hand-over.ts';

const words: Readonly<Record<HandOver, string>> = {
  blocked: 'The browser opened no window. Allow this page to open one, then try again.',
  waiting: 'Waiting for the inspector to ask for the run. Keep this page open.',
  sent: 'The run was handed over.',
};

/** Hands a run to Stately's hosted inspector, after a warning. */
export function StatelyDialog({ run, onClose }: { run: OpenRun; onClose: () => void }) {
  const [how, setHow] = useState<HandOver>();
  const stop = useRef<() => void>();
  useEffect(() => () => stop.current?.(), []);
  const start = (): void => {
    stop.current?.();
    stop.current = handOver(run, setHow);
  };
  return (
    <DialogBox title="Open in Stately Inspector" onClose={onClose}>
      <div class="prose">
        <p>
          <strong>State leaves this machine.</strong>
          {` The run's context, ids, paths and what its actors answered go to ${inspectorAddress}, a page of somebody else's, which opens in a window of its own.`}
        </p>
        <p>
          It shows states, events and snapshots. Guards, actions and times stay here: its protocol has no place for
          them.
        </p>
        <p role="status">{how === undefined ? '' : words[how]}</p>
      </div>
      <div class="choices">
        <button type="button" onClick={onClose}>
          {how === 'sent' ? 'Done' : 'Cancel'}
        </button>
        <button type="button" class="primary" onClick={start}>
          Hand this run over
        </button>
      </div>
    </DialogBox>
  );
}
