import { describe, expect, it } from 'vitest';
import { isCompanionName, judged, judgeTrail, keeps, type LeftSession, leftBehind } from '../../src/rules/trail.ts';

const hash = 'a'.repeat(64);
const entry = (session: string, fields: Partial<LeftSession> = {}): LeftSession => ({
  session,
  transferId: `from-${session}`,
  at: '+275760-09-13T00:00:00.000Z',
  companions: {},
  seen: 'unknown',
  ...fields,
});
const sessions = (trail: ReturnType<typeof keeps>): readonly string[] => trail.left.map(({ session }) => session);

describe('trails (protocol.md, "Trails")', () => {
  it('protocol: a hand-over makes the keeper’s the source’s, with the source, without the keeper', () => {
    const b = keeps(undefined, 'B', 'start', entry('A'));
    const c = keeps(b, 'C', 'start', entry('B'));
    expect(sessions(c)).toEqual(['A', 'B']);
    expect(sessions(keeps(c, 'A', 'start', entry('C')))).toEqual(['B', 'C']);
  });

  it('protocol: a trail of another run, or of a session that was left, says nothing', () => {
    const b = keeps(undefined, 'B', 'start', entry('A'));
    expect(sessions(keeps(b, 'C', 'another', entry('B')))).toEqual(['B']);
    expect(sessions(keeps(leftBehind('X', hash), 'C', 'start', entry('B')))).toEqual(['B']);
  });

  it('protocol: the newest 32 are kept', () => {
    let trail = keeps(undefined, 'own', 'start', entry('s0'));
    for (let count = 1; count < 50; count += 1) trail = keeps(trail, 'own', 'start', entry(`s${count}`));
    expect(sessions(trail)).toHaveLength(32);
    expect(sessions(trail).at(-1)).toBe('s49');
    expect(judgeTrail(trail)).toEqual(trail);
  });

  it('protocol: what was judged is noted, what is another run struck', () => {
    const trail = keeps(keeps(undefined, 'B', 'start', entry('A')), 'C', 'start', entry('B'));
    expect(judged(trail, 'A', 'seen').left[0]?.seen).toBe('seen');
    expect(sessions(judged(trail, 'A', undefined))).toEqual(['B']);
  });

  it('protocol: what we write is a trail', () => {
    const kept = keeps(undefined, 'B', '', entry('A', { companions: { 'run-state.json': hash } }));
    for (const trail of [kept, leftBehind('B', hash), leftBehind('B', undefined)]) {
      expect(judgeTrail(JSON.parse(JSON.stringify(trail)))).toEqual(trail);
    }
  });

  const kept = keeps(undefined, 'B', 'start', entry('A'));
  it.each([
    null,
    7,
    [],
    {},
    { version: 1 },
    { ...kept, version: 2 },
    { ...kept, started_at: 7 },
    { ...kept, left: 'A' },
    { ...kept, left: [entry('../A')] },
    { ...kept, left: [entry('A', { transferId: 'a/b' })] },
    { ...kept, left: [{ ...entry('A'), companions: { '../x': hash } }] },
    { ...kept, left: [{ ...entry('A'), companions: { 'run-state.json': 'x' } }] },
    { ...kept, left: Array.from({ length: 33 }, () => entry('A')) },
    { ...leftBehind('B', hash), keeper: '../B' },
    { ...leftBehind('B', hash), sha256: 'x' },
  ])('protocol: %j is none', (value) => {
    expect(judgeTrail(value)).toBeUndefined();
  });

  it.each(['', '.', '..', '.hidden', 'a/b', 'a\\b', 'a\0', '-x', 'x'.repeat(101), 7])(
    'promise 8: %j is no name of a file that goes with a run',
    (name) => {
      expect(isCompanionName(name)).toBe(false);
    },
  );
});
