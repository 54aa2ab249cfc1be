import { type Moment, outcomeText, sampleIds, samplePane, type World } from '../../../src/testing/index.ts';
import { type Database, isLive, openMemoryStore, type Row } from './memory-store.ts';

const { current, source, other, stale } = sampleIds;

const row = (changes: Partial<Row> = {}): Row => ({
  active: true,
  phase: 'building',
  codexSession: 's1',
  rcsSession: source,
  pane: '',
  isAtWork: false,
  idleMs: 0,
  hasFiles: false,
  version: 1,
  by: 'world',
  ...changes,
});

/** What a database cannot be brought to: it has no files to be broken, and we leave out copies that come back. */
const isFault: World['isFault'] = (outcome) => {
  if (outcome.kind === 'failure') return !outcome.actor.startsWith('after');
  // An owner that is up to date is a matter of the pane, and what to find of it is left to the locked part.
  const isActive = outcome.actor === 'look' && outcome.name.endsWith('active');
  const texts = ['acquireLock: storeMissing', 'acquireLock: watched', 'scanCandidates: copies', 'rollback: left'];
  const isOldTransfer = outcome.actor === 'recover' && outcome.name !== 'nothing';
  return isActive || isOldTransfer || outcome.actor === 'retireCopies' || texts.includes(outcomeText(outcome));
};

