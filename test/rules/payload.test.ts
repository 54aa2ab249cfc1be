import { describe, expect, it } from 'vitest';
import { isTeamWorker, judgePayload } from '../../src/rules/payload.ts';

const notify = (fields: object) => judgePayload('notify', { type: 'agent-turn-complete', cwd: '/p', ...fields });
const hook = (fields: object) => judgePayload('hook', { hook_event_name: 'Stop', cwd: '/p', ...fields });

describe('what the agent sends: both ways in', () => {
  it.each(['notify', 'hook'] as const)('%s: a payload that is no JSON object is invalid', (way) => {
    for (const payload of [undefined, null, 1, 'text', true, [], [{}]])
      expect(judgePayload(way, payload)).toBe('invalid');
  });

  it('cwd stays as it was given', () => {
    expect(notify({ cwd: '/p/../q/' })).toMatchObject({ cwd: '/p/../q/' });
    expect(hook({ cwd: '/p/../q/' })).toMatchObject({ cwd: '/p/../q/' });
  });

  it.each([undefined, null, '', 'p', './p', ' /p', 5, {}, ['/p']])(
    'cwd %j is no absolute path: nothing is done',
    (cwd) => {
      expect(notify({ cwd })).toBe('nothing');
      expect(hook({ cwd })).toBe('nothing');
    },
  );

  it('ids are trimmed, and other types are read as text', () => {
    expect(notify({ session_id: ' s ', 'thread-id': '\tt\n' })).toMatchObject({ sessionId: 's', threadId: 't' });
    expect(notify({ session_id: 7, 'thread-id': null })).toMatchObject({ sessionId: '7', threadId: '' });
    expect(hook({ session_id: 7 })).toMatchObject({ sessionId: '7' });
  });

  it('unknown fields and message texts are ignored', () => {
    const texts = { 'input-messages': ['x'], 'last-assistant-message': 'x', prompt: 'x', transcript: 'x', other: 'x' };
    expect(notify(texts)).toEqual(notify({}));
    expect(hook(texts)).toEqual(hook({}));
  });
});

describe('what the agent sends: notify', () => {
  it.each(['agent-turn-complete', 'turn-complete', '', ' Agent-Turn-COMPLETE\n', null, undefined])(
    'type %j is acted on',
    (type) => {
      expect(notify({ type })).toMatchObject({
        event: String(type ?? '')
          .trim()
          .toLowerCase(),
      });
    },
  );

  it('an absent type is acted on', () => expect(judgePayload('notify', { cwd: '/p' })).toMatchObject({ event: '' }));

  it.each(['agent-turn-started', 'complete', 'Stop', 0, {}])('type %j is not', (type) => {
    expect(notify({ type })).toBe('nothing');
  });

  it('session_id goes before session-id, thread-id before thread_id', () => {
    const all = { session_id: 's1', 'session-id': 's2', 'thread-id': 't1', thread_id: 't2' };
    expect(notify(all)).toMatchObject({ sessionId: 's1', threadId: 't1' });
    expect(notify({ 'session-id': 's2', thread_id: 't2' })).toMatchObject({ sessionId: 's2', threadId: 't2' });
  });

  it('a blank id gives way to the second name', () => {
    const blank = { session_id: ' ', 'session-id': 's2', 'thread-id': '', thread_id: 't2' };
    expect(notify(blank)).toMatchObject({ sessionId: 's2', threadId: 't2' });
  });

  it('a thread id is never taken for a session id', () => {
    expect(notify({ 'thread-id': 't1' })).toMatchObject({ sessionId: '', threadId: 't1' });
  });

  it('a session id is not taken for a thread id either', () => {
    expect(notify({ session_id: 's1' })).toMatchObject({ sessionId: 's1', threadId: '' });
  });
});

describe('what the agent sends: hooks', () => {
  it.each(['SessionStart', 'UserPromptSubmit', 'Stop'])('%s is acted on', (event) => {
    expect(hook({ hook_event_name: event })).toMatchObject({ event });
  });

  it.each(['PreToolUse', 'SubagentStop', 'SessionEnd', 'stop', '', undefined, null, 3, ['Stop']])(
    'event %j: nothing',
    (event) => {
      expect(hook({ hook_event_name: event })).toBe('nothing');
    },
  );

  it('without a thread id the session id serves as both', () => {
    expect(hook({ session_id: 's1' })).toMatchObject({ sessionId: 's1', threadId: 's1' });
    expect(hook({ session_id: 's1', thread_id: ' ' })).toMatchObject({ sessionId: 's1', threadId: 's1' });
  });

  it('a thread id of its own stays', () => {
    expect(hook({ session_id: 's1', thread_id: 't2' })).toMatchObject({ sessionId: 's1', threadId: 't2' });
    expect(hook({ 'thread-id': 't1', thread_id: 't2' })).toMatchObject({ sessionId: '', threadId: 't1' });
  });

  it('a notification type is no matter to a hook', () => expect(hook({ type: 'other' })).not.toBe('nothing'));
});

describe('what the agent sends: team workers', () => {
  it.each(['RCS_TEAM_INTERNAL_WORKER', 'RCS_TEAM_WORKER'])('%s non-blank marks one', (name) => {
    expect(isTeamWorker({ [name]: 'team/worker-1' })).toBe(true);
    expect(isTeamWorker({ [name]: ' \t' })).toBe(false);
  });

  it('anything else does not', () => expect(isTeamWorker({ RCS_TEAM: '1', PATH: '/bin' })).toBe(false));
});
