import type {
  Actors,
  Candidate,
  EndedRun,
  LookAnswer,
  MachineInput,
  ReadCurrentOutput,
  RunHandle,
} from '../../../src/testing/index.ts';

/** A run as a row of a table. */
export interface Row {
  readonly active: boolean;
  readonly phase: string;
  readonly codexSession: string;
  readonly rcsSession: string;
  readonly pane: string;
  /** Whether somebody is at work on it. */
  readonly isAtWork: boolean;
  /** For how long nobody has worked on it, milliseconds. */
  readonly idleMs: number;
  /** Whether files go with it. */
  readonly hasFiles: boolean;
  /** Counts every write. */
  readonly version: number;
  readonly by: 'call' | 'world';
}

/** All that outlives a call. */
export interface Database {
  currentId: string | undefined;
  /** A run by session; null is a row that cannot be understood. */
  readonly runs: Map<string, Row | null>;
  lockedBy: object | undefined;
  /** The last hand-over: `undo` takes it back. */
  handedOver: { readonly from: string; readonly to: string } | undefined;
  journal: { readonly id: string; readonly priorId: string; readonly currentId: string } | undefined;
}

export const isLive = (row: Row | null | undefined): boolean =>
  row?.active === true && !['blocked_on_user', 'complete', 'failed', 'cancelled'].includes(row.phase);

const handle = (id: string): RunHandle => ({ id, location: `runs/${id}` });

