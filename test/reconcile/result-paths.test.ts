import fs from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as library from '../../src/index.ts';
import { reasons } from '../../src/rules/protocol.ts';
import { liveRun } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';

interface Case {
  readonly arrange: (sandbox: Sandbox) => void;
  readonly session?: string;
  readonly current: string;
  readonly paths: readonly ('sourcePath' | 'targetPath')[];
}

const cases: Readonly<Record<(typeof reasons)[keyof typeof reasons], Case>> = {
  resume_lock_timeout: {
    arrange: (sandbox) => {
      sandbox.putSessions('now');
      sandbox.putLock(`${process.pid}.${Date.now()}.ab`);
      sandbox.declare({ foreignLock: true });
    },
    current: '',
    paths: [],
  },
  current_rcs_session_missing: { arrange: () => {}, current: '', paths: [] },
  current_forge_active: {
    arrange: (sandbox) => sandbox.putRun('now', liveRun({ owner_rcs_session_id: 'now' })),
    current: 'now',
    paths: ['targetPath'],
  },
  current_forge_present: {
    arrange: (sandbox) => sandbox.putRun('now', '{}'),
    current: 'now',
    paths: ['targetPath'],
  },
  current_forge_unreadable: {
    arrange: (sandbox) => sandbox.putRun('now', ''),
    current: 'now',
    paths: ['targetPath'],
  },
  payload_codex_identity_missing: {
    arrange: (sandbox) => sandbox.putSessions('now'),
    session: '',
    current: 'now',
    paths: [],
  },
  no_matching_prior_forge: { arrange: (sandbox) => sandbox.putSessions('now'), current: 'now', paths: [] },
  multiple_matching_prior_forges: {
    arrange: (sandbox) => {
      sandbox.declare({ liveRuns: 2 });
      sandbox.putSessions('now');
      sandbox.putRun('old', liveRun());
      sandbox.putRun('older', liveRun());
    },
    current: 'now',
    paths: [],
  },
  resumed_same_codex_session: {
    arrange: (sandbox) => {
      sandbox.putSessions('now');
      sandbox.putRun('old', liveRun());
    },
    current: 'now',
    paths: ['sourcePath', 'targetPath'],
  },
};

describe('call: each of the nine reasons has its own result', () => {
  it('call: there are nine', () => {
    expect(Object.keys(cases).sort()).toEqual(Object.values(reasons).sort());
    expect(Object.keys(cases)).toHaveLength(9);
  });

  it.each(Object.entries(cases))('call: %s', async (reason, { arrange, session = 's1', current, paths }) => {
    const sandbox = makeSandbox();
    arrange(sandbox);
    const given = `${relative(process.cwd(), sandbox.project)}/./.rcs/state/../state/`;
    const all = {
      sourcePath: join(given, 'sessions', 'old', 'forge-state.json'),
      targetPath: join(given, 'sessions', 'now', 'forge-state.json'),
    };
    expect(await sandbox.call({ session, stateDir: given })).toEqual({
      currentRcsSessionId: current,
      resumed: reason === 'resumed_same_codex_session',
      updatedCurrentOwner: false,
      reason,
      ...Object.fromEntries(paths.map((path) => [path, all[path]])),
    });
  });
});

describe('call: result paths are stateDir as given, joined, not resolved', () => {
  it.each([
    ['relative', (dir: string) => relative(process.cwd(), dir)],
    ['through a link', (dir: string) => dir.replace('.rcs', 'link')],
    ['with a final slash', (dir: string) => `${dir}//`],
  ])('call: %s', async (_name, as) => {
    const sandbox = makeSandbox();
    fs.symlinkSync(join(sandbox.project, '.rcs'), join(sandbox.project, 'link'));
    sandbox.putSessions('now');
    sandbox.putRun('old', liveRun());
    const stateDir = as(sandbox.stateDir);
    expect(await sandbox.call({ session: 's1', stateDir })).toMatchObject({
      sourcePath: join(stateDir, 'sessions', 'old', 'forge-state.json'),
      targetPath: join(stateDir, 'sessions', 'now', 'forge-state.json'),
    });
  });
});

describe('call: the second name', () => {
  it('call: reconcileForgeSessionResumeAlias does the same', async () => {
    const sandbox = makeSandbox();
    sandbox.putSessions('now');
    sandbox.putRun('old', liveRun());
    const result = await library.reconcileForgeSessionResumeAlias({
      stateDir: sandbox.stateDir,
      payloadSessionId: 's1',
      env: { RCS_SESSION_ID: 'now' },
    });
    expect(result.resumed).toBe(true);
    expect(library.reconcileForgeSessionResume).toBeTypeOf('function');
  });
});
