import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { laterTurn, takeTurn } from '../../src/rules/carry-over.ts';

const turn = (iteration: unknown, moved: boolean | undefined) => ({ state: { iteration }, moved });

describe('laterTurn (protocol.md, "Carrying over")', () => {
  it.each([
    ['the higher iteration', turn(6, false), turn(7, false), 'other'],
    ['the higher iteration, whoever moved', turn(7, false), turn(6, true), 'keeper'],
    ['the one that moved, where both count the same', turn(6, false), turn(6, true), 'other'],
    ['the keeper’s, where both moved', turn(6, true), turn(6, true), 'keeper'],
    ['the keeper’s, where neither did', turn(6, false), turn(6, false), 'keeper'],
    ['the keeper’s, where only it moved', turn(6, true), turn(6, false), 'keeper'],
    ['the keeper’s, where nothing is known of it', turn(6, undefined), turn(6, true), 'keeper'],
    ['the keeper’s, where nothing is known of the other', turn(6, false), turn(6, undefined), 'keeper'],
    ['the one that moved, where one does not count', turn('9', false), turn(6, true), 'other'],
    ['the one that moved, where one counts without end', turn(6, false), turn(Number.POSITIVE_INFINITY, true), 'other'],
    ['the keeper’s, where neither counts and both moved', turn(null, true), turn(undefined, true), 'keeper'],
  ] as const)('promise 2: %s', (_name, keeper, other, expected) => {
    expect(laterTurn(keeper, other)).toBe(expected);
  });
});

describe('takeTurn (protocol.md, "Carrying over")', () => {
  const keeper = {
    active: true,
    current_phase: 'a',
    iteration: 5,
    owner_rcs_session_id: 'now',
    owner_codex_session_id: 's1',
    tmux_pane_id: '%1',
    tmux_pane_set_at: 'then',
    note: 'keeper',
  };

  it('promise 2: everything but owner and pane comes from the other turn, what it has not included', () => {
    const other = { turn: '6', active: false, iteration: 6, owner_codex_thread_id: 't', tmux_pane_id: '%9' };
    expect(takeTurn(keeper, other)).toEqual({
      turn: '6',
      active: false,
      iteration: 6,
      owner_rcs_session_id: 'now',
      owner_codex_session_id: 's1',
      tmux_pane_id: '%1',
      tmux_pane_set_at: 'then',
    });
  });

  it('promise 1: a turn that a hand-over ended does not end the keeper', () => {
    const other = {
      active: false,
      current_phase: 'cancelled',
      stop_reason: 'ownership_transferred',
      completed_at: 'x',
    };
    const taken = takeTurn(keeper, { ...other, iteration: 6 });
    expect(taken).toMatchObject({ active: true, current_phase: 'a', iteration: 6 });
    expect(Object.keys(taken)).not.toEqual(expect.arrayContaining(['stop_reason']));
    expect(Object.keys(taken)).not.toEqual(expect.arrayContaining(['completed_at']));
  });

  it('promise 2: fields keep the order of their turn, own __proto__ keys included', () => {
    const other = JSON.parse('{"z":1,"__proto__":{"a":1},"owner_rcs_session_id":"old","b":2}');
    const text = JSON.stringify(takeTurn({ owner_rcs_session_id: 'now' }, other));
    expect(text).toBe('{"z":1,"__proto__":{"a":1},"owner_rcs_session_id":"now","b":2}');
  });

  it('promise 2: no field of one turn meets a field of another', () => {
    const content = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'iteration'), fc.integer());
    fc.assert(
      fc.property(content, content, (one, other) => {
        expect(takeTurn(one, other)).toEqual(other);
      }),
    );
  });
});
