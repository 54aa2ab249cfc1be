import { text } from './baseline-files.ts';

/** A run as it was parsed. */
export type Run = Readonly<Record<string, unknown>>;

/** What a call writes into owners. */
export interface Caller {
  readonly current: string;
  readonly session: string;
  readonly thread: string;
  readonly pane: string;
  readonly now: string;
}

/** Whether a parsed value can be a run. */
export const isRun = (value: unknown): value is Run =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether a value is a live run of the caller (rule 6). */
export function isCandidate(value: unknown, session: string, thread: string): value is Run {
  if (!isRun(value) || value['active'] !== true) return false;
  const phase = text(value['current_phase']).toLowerCase();
  if (['blocked_on_user', 'complete', 'failed', 'cancelled'].includes(phase)) return false;
  const owner = text(value['owner_codex_session_id']);
  if (owner !== '') return owner === session;
  const ownerThread = text(value['owner_codex_thread_id']);
  return ownerThread !== '' && ownerThread === thread;
}

/** The current run with its owner refreshed (rule 3); the same object where nothing changes. */
export function refresh(run: Run, caller: Caller): Run {
  const next: Record<string, unknown> = { ...run };
  let changed = false;
  const set = (name: string, value: string): void => {
    next[name] = value;
    changed = true;
  };
  if (text(next['owner_rcs_session_id']) !== caller.current) set('owner_rcs_session_id', caller.current);
  if (text(next['owner_codex_session_id']) === '' && caller.session !== '') {
    set('owner_codex_session_id', caller.session);
  }
  if (text(next['owner_codex_session_id']) === '') {
    if (caller.thread !== '' && text(next['owner_codex_thread_id']) !== caller.thread) {
      set('owner_codex_thread_id', caller.thread);
    }
  } else if (typeof next['owner_codex_thread_id'] === 'string') {
    delete next['owner_codex_thread_id'];
    changed = true;
  }
  if (bindPane(next, caller)) changed = true;
  return changed ? next : run;
}

/** The run as the current session gets it (rule 7, target). */
export function takeOver(run: Run, caller: Caller): Run {
  const next: Record<string, unknown> = { ...run };
  next['owner_rcs_session_id'] = caller.current;
  if (caller.session !== '') next['owner_codex_session_id'] = caller.session;
  bindPane(next, caller);
  if (text(next['owner_codex_session_id']) !== '') delete next['owner_codex_thread_id'];
  delete next['completed_at'];
  delete next['stop_reason'];
  return next;
}

/** The run as the prior session keeps it (rule 7, source). */
export function end(run: Run, now: string): Run {
  return {
    ...run,
    active: false,
    current_phase: 'cancelled',
    completed_at: now,
    stop_reason: 'ownership_transferred',
  };
}

function bindPane(run: Record<string, unknown>, caller: Caller): boolean {
  if (caller.pane === '' || text(run['tmux_pane_id']) === caller.pane) return false;
  run['tmux_pane_id'] = caller.pane;
  run['tmux_pane_set_at'] = caller.now;
  return true;
}