/** One call's actors; the pane look-up and the hooks are the runtime's. */
export function openMemoryStore(
  db: Database,
  me: object,
): Omit<Actors, 'findPane' | 'afterLockAcquired' | 'afterTargetWrite' | 'afterCommit'> {
  let planned: Row | undefined;
  let isIneligible = false;
  const write = (id: string, row: Row, changes: Partial<Row>): void => {
    db.runs.set(id, { ...row, ...changes, version: row.version + 1, by: 'call' });
  };
  const transfer = () => {
    if (db.journal === undefined) throw new Error('no transfer is under way');
    const { id, priorId, currentId } = db.journal;
    return { id, source: handle(priorId), target: handle(currentId) };
  };
  const end = { active: false, phase: 'cancelled' } as const;
  const atWork = { state: 'live', sign: 'process_alive' } as const;
  const candidates = ({ payloadSessionId, policies }: MachineInput): Candidate[] =>
    [...db.runs].flatMap(([id, row]) => {
      if (id === db.currentId || !row?.active || row.codexSession !== payloadSessionId) return [];
      const owner = policies?.requireDeadOwner && row.isAtWork ? { owner: atWork } : {};
      return [{ run: handle(id), phase: row.phase, ...owner }];
    });
  const staleIn = (input: MachineInput): RunHandle[] => {
    const { staleAfter = Number.POSITIVE_INFINITY, allowedSessions } = input.policies ?? {};
    return candidates(input)
      .filter(({ run, owner }) => isLive(db.runs.get(run.id)) && owner === undefined)
      .filter(
        ({ run }) => (allowedSessions?.includes(run.id) ?? true) && (db.runs.get(run.id)?.idleMs ?? 0) > staleAfter,
      )
      .map(({ run }) => run);
  };
  const found = (input: MachineInput) => {
    const stale = staleIn(input);
    return { candidates: candidates(input), ...(stale.length === 0 ? {} : { stale }) };
  };

  const isHome = (id: string): boolean => db.handedOver?.from === id && db.runs.get(id)?.active !== true;
  const readCurrent = ({ command, policies, payloadSessionId }: MachineInput): ReadCurrentOutput => {
    const id = command?.kind === 'undo' ? db.handedOver?.from : db.currentId;
    if (id === undefined) return { kind: 'missing' };
    const row = db.runs.get(id);
    const current = handle(id);
    if (row === undefined || (command !== undefined && isHome(id))) return { kind: 'absent', current };
    if (row === null) return { kind: 'unreadable', current };
    if (!row.active) return { kind: 'present', current };
    const isForeign = policies?.refuseForeignOwner && row.codexSession !== payloadSessionId;
    return isForeign ? { kind: 'active', current, foreign: true } : { kind: 'active', current };
  };
  const answerOf = (input: MachineInput): LookAnswer | undefined => {
    const found = readCurrent(input);
    switch (found.kind) {
      case 'missing':
        return { reason: 'current_rcs_session_missing', current: null };
      case 'present':
        return { reason: 'current_forge_present', current: found.current };
      case 'absent':
        break;
      default:
        return undefined;
    }
    const { current } = found;
    if (input.payloadSessionId === '') return { reason: 'payload_codex_identity_missing', current };
    const isLeft = candidates(input).some(({ run }) => isLive(db.runs.get(run.id)));
    return isLeft ? undefined : { reason: 'no_matching_prior_forge', current };
  };

  return {
    look: (input) => {
      const answer = input.command === undefined ? answerOf(input) : undefined;
      if (answer === undefined) return { kind: 'doubtful', pane: null };
      const isQuiet = db.journal === undefined && db.lockedBy === undefined;
      return isQuiet ? { kind: 'answered', answer } : { kind: 'unquiet', answer, pane: null };
    },
    acquireLock: () => {
      if (db.lockedBy !== undefined && db.lockedBy !== me) return { kind: 'busy' };
      db.lockedBy = me;
      return { kind: 'held' };
    },
    keepLock: () => () => undefined,
    recover: () => {
      if (db.journal === undefined) return { kind: 'recovered', recovered: [] };
      const { id, priorId, currentId } = db.journal;
      const source = db.runs.get(priorId);
      const isBegun = isLive(db.runs.get(currentId));
      if (isBegun && source && isLive(source)) write(priorId, source, end);
      db.journal = undefined;
      return { kind: 'recovered', recovered: [{ transferId: id, outcome: isBegun ? 'completed' : 'dropped' }] };
    },
    readCurrent,
    readNamed: ({ command }) => {
      // Here a plan is the version that a person saw; ours are numbers.
      if (command === undefined || command.plan !== undefined) return { kind: 'moved' };
      const id = command.kind === 'adopt' ? command.source : (command.session ?? '');
      const row = db.runs.get(id);
      if (row === undefined) return { kind: 'absent' };
      if (row === null) return { kind: 'unreadable' };
      if (!row.active) return { kind: 'inactive' };
      const liveness = row.isAtWork ? atWork : ({ state: 'unknown', sign: 'no_sign' } as const);
      return { kind: 'named', candidate: { run: handle(id), phase: row.phase }, liveness };
    },
    endNamed: ({ run }) => {
      const row = db.runs.get(run.id);
      if (!row?.active) return { kind: 'changed' };
      write(run.id, row, end);
      return { kind: 'ended', ended: { session: run.id, location: run.location, stopReason: 'ended_by_user' } };
    },
    updateOwner: ({ current, pane }) => {
      const row = db.runs.get(current.id);
      if (!row?.active) return { kind: 'changed' };
      const next = { rcsSession: current.id, pane: pane || row.pane };
      if (row.rcsSession === next.rcsSession && row.pane === next.pane) return { kind: 'unchanged' };
      write(current.id, row, next);
      return { kind: 'updated' };
    },
    scanCandidates: (input) => ({ kind: 'scanned', ...found(input), copies: [] }),
    retireCopies: (input) => ({ kind: 'retired', ...found(input), recovered: [] }),
    endStale: (input) => {
      const limitMs = input.policies?.staleAfter ?? 0;
      const ended = staleIn(input).map(({ id, location }): EndedRun => {
        const row = db.runs.get(id) as Row;
        write(id, row, end);
        const idle = { ageMs: row.idleMs, limitMs, source: 'updated_at' } as const;
        return { session: id, location, stopReason: 'stale_active_state', ...idle };
      });
      return { kind: 'ended', candidates: candidates(input), ended };
    },
    prepare: ({ source, current, pane }) => {
      const row = db.runs.get(source.id) ?? undefined;
      if (!row || !isLive(row)) return { kind: 'changed' };
      planned = { ...row, pane: pane || row.pane };
      db.journal = { id: `${source.id}-${current.id}`, priorId: source.id, currentId: current.id };
      return { kind: 'prepared', transfer: transfer(), companions: row.hasFiles };
    },
    // They are in the same row.
    companions: () => ({ kind: 'carried' }),
    writeTarget: ({ transfer: { target } }) => {
      if ((db.runs.has(target.id) && !isHome(target.id)) || planned === undefined) {
        db.journal = undefined;
        return { kind: 'taken' };
      }
      write(target.id, planned, { rcsSession: target.id });
      return { kind: 'written' };
    },
    writeSource: ({ transfer: { source } }) => {
      const row = db.runs.get(source.id);
      if (!row || row.version !== planned?.version) return { kind: 'changed' };
      write(source.id, row, end);
      return { kind: 'written' };
    },
    replan: ({ transfer: { source } }) => {
      const row = db.runs.get(source.id);
      isIneligible = !row || !isLive(row);
      if (!row || isIneligible) return { kind: 'ineligible' };
      planned = row;
      return { kind: 'replanned', transfer: transfer() };
    },
    commit: () => {
      db.journal = undefined;
      return { kind: 'committed' };
    },
    rollback: ({ transfer: { source, target } }) => {
      db.journal = undefined;
      if (!isLive(db.runs.get(source.id)) && !isIneligible) return { kind: 'wentForward' };
      if (db.runs.get(target.id)?.by === 'call') db.runs.delete(target.id);
      return { kind: 'rolledBack' };
    },
    release: () => {
      if (db.lockedBy === me) db.lockedBy = undefined;
      return { kind: 'released' };
    },
  };
}