/** A database in which every path can be arranged. */
export function createMemoryWorld(): World {
  const db: Database = {
    currentId: current,
    runs: new Map(),
    lockedBy: undefined,
    handedOver: undefined,
    journal: undefined,
  };
  let pane = '';
  let hook: () => void = () => undefined;
  const put = (id: string, changes: Partial<Row>): void => {
    db.runs.set(id, row({ version: (db.runs.get(id)?.version ?? 0) + 1, ...changes }));
  };

  /** A run on which nobody has worked for long, and what remains once it is ended. */
  const putStale = (...remaining: readonly string[]): void => {
    put(stale, { idleMs: 7_200_000 });
    for (const id of remaining) put(id, {});
  };

  let afterwards: () => void = () => undefined;
  const busyElsewhere = (): void => {
    db.lockedBy = {};
    afterwards = () => {
      db.lockedBy = undefined;
    };
  };
  const arrangements: Record<string, () => void> = {
    // A run that cannot be understood is no answer; what stood there is back when the look is over.
    'look: doubtful': () => {
      const before = db.runs.get(current);
      db.runs.set(current, null);
      afterwards = () => {
        if (before === undefined) db.runs.delete(current);
        else db.runs.set(current, before);
      };
    },
    'look: answered': () => put(current, { active: false }),
    'look: answered current_rcs_session_missing': () => {
      db.currentId = undefined;
    },
    'look: unquiet': () => {
      put(current, { active: false });
      busyElsewhere();
    },
    'look: unquiet without candidate': () => {
      db.runs.delete(source);
      db.runs.delete(other);
      busyElsewhere();
    },
    'acquireLock: busy': () => {
      db.lockedBy = {};
    },
    // Whoever took the lock from us has undone what we had begun.
    'recover: nothing': () => {
      if (db.journal !== undefined && db.runs.get(current)?.by === 'call') db.runs.delete(current);
      db.journal = undefined;
    },
    'readCurrent: missing': () => {
      db.currentId = undefined;
      db.handedOver = undefined;
    },
    'readCurrent: absent': () => {
      if (db.handedOver === undefined) db.runs.delete(current);
    },
    'readNamed: named': () => put(source, {}),
    'readNamed: named live': () => put(source, { isAtWork: true }),
    'readNamed: named terminal': () => put(source, { phase: 'failed' }),
    'readNamed: absent': () => db.runs.delete(source),
    'readNamed: unreadable': () => db.runs.set(source, null),
    'readNamed: inactive': () => put(source, { active: false }),
    'endNamed: changed': () => put(source, { active: false }),
    'readCurrent: present': () => put(current, { active: false }),
    'readCurrent: unreadable': () => db.runs.set(current, null),
    'readCurrent: foreign': () => put(current, { codexSession: 's2' }),
    'readCurrent: active': () => {
      db.runs.delete(source);
      put(current, {});
    },
    'findPane: found': () => {
      pane = samplePane;
    },
    'findPane: none': () => {
      pane = '';
    },
    'updateOwner: unchanged': () => put(current, { rcsSession: current, pane: samplePane }),
    'updateOwner: changed': () => put(current, { active: false }),
    'scanCandidates: none': () => db.runs.delete(source),
    'scanCandidates: one': () => put(source, {}),
    'scanCandidates: onlyTerminal': () => put(source, { phase: 'complete' }),
    'scanCandidates: oneBesideTerminal': () => {
      put(source, {});
      put(other, { phase: 'complete' });
    },
    'scanCandidates: several': () => {
      put(source, {});
      put(other, {});
    },
    'scanCandidates: copies': () => put(source, {}),
    'scanCandidates: oneOwned': () => put(source, { isAtWork: true }),
    'scanCandidates: stale': () => putStale(),
    'endStale: one': () => putStale(source),
    'endStale: none': () => {
      db.runs.delete(source);
      putStale();
    },
    'endStale: several': () => putStale(source, other),
    'endStale: oneOwned': () => {
      putStale();
      put(source, { isAtWork: true });
    },
    'endStale: goneOn': () => {
      db.runs.delete(stale);
      put(source, {});
    },
    'prepare: prepared with companions': () => put(source, { hasFiles: true }),
    'prepare: changed': () => put(source, { active: false }),
    'writeTarget: taken': () => put(current, { codexSession: 's2' }),
    'writeSource: changed': () => put(source, {}),
    'replan: ineligible': () => put(source, { active: false }),
    'rollback: wentForward': () => {
      put(source, { active: false });
      put(current, {});
    },
    'afterLockAcquired fails: UNKNOWN': failHook,
    'afterTargetWrite fails: UNKNOWN': failHook,
    'afterCommit fails: UNKNOWN': failHook,
  };
  function failHook(): void {
    hook = () => {
      throw new Error('the hook failed');
    };
  }
  const runHook = () => {
    hook();
    return { kind: 'done' } as const;
  };

  return {
    isFault,
    arrange: (path) => {
      // A crash test arranges a path and then lets calls run by themselves.
      const finders: readonly string[] = ['scanCandidates', 'readNamed'];
      const found = path.steps.find(({ outcome }) => outcome.kind === 'answer' && finders.includes(outcome.actor));
      if (found !== undefined) arrangements[outcomeText(found.outcome)]?.();
      if (path.input.command?.kind === 'undo') {
        put(current, { active: false, phase: 'cancelled' });
        db.handedOver = { from: current, to: source };
      }
      return ({ outcome }: Moment) => {
        arrangements[outcomeText(outcome)]?.();
        return () => {
          hook = () => undefined;
          afterwards();
          afterwards = () => undefined;
          if (outcomeText(outcome) === 'acquireLock: busy') db.lockedBy = undefined;
        };
      };
    },
    call: () => {
      const me = {};
      const store = openMemoryStore(db, me);
      const unlock = (): void => {
        if (db.lockedBy === me) db.lockedBy = undefined;
      };
      return {
        actors: {
          ...store,
          findPane: () => (pane === '' ? { kind: 'none' } : { kind: 'found', pane }),
          afterLockAcquired: runHook,
          afterTargetWrite: runHook,
          afterCommit: runHook,
        },
        close: unlock,
        // The database notices that its client is gone.
        crash: unlock,
      };
    },
    observe: () => ({
      runs: [...db.runs].map(([id, run]) => ({
        role: id === current ? 'current' : id === source ? 'source' : 'other',
        identity: run?.codexSession ?? '',
        live: isLive(run),
        pane: run?.pane ?? '',
        by: run?.by ?? 'world',
      })),
      locked: db.lockedBy !== undefined,
      leftovers: [],
      unfinished: db.journal !== undefined,
      problems: [],
    }),
    dispose: () => db.runs.clear(),
  };
}
