/** Contents that many tests share. */

/** A live run of Codex session `s1`, started in RCS session `old`; fields may be changed or added. */
export function liveRun(fields: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    active: true,
    current_phase: 'building',
    iteration: 5,
    started_at: '2026-01-02T03:04:05.000Z',
    owner_rcs_session_id: 'old',
    owner_codex_session_id: 's1',
    ...fields,
  };
}

/** A live run that has no Codex session id, only thread `t1`. */
export function threadRun(fields: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const { owner_codex_session_id: _none, ...rest } = liveRun();
  return { ...rest, owner_codex_thread_id: 't1', ...fields };
}

/** What something threw; fails the test where it did not throw. */
export async function thrownBy(promise: Promise<unknown>): Promise<unknown> {
  const outcome = await promise.then(
    (value) => ({ value }),
    (thrown: unknown) => ({ thrown }),
  );
  if ('thrown' in outcome) return outcome.thrown;
  throw new Error(`nothing was thrown; the result was ${JSON.stringify(outcome.value)}`);
}
