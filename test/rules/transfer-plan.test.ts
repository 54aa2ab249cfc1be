import { describe, expect, it } from 'vitest';
import { isEndedByTransfer, planTransfer } from '../../src/rules/transfer-plan.ts';

const now = '2026-05-06T07:08:09.000Z';
const plan = (text: string, sessionId: string, threadId = '', pane = '') => {
  const planned = planTransfer(JSON.parse(text), { currentId: 'now', identity: { sessionId, threadId }, pane, now });
  return { target: JSON.stringify(planned.target), source: JSON.stringify(planned.source) };
};

describe('planTransfer (rule 7)', () => {
  it.each([
    [
      'the session id of the payload is stored',
      '{"owner_codex_session_id":" s "}',
      's',
      '"owner_codex_session_id":"s"',
    ],
    ['without one the stored id stays', '{"owner_codex_session_id":" s "}', '', '"owner_codex_session_id":" s "'],
    ['completed_at goes', '{"completed_at":"x","a":1}', '', '"a":1'],
    ['stop_reason goes', '{"stop_reason":null,"a":1}', '', '"a":1'],
    ['a string thread goes', '{"owner_codex_thread_id":"t"}', 's', '"owner_codex_session_id":"s"'],
  ])('rule 7, target: %s', (_name, source, session, expected) => {
    const { target } = plan(source, session);
    const id = '"owner_rcs_session_id":"now"';
    expect([`{${expected},${id}}`, `{${id},${expected}}`]).toContain(target);
  });

  it('rule 7, target: a thread of any type goes once a session id is set, and stays otherwise', () => {
    expect(plan('{"owner_codex_thread_id":7}', 's', '7').target).not.toContain('thread');
    expect(plan('{"owner_codex_thread_id":" t "}', '', 't').target).toContain('"owner_codex_thread_id":" t "');
  });

  it('rule 7, target: a known pane is bound with the instant, an unknown one leaves the fields alone', () => {
    const pane = '{"tmux_pane_id":"%1","tmux_pane_set_at":"x"}';
    expect(plan(pane, '', '', '%7').target).toContain(`"tmux_pane_id":"%7","tmux_pane_set_at":"${now}"`);
    expect(plan(pane, '', '', '%1').target).toContain(`"tmux_pane_id":"%1","tmux_pane_set_at":"${now}"`);
    expect(plan(pane, '').target).toContain('"tmux_pane_id":"%1","tmux_pane_set_at":"x"');
    expect(plan('{}', '').target).toBe('{"owner_rcs_session_id":"now"}');
  });

  it('rule 7, source: its own fields in their order, ended', () => {
    const source = '{"active":true,"x":1,"__proto__":{"y":2},"current_phase":"building","owner_codex_thread_id":"t"}';
    expect(plan(source, 's', 't', '%7').source).toBe(
      `{"active":false,"x":1,"__proto__":{"y":2},"current_phase":"cancelled","owner_codex_thread_id":"t","completed_at":"${now}","stop_reason":"ownership_transferred"}`,
    );
  });

  it('rule 7: the source is told from one that its runtime ended', () => {
    expect(isEndedByTransfer(JSON.parse(plan('{"active":true}', 's').source))).toBe(true);
    expect(isEndedByTransfer({ active: false, stop_reason: 'done' })).toBe(false);
    expect(isEndedByTransfer({ active: true, stop_reason: 'ownership_transferred' })).toBe(false);
  });
});
