import { beforeAll, describe, expect, it } from 'vitest';
import type { AnyMachineSnapshot } from 'xstate';
import { forgeSessionResumeMachine } from '../../../machines/forge-session-resume.ts';
import { readChart } from '../../../src/graph/chart.ts';
import { type ResumePath, resumePaths } from '../../../src/graph/paths.ts';
import { stateName } from '../../../src/graph/state-name.ts';
import { firstDifference } from '../../../src/inspect/recording/first-difference.ts';
import type { FlatRecord, StepRecord } from '../../../src/inspect/recording/format.ts';
import { replay } from '../../../src/inspect/recording/replay.ts';
import { walkedPath } from '../../../src/inspect/recording/walked-path.ts';
import { type Recorded, recordPath } from './record-path.ts';
import { unnamedIn } from './validate.ts';

const paths = resumePaths();
const recorded = new Map<ResumePath, Recorded>();
const each = (judge: (path: ResumePath, one: Recorded) => void): void => {
  for (const [path, one] of recorded) judge(path, one);
};
const isStep = (record: FlatRecord): record is StepRecord => record.kind === 'step';

beforeAll(async () => {
  for (const path of paths) recorded.set(path, await recordPath(path));
}, 120_000);

describe(`${paths.length} recorded paths`, () => {
  it('every record is as the published schema says, and holds nothing that it does not name', () => {
    each((path, { records }) => {
      for (const record of records) expect(unnamedIn(record), `${path.id} ${JSON.stringify(record)}`).toEqual([]);
    });
  });

  it('are numbered, in the order of time, and end with the end', () => {
    each((path, { recording: { records } }) => {
      expect(records.map(({ n }) => n)).toEqual(records.map((_, index) => index));
      expect(
        records.every(({ t }, index) => t >= (records[index - 1]?.t ?? 0)),
        path.id,
      ).toBe(true);
      expect(records.filter(({ kind }) => kind === 'end')).toEqual([records.at(-1)]);
    });
  });

  it('show the states and transitions that were taken, and agree with what an observer was told', () => {
    each((path, { recording: { records }, inspected }) => {
      const steps = records.filter(isStep);
      expect(steps.map(({ to }) => to)).toEqual(path.states);
      expect(steps.slice(1).map(({ transition }) => transition)).toEqual(
        path.steps.map(({ transition }) => transition),
      );
      const snapshots = inspected.filter((event) => event.type === '@xstate.snapshot');
      const ofRoot = snapshots.filter(({ actorRef, rootId }) => actorRef.sessionId === rootId);
      expect(steps.map(({ to, event }) => `${event} ${to}`)).toEqual(
        ofRoot.map(({ event, snapshot }) => `${event.type} ${stateName(snapshot as AnyMachineSnapshot)}`),
      );
    });
  });

  it('show the guards that were asked: those before the transition said no, its own said yes', () => {
    const chart = new Map(readChart(forgeSessionResumeMachine).transitions.map((one) => [one.id, one]));
    each((path, { recording: { records } }) => {
      for (const { transition, guards, actions } of records.filter(isStep).slice(1)) {
        const taken = chart.get(transition ?? '');
        const refused = taken?.after.map((name) => ({ name, passed: false })) ?? [];
        const own = taken?.guard ? [{ name: taken.guard, passed: true }] : [];
        expect(guards, `${path.id} ${transition}`).toEqual([...refused, ...own]);
        expect(actions.slice(0, taken?.actions.length)).toEqual(taken?.actions);
      }
    });
  });

  it('show each actor from its start to its end', () => {
    each((path, { recording: { records } }) => {
      const open: string[] = [];
      for (const record of records) {
        if (record.kind !== 'actor') continue;
        if (record.phase === 'started') open.push(record.actor);
        else {
          expect(open, path.id).toContain(record.actor);
          open.splice(open.indexOf(record.actor), 1);
        }
      }
      expect(open, path.id).toEqual([]);
    });
  });

  it("today's machine decides the same from their answers", () => {
    each((path, { recording }) => {
      const { verdict, states, output, differsAt } = replay(recording);
      expect({ verdict, states, output, differsAt }, path.id).toEqual({
        verdict: 'same',
        states: path.states,
        output: path.output,
        differsAt: null,
      });
    });
  });

  it('are each recognised as the path that was walked', () => {
    each((path, { recording }) => {
      const walked = walkedPath(recording);
      expect(walked, path.id).toMatchObject({ number: paths.indexOf(path) + 1, total: paths.length, rounds: 0 });
    });
  });

  it('differ from each other where the paths part, and from themselves nowhere', () => {
    let before: [ResumePath, Recorded] | undefined;
    each((path, one) => {
      expect(firstDifference(one.recording, one.recording)).toBeNull();
      if (before !== undefined) {
        const [other, { recording }] = before;
        const parted = firstDifference(one.recording, recording);
        const first = path.states.findIndex((state, index) => state !== other.states[index]);
        expect(parted?.index ?? 0).toBeLessThanOrEqual(first < 0 ? path.states.length : first);
      }
      before = [path, one];
    });
  });
});
