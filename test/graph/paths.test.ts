import { getAdjacencyMap } from '@xstate/graph';
import { describe, expect, it } from 'vitest';
import type { AnyEventObject, AnyMachineSnapshot } from 'xstate';
import type { MachineInput } from '../../machines/contract.ts';
import { forgeSessionResumeMachine } from '../../machines/forge-session-resume.ts';
import { hookNames } from '../../machines/guards.ts';
import { graphCoverage } from '../../src/graph/coverage.ts';
import { outcomeEvents, outcomeText } from '../../src/graph/outcome-events.ts';
import { resumePaths } from '../../src/graph/paths.ts';
import { stateName } from '../../src/graph/state-name.ts';
import { impossiblePairs } from './impossible.ts';

const paths = resumePaths();
const coverage = graphCoverage(paths);

describe('the paths through the machine', () => {
  it('are as many as before: a change of the machine shows here', () => {
    expect(paths).toHaveLength(1033);
    const results = paths.filter(({ expected }) => expected.kind === 'result');
    expect([results.length, paths.length - results.length]).toEqual([322, 711]);
  });

  it('without policies are those that there were before there were any, and nothing of a policy is on them', () => {
    const plain = paths.filter(({ input }) => input.policies === undefined);
    expect(plain).toEqual(paths.slice(0, 993));
    expect(plain.filter(({ input }) => input.command === undefined)).toHaveLength(743);
    const policed = ['staleFound', 'candidateOwnerLive', 'currentRunForeign'].map((guard) => `[${guard}]`);
    for (const { steps, output } of plain) {
      expect(steps.filter(({ transition }) => policed.some((guard) => transition.endsWith(guard)))).toEqual([]);
      expect(output.ended?.map(({ stopReason }) => stopReason) ?? []).not.toContain('stale_active_state');
    }
  });

  it('enter the state of a hook where it is given, and only there', () => {
    const isOfHook = (name: string): boolean => hookNames.some((hook) => name.endsWith(`.${hook}`));
    const hooked = paths.filter(({ input }) => input.hooks !== undefined);
    expect(hooked).toHaveLength(20);
    expect(paths.filter(({ states }) => states.some(isOfHook))).toEqual(hooked);
    expect(new Set(hooked.flatMap(({ states }) => states).filter(isOfHook)).size).toBe(hookNames.length);
  });

  it('are each described in words of their own, and end', () => {
    expect(new Set(paths.map(({ description }) => description)).size).toBe(paths.length);
    expect(new Set(paths.map(({ states }) => states.at(-1)))).toEqual(new Set(['done', 'failed', 'timedOut']));
  });

  it('visit no state twice, except those that go round a loop, which come later', () => {
    const firstLoop = paths.findIndex(({ states }) => new Set(states).size < states.length);
    const simple = paths.slice(0, firstLoop);
    expect(simple.length).toBeGreaterThan(200);
    expect(simple.every(({ states }) => new Set(states).size === states.length)).toBe(true);
  });

  it('can be asked for by their end, by what they pass, and by a filter', () => {
    const taken = resumePaths({ through: 'writeTarget: taken', to: 'current_forge_present' });
    expect(taken).not.toHaveLength(0);
    for (const { states, expected } of taken) {
      expect(states.filter((name) => name === 'locked.readCurrent')).toHaveLength(2);
      expect(expected).toEqual({ kind: 'result', reason: 'current_forge_present' });
    }
    expect(resumePaths({ to: 'timedOut' }).every(({ states }) => states.at(-1) === 'timedOut')).toBe(true);
    expect(resumePaths({ to: 'SOURCE_BUSY' })).not.toHaveLength(0);
    expect(resumePaths({ filter: ({ input }) => input.payloadSessionId === '' })).not.toHaveLength(0);
    expect(resumePaths({ through: 'nowhere' })).toEqual([]);
  });

  it('hold every outcome of the alphabet, in every state that can have it', () => {
    const walked = new Set(paths.flatMap(({ steps }) => steps.map((s) => `${s.from} ${outcomeText(s.outcome)}`)));
    for (const { outcome } of outcomeEvents()) {
      expect(
        [...walked].some((step) => step.endsWith(` ${outcomeText(outcome)}`)),
        outcomeText(outcome),
      ).toBe(true);
    }
  });
});

describe('what the paths cover', () => {
  it('is every state and every transition, and as many of them as XState itself finds', () => {
    expect(coverage.states).toMatchObject({ covered: coverage.states.total, missing: [] });
    expect(coverage.transitions).toMatchObject({ covered: coverage.transitions.total, missing: [] });
    const reached = reachable();
    const walkedEdges = new Set(paths.flatMap(({ steps }) => steps.map((s) => `${s.from} > ${s.to}`)));
    expect(new Set(paths.flatMap(({ states }) => states))).toEqual(reached.states);
    expect(walkedEdges).toEqual(reached.edges);
  });

  it('is both answers of every guard', () => {
    expect(coverage.guardOutcomes.missing).toEqual([]);
  });

  it('is every pair of transitions, but for those that cannot be', () => {
    const unexplained = coverage.transitionPairs.missing.filter(
      (pair) => !impossiblePairs.some(({ isMeant }) => isMeant(pair)),
    );
    expect(unexplained).toEqual([]);
    for (const { because, isMeant } of impossiblePairs) {
      expect(coverage.transitionPairs.missing.some(isMeant), because).toBe(true);
    }
  });

  it('counts only what the given paths take', () => {
    const [one] = resumePaths({ to: 'current_rcs_session_missing' });
    expect(graphCoverage(one === undefined ? [] : [one]).transitions.covered).toBeLessThan(10);
    expect(graphCoverage([]).states.covered).toBe(0);
  });
});

/** States, and moves between them, that `getAdjacencyMap` reaches with every event of the alphabet in every state. */
function reachable(): { states: Set<string>; edges: Set<string> } {
  const states = new Set<string>();
  const edges = new Set<string>();
  const events = outcomeEvents().map(({ event }) => event);
  const ids = { payloadSessionId: 's1', payloadThreadId: '' };
  const inputs: readonly MachineInput[] = [
    ids,
    { payloadSessionId: '', payloadThreadId: '' },
    { ...ids, command: { kind: 'adopt', source: 'old' } },
    { ...ids, command: { kind: 'end', session: 'old' } },
    { ...ids, hooks: hookNames },
  ];
  for (const input of inputs) {
    const map = getAdjacencyMap(forgeSessionResumeMachine, {
      input,
      events: (state) => events.filter((event) => state.can(event)),
      serializeState: (state) =>
        `${stateName(state)} ${state.context.regained} ${state.context.failure !== null} ${state.context.reason}`,
    }) as unknown as Record<string, Reached>;
    for (const { state, transitions } of Object.values(map)) {
      states.add(stateName(state));
      for (const { state: next } of Object.values(transitions)) edges.add(`${stateName(state)} > ${stateName(next)}`);
    }
  }
  return { states, edges };
}

interface Reached {
  readonly state: AnyMachineSnapshot;
  readonly transitions: Record<string, { readonly event: AnyEventObject; readonly state: AnyMachineSnapshot }>;
}
