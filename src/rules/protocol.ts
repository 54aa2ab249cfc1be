/**
 * Every name, phase and limit that other programs share with us, as data.
 * A sibling runtime that uses other names is a second object of the same shape.
 */

/** The names, phases and limits of one runtime's on-disk protocol. */
export type Protocol = typeof protocol;

/** The protocol of the RCS runtime (src/rules/README.md#files and src/rules/README.md#words). */
export const protocol = {
  /** Folder of a project that holds the state directory, and the names below it. */
  project: { runtimeFolder: '.rcs', stateFolder: 'state', logFolder: 'logs', logPrefix: 'forge-resume-' },
  files: {
    sessionRecord: 'session.json',
    sessionsFolder: 'sessions',
    forgeState: 'forge-state.json',
    lockFolder: '.lock.forge-session-resume',
    lockOwner: 'owner',
    ownFolder: '.forge-resume',
    kernelLock: 'lock',
    journalFolder: 'journal',
    trailFolder: 'trails',
    breakingFolder: 'breaking',
    history: 'history.jsonl',
    olderHistory: 'history.1.jsonl',
    quarantineFolder: 'quarantine',
    projectionFolder: 'projected',
  },
  fields: {
    active: 'active',
    phase: 'current_phase',
    iteration: 'iteration',
    startedAt: 'started_at',
    completedAt: 'completed_at',
    stopReason: 'stop_reason',
    ownerRcsSession: 'owner_rcs_session_id',
    ownerCodexSession: 'owner_codex_session_id',
    ownerCodexThread: 'owner_codex_thread_id',
    pane: 'tmux_pane_id',
    paneSetAt: 'tmux_pane_set_at',
    updatedAt: 'updated_at',
    lastTurnAt: 'last_turn_at',
  },
  sessionRecordFields: {
    sessionId: 'session_id',
    cwd: 'cwd',
    pid: 'pid',
    pidStartTicks: 'pid_start_ticks',
    pidCmdline: 'pid_cmdline',
    bootId: 'boot_id',
  },
  env: {
    /**
     * Tried in this order; the first with a valid id is the only one that counts
     * (src/rules/README.md#rule-2-current-session).
     */
    sessionIds: ['RCS_SESSION_ID', 'CODEX_SESSION_ID', 'SESSION_ID'],
    pane: 'TMUX_PANE',
    /** The folder that an agent calls its project, for what it starts. */
    project: 'CLAUDE_PROJECT_DIR',
    /** Non-blank in a team worker, whose turns are not the leader's. */
    teamWorker: ['RCS_TEAM_INTERNAL_WORKER', 'RCS_TEAM_WORKER'],
  },
  /** Files beside a run without which a runtime does not go on (src/rules/README.md#rule-7-transfer). */
  companions: ['skill-active-state.json', 'run-state.json'],
  terminalPhases: ['blocked_on_user', 'complete', 'failed', 'cancelled'],
  transferred: { phase: 'cancelled', stopReason: 'ownership_transferred' },
  ended: { phase: 'cancelled' },
  pane: {
    agentCommands: ['node', 'codex', 'npx'],
    agentStartCommand: 'codex',
    /** What the HUD is started with: these, one behind the other on one line, in any case. */
    hudStartCommand: [/\brcs\b/i, /\bhud\b/i, /--watch/i],
  },
  limits: {
    /** Longest wait for the lock, milliseconds (src/rules/README.md#rule-1-lock). */
    lockTimeoutMs: 5_000,
    /** Longest pause between two attempts at the lock, milliseconds (src/rules/README.md#rule-1-lock). */
    lockRetryMs: 25,
    /** Age by mtime at which a foreign lock folder is stale, milliseconds (src/rules/README.md#rule-1-lock). */
    lockStaleMs: 10_000,
    /** How often a holder touches its lock folder, milliseconds. */
    lockTouchMs: 2_000,
    /** Without the kernel lock: how long a breaker must have seen a folder of ours untouched, milliseconds. */
    lockWatchMs: 3_000,
    /** Largest state file that is read, bytes (src/rules/README.md#rule-10-unsafe-files). */
    stateFileBytes: 8 * 1024 * 1024,
    /**
     * A file that does not parse and is younger than this is read once more, milliseconds
     * (src/rules/README.md#rule-10-unsafe-files).
     */
    tornWindowMs: 1_000,
    /** Pause before that second read, milliseconds (src/rules/README.md#rule-10-unsafe-files). */
    tornRetryMs: 10,
    /** How long a call waits in all for runs that it cannot read, milliseconds. */
    keepMs: 100,
    /** Unchanged for so long, what cannot be read is given up, milliseconds. */
    unreadableOldMs: 10_000,
    /** Longest wait for more of a hook's payload, milliseconds (src/rules/README.md#what-the-agent-sends). */
    payloadQuietMs: 2_000,
    /** Longest wait for tmux, milliseconds (src/rules/README.md#pane). */
    paneTimeoutMs: 2_000,
    /** Plans made for one transfer before it gives up as SOURCE_BUSY. */
    transferPlans: 3,
    /** Most names that are read of the folder of journals. */
    journalNames: 64,
    /** Size at which the history is set aside, in the place of the one before, bytes. */
    historyBytes: 1024 * 1024,
    /** Most sessions that a trail names. */
    leftSessions: 32,
    /** Largest trail that is read, bytes. */
    trailBytes: 64 * 1024,
    /** Largest journal that is written and read, bytes: two runs of the largest size, as JSON text. */
    journalBytes: 64 * 1024 * 1024,
  },
} as const;

/** Why a call ended as it did; the `reason` of every result (src/rules/README.md). */
export const reasons = {
  lockTimeout: 'resume_lock_timeout',
  sessionMissing: 'current_rcs_session_missing',
  currentActive: 'current_forge_active',
  currentPresent: 'current_forge_present',
  currentUnreadable: 'current_forge_unreadable',
  identityMissing: 'payload_codex_identity_missing',
  noCandidate: 'no_matching_prior_forge',
  severalCandidates: 'multiple_matching_prior_forges',
  resumed: 'resumed_same_codex_session',
} as const;

/** What ends a run for good, as its `stop_reason` says. */
export const stopReasons = { byUser: 'ended_by_user', stale: 'stale_active_state' } as const;

/** Why a call ended as it did that had a policy, or named a run whose owner lives. */
export const policyReasons = {
  currentForeign: 'current_forge_foreign',
  ownerLive: 'prior_owner_live',
} as const;

/** Why a call ended as it did that a person made by `adopt`, `end` or `undo`. */
export const commandReasons = {
  adopted: 'adopted_by_user',
  givenBack: 'given_back_by_user',
  ended: 'ended_by_user',
  planMoved: 'plan_out_of_date',
} as const;

/** One of the nine reasons, or of those that only calls with policies or commands have. */
export type Reason =
  | (typeof reasons)[keyof typeof reasons]
  | (typeof policyReasons)[keyof typeof policyReasons]
  | (typeof commandReasons)[keyof typeof commandReasons];
