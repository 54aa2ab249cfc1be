import { describe, expect, it } from 'vitest';
import type { MachineInput } from '../../../machines/contract.ts';
import { runCall } from '../../../src/call/run-call.ts';
import { outcomes } from '../../../src/graph/alphabet/outcomes.ts';
import type { RecordingRecord } from '../../../src/inspect/recording/format.ts';
import { lookRecords } from '../../../src/inspect/recording/look-records.ts';
import { callOfInput } from '../../support/call-of-input.ts';

/** What the machine records of itself; times apart, which never agree. */
async function machineRecords(input: MachineInput, output: unknown): Promise<object[]> {
  const records: RecordingRecord[] = [];
  const { options, parts } = callOfInput(input);
  const record = (one: RecordingRecord) => records.push(one);
  const alter = () => ({ look: () => output }) as never;
  await runCall({ ...options, record }, { ...parts, alter, listPanes: async () => [] });
  return untimed(records.filter(({ kind }) => kind !== 'header' && kind !== 'chart'));
}

const untimed = (records: readonly object[]): object[] =>
  records.map((record) => {
    const { n, t, duration, ...rest } = record as Record<string, unknown>;
    return rest;
  });

const inputs: readonly MachineInput[] = [
  { payloadSessionId: 's1', payloadThreadId: '', policies: { staleAfter: 1_000, requireDeadOwner: true } },
  { payloadSessionId: 's1', payloadThreadId: '', hooks: ['afterTargetWrite'] },
  { payloadSessionId: '', payloadThreadId: 't1', command: { kind: 'adopt', session: 'old', force: false } as never },
];

describe("the records of a look's answer, made without the machine", () => {
  it.each(outcomes.look.outputs.answered)("are the machine's: $name", async ({ output }) => {
    for (const input of inputs) {
      const looked = { input, output, look: { t: 1, duration: 1 }, heard: 2, ended: 3 };
      const runs = (await machineRecords(input, output)).filter((one) => (one as { kind?: string }).kind === 'run');
      const made = lookRecords({ ...looked, runs: runs as never });
      expect(JSON.parse(JSON.stringify(untimed(made)))).toEqual(await machineRecords(input, output));
    }
  });

  it('say when what happened: the look, then what followed from it', () => {
    const [{ output }] = outcomes.look.outputs.answered;
    const [input] = inputs;
    const look = { t: 1.5, duration: 1.5 };
    const run = {
      kind: 'run',
      t: 2.25,
      session: 'now',
      role: 'current',
      when: 'before',
      state: null,
      omitted: 0,
    } as const;
    const made = lookRecords({ input: input as MachineInput, output, look, heard: 2.25, ended: 2.5, runs: [run] });
    expect(made.map(({ kind, t }) => [kind, t])).toEqual([
      ['step', 0],
      ['actor', 0],
      ['actor', 1.5],
      ['run', 2.25],
      ['step', 2.25],
      ['end', 2.5],
    ]);
    expect(made[2]).toMatchObject({ phase: 'done', ...look });
  });
});
