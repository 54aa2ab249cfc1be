import fs from 'node:fs';
import { join } from 'node:path';
import type { ReconcileOptions } from '../../src/call/options.ts';
import type { Reason } from '../../src/rules/protocol.ts';
import { liveRun, threadRun } from '../support/runs.ts';

/** A state directory and a call, and the reason that the call must give. */
export interface Scenario {
  readonly name: string;
  readonly reason: Reason;
  readonly runs: Readonly<Record<string, unknown>>;
  readonly call?: Omit<Partial<ReconcileOptions>, 'stateDir'>;
  /** What stands there beside the runs. */
  readonly arrange?: (stateDir: string) => void;
}

const finished = liveRun({ active: false, current_phase: 'complete' });

/** Every reason, and what the rules say about bytes, in cases that must end the same in any implementation. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'rule 1: the lock stays busy',
    reason: 'resume_lock_timeout',
    runs: { old: liveRun() },
    arrange: (stateDir) => {
      const lock = join(stateDir, '.lock.forge-session-resume');
      fs.mkdirSync(lock);
      fs.writeFileSync(join(lock, 'owner'), `${process.pid}.${Date.now()}.abc`);
    },
  },
  {
    name: 'rule 2: nothing names a session',
    reason: 'current_rcs_session_missing',
    runs: { old: liveRun() },
    call: { env: { RCS_SESSION_ID: '../x', SESSION_ID: 'gone' } },
  },
  {
    name: 'rule 2: session.json names one',
    reason: 'resumed_same_codex_session',
    runs: { old: liveRun() },
    call: { env: {} },
    arrange: (stateDir) => fs.writeFileSync(join(stateDir, 'session.json'), '{"session_id":"recorded"}'),
  },
  {
    name: 'rule 3: nothing to refresh',
    reason: 'current_forge_active',
    runs: { now: liveRun({ owner_rcs_session_id: ' now ' }) },
  },
  {
    name: 'rule 3: owner, thread and pane are refreshed',
    reason: 'current_forge_active',
    runs: { now: threadRun({ owner_codex_session_id: ' ', extra: { b: 1, a: [null] } }) },
    call: { env: { RCS_SESSION_ID: 'now', TMUX_PANE: '%7' } },
  },
  {
    name: 'rule 3: a thread id only',
    reason: 'current_forge_active',
    runs: { now: { active: true, current_phase: 'complete' } },
    call: { payloadSessionId: '', payloadThreadId: 't9' },
  },
  { name: 'rule 4: a run that ended', reason: 'current_forge_present', runs: { now: finished, old: liveRun() } },
  { name: 'rule 4: no JSON', reason: 'current_forge_unreadable', runs: { now: '{"active":', old: liveRun() } },
  { name: 'rule 4: null', reason: 'current_forge_unreadable', runs: { now: 'null' } },
  {
    name: 'rule 5: no ids',
    reason: 'payload_codex_identity_missing',
    runs: { old: liveRun() },
    call: { payloadSessionId: ' ', payloadThreadId: null },
  },
  {
    name: 'rule 6: none matches',
    reason: 'no_matching_prior_forge',
    runs: {
      other: liveRun({ owner_codex_session_id: 's2' }),
      ended: finished,
      blocked: liveRun({ current_phase: ' Blocked_On_User ' }),
      odd: liveRun({ active: 'true' }),
      list: '[1]',
      torn: '{',
      'no id!': liveRun(),
    },
  },
  {
    name: 'rule 6: two match, one by a number',
    reason: 'multiple_matching_prior_forges',
    runs: { one: liveRun({ owner_codex_session_id: 17 }), two: liveRun({ owner_codex_session_id: '17' }) },
    call: { payloadSessionId: 17 },
  },
  {
    name: 'rule 7: fields, their order and odd keys pass through',
    reason: 'resumed_same_codex_session',
    runs: {
      old: '{"z":1,"__proto__":{"x":[1.50]},"active":true,"owner_codex_session_id":" s1 ","a":"\\u0041","completed_at":1}',
      other: finished,
    },
    call: { env: { RCS_SESSION_ID: 'now', TMUX_PANE: ' %3 ' } },
  },
  {
    name: 'rule 7: by thread, which becomes the session',
    reason: 'resumed_same_codex_session',
    runs: { old: threadRun({ stop_reason: 'x' }) },
    call: { payloadSessionId: 's5', payloadThreadId: ' t1 ' },
  },
];
