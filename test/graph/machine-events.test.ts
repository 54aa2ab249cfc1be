import { getShortestPaths } from '@xstate/graph';
import { describe, expect, it } from 'vitest';
import type { MachineInput } from '../../machines/contract.ts';
import { forgeSessionResumeMachine } from '../../machines/forge-session-resume.ts';
import { hookNames } from '../../machines/guards.ts';
import { errorCodes } from '../../src/errors.ts';
import { readChart } from '../../src/graph/chart.ts';
import { stateName } from '../../src/graph/state-name.ts';
import { commandReasons, policyReasons, reasons } from '../../src/rules/protocol.ts';
import { machineEvents, serializeMachine } from '../../src/testing/index.ts';

const ids = { payloadSessionId: 's1', payloadThreadId: '' };

const search = (input: MachineInput) =>
  getShortestPaths(forgeSessionResumeMachine, {
    input,
    events: machineEvents(),
    serializeState: serializeMachine,
  });

describe("XState's own graph functions on the exported machine", () => {
  it('getShortestPaths ends soon, and has been in every state and at every end', () => {
    const before = process.cpuUsage();
    const ways = [
      ...search(ids),
      ...search({ payloadSessionId: '', payloadThreadId: '' }),
      ...search({ ...ids, command: { kind: 'adopt', source: 'old' } }),
      ...search({ ...ids, command: { kind: 'end', session: 'old' } }),
      ...search({ ...ids, command: { kind: 'undo' } }),
      ...search({ ...ids, hooks: hookNames }),
    ];
    const { user, system } = process.cpuUsage(before);
    // Processor time, which other work on the machine does not stretch as it does the clock's; alone it takes under a second.
    expect((user + system) / 1e6).toBeLessThan(5);
    const atomic = readChart(forgeSessionResumeMachine).states.filter(({ kind }) => kind !== 'compound');
    const seen = new Set(ways.map(({ state }) => stateName(state)));
    expect(atomic.map(({ name }) => name).filter((name) => !seen.has(name))).toEqual([]);
    const ends = ways.flatMap(({ state }) => (state.output === undefined ? [] : [state.output]));
    expect(new Set(ends.flatMap(({ reason }) => reason ?? []))).toEqual(
      new Set([...Object.values(reasons), ...Object.values(policyReasons), ...Object.values(commandReasons)]),
    );
    const codes = new Set(ends.flatMap(({ failure }) => failure?.code ?? []));
    // A call is refused as reentrant before the machine starts; what `putRun` refuses is no call.
    const others = ['REENTRANT', 'OWNER_CHANGED'];
    expect(codes).toEqual(new Set([...errorCodes.filter((code) => !others.includes(code)), 'UNKNOWN']));
  });
});
