import { describe, expect, it } from 'vitest';
import { lastChange, lastTurn } from '../../src/rules/last-change.ts';
import { judgeLiveness, type OwnerEvidence, recentTurnMs } from '../../src/rules/liveness.ts';

describe('whether an owner lives', () => {
  it.each<[OwnerEvidence, string, string]>([
    [{}, 'unknown', 'no_sign'],
    [{ process: 'alive', isThisBoot: true, pane: 'gone', isBeforeBoot: true }, 'live', 'process_alive'],
    [{ process: 'alive', isThisBoot: false }, 'dead', 'other_boot'],
    [{ process: 'gone', pane: 'agent', turnAgeMs: 0 }, 'dead', 'process_gone'],
    [{ process: 'reused', pane: 'agent' }, 'dead', 'pid_reused'],
    [{ pane: 'agent', turnAgeMs: 10 * recentTurnMs, isBeforeBoot: true }, 'live', 'pane_agent'],
    [{ pane: 'gone', turnAgeMs: recentTurnMs - 1 }, 'live', 'recent_turn'],
    [{ pane: 'gone', turnAgeMs: recentTurnMs }, 'dead', 'pane_gone'],
    [{ pane: 'gone', turnAgeMs: -1 }, 'dead', 'pane_gone'],
    [{ pane: 'other' }, 'dead', 'pane_without_agent'],
    [{ pane: 'own' }, 'unknown', 'no_sign'],
    [{ pane: 'own', isBeforeBoot: true }, 'dead', 'before_boot'],
    [{ turnAgeMs: recentTurnMs, isBeforeBoot: false }, 'unknown', 'no_sign'],
  ])('%j: %s by %s', (evidence, state, sign) => {
    expect(judgeLiveness(evidence)).toEqual({ state, sign });
  });
});

describe('when a run last changed', () => {
  const at = (text: string): number => Date.parse(text);

  it('is the newest of its fields that are times, else the time of its file', () => {
    const run = {
      updated_at: '2026-01-02T00:00:00.000Z',
      last_turn_at: '2026-01-03T00:00:00.000Z',
      tmux_pane_set_at: 'yesterday',
    };
    expect(lastChange(run, 5)).toEqual({ at: at(run.last_turn_at), source: 'last_turn_at' });
    expect(lastChange({ ...run, tmux_pane_set_at: '2026-01-04' }, 5).source).toBe('tmux_pane_set_at');
    expect(lastChange({ updated_at: 7, last_turn_at: null }, 5)).toEqual({ at: 5, source: 'mtime' });
  });

  it('and its last turn is no matter of its pane', () => {
    expect(lastTurn({ tmux_pane_set_at: '2026-01-04' })).toBeUndefined();
    expect(lastTurn({ updated_at: '2026-01-04T00:00:00.000Z' })).toBe(at('2026-01-04'));
  });
});
