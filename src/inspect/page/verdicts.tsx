import { useEffect, useState } from 'preact/hooks';
import type { OpenRun } from '../model/open-run.ts';
import { type Replay, replay } from '../recording/replay.ts';
import { type WalkedPath, walkedPath } from '../recording/walked-path.ts';

/** Longest run that is replayed unasked, steps: the page stands still meanwhile. */
const mostUnasked = 500;

interface Known {
  readonly run: OpenRun;
  readonly replayed: Replay;
  readonly path: WalkedPath | undefined;
}

/** Which generated path a run walked, and what today's machine decides by the recording's answers. */
export function Verdicts({ run }: { run: OpenRun }) {
  const [known, setKnown] = useState<Known>();
  const ask = (): void => setKnown({ run, replayed: replay(run.recording), path: walkedPath(run.recording) });
  const isLong = run.steps.length > mostUnasked;
  useEffect(() => {
    // What is looked at comes first.
    const timer = isLong ? undefined : setTimeout(ask, 60);
    return () => clearTimeout(timer);
  }, [run]);
  if (known?.run !== run) {
    return isLong ? (
      <button type="button" onClick={ask}>
        Ask today's machine
      </button>
    ) : null;
  }
  const { replayed, path } = known;
  return (
    <>
      <span class="verdict">{path === undefined ? noPath(run) : `path ${path.number} of ${path.total}`}</span>
      <span class={`verdict ${kinds[replayed.verdict]}`}>{words[replayed.verdict](replayed)}</span>
    </>
  );
}

const noPath = ({ end }: OpenRun): string => (end === null ? 'no end yet' : 'no generated path goes so');

const kinds = { same: 'good', other: 'bad', stuck: 'bad', unfinished: '' } as const;

const where = ({ differsAt }: Replay): string =>
  differsAt === null ? '' : `, from ${differsAt.recorded} on: ${differsAt.today}`;

const words: Readonly<Record<Replay['verdict'], (replayed: Replay) => string>> = {
  same: () => "today's machine decides the same",
  other: (replayed) => `today's machine decides otherwise${where(replayed)}`,
  stuck: (replayed) => `today's machine asks for what was not recorded${where(replayed)}`,
  unfinished: () => "today's machine goes along so far",
};
