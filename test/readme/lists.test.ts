import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RecoveryOutcome } from '../../machines/contract.ts';
import type { ReconcileOptions } from '../../src/call/options.ts';
import type { ReconcileResult } from '../../src/call/result.ts';
import type { CallReport } from '../../src/call/run-reported.ts';
import { policySwitches } from '../../src/cli/policy-switches.ts';
import { errorCodes } from '../../src/errors.ts';
import { policyReasons, protocol, reasons, stopReasons } from '../../src/rules/protocol.ts';
import { firstColumn, pages, readPage, root } from './markdown.ts';

const { scripts, exports, engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
  exports: Record<string, unknown>;
  engines: { node: string };
};

// The compiler holds these three to the types.
const outcomes: Record<RecoveryOutcome, true> = {
  dropped: true,
  completed: true,
  restored: true,
  finished: true,
  undone: true,
  quarantined: true,
  copy_ended: true,
};
const options: Record<keyof ReconcileOptions, true> = {
  stateDir: true,
  payloadSessionId: true,
  payloadThreadId: true,
  env: true,
  comeHome: true,
  companions: true,
  staleAfter: true,
  requireDeadOwner: true,
  refuseForeignOwner: true,
  sessionFrom: true,
  allowedSessions: true,
  hooks: true,
  signal: true,
  inspect: true,
  record: true,
};
const resultFields: Record<keyof ReconcileResult, true> = {
  currentRcsSessionId: true,
  resumed: true,
  updatedCurrentOwner: true,
  reason: true,
  sourcePath: true,
  targetPath: true,
  recovered: true,
  owner: true,
  ended: true,
  warnings: true,
};

const reportFields: Record<keyof CallReport, true> = {
  stateDir: true,
  reason: true,
  errorCode: true,
  durationMs: true,
  lockWaitMs: true,
  decidedBy: true,
  candidates: true,
  lock: true,
  lockHolder: true,
  isForeignRoot: true,
};

describe('lists in the pages are those of the code', () => {
  it.each([
    ['README.md', 'reason', Object.values(reasons)],
    ['README.md', 'outcome', Object.keys(outcomes)],
    ['README.md', 'code', errorCodes],
  ])('%s: %s', (page, column, list) => {
    expect(firstColumn(page, column).sort()).toEqual([...list].sort());
  });

  it('src/rules/README.md: field of the result', () => {
    const named = firstColumn('src/rules/README.md', 'field of the result').flatMap((cell) => cell.split(', '));
    expect(named.sort()).toEqual(Object.keys(resultFields).sort());
  });

  it('README.md: option', () => {
    const named = firstColumn('README.md', 'option').flatMap((cell) => cell.split(', '));
    expect(named.sort()).toEqual(Object.keys(options).sort());
  });

  it('README.md: policy, with its flag and its variable', () => {
    expect(firstColumn('README.md', 'policy')).toEqual(Object.keys(policySwitches));
    const text = readPage('README.md');
    for (const [name, { flag, variable }] of Object.entries(policySwitches)) {
      const row = text.split('\n').find((line) => line.startsWith(`| \`${name}\` | `)) ?? '';
      expect([row.includes(`\`${flag}`), row.includes(`\`${variable}=`)], name).toEqual([true, true]);
    }
  });

  it('reasons and stop reasons of policies, in the rules and in the README', () => {
    const names = [...Object.values(policyReasons), stopReasons.stale];
    for (const page of ['README.md', 'src/rules/README.md']) {
      const text = readPage(page);
      expect(names.filter((name) => !text.includes(name))).toEqual([]);
    }
  });

  it('README.md: in a report', () => {
    const named = firstColumn('README.md', 'in a report').flatMap((cell) => cell.split(', '));
    expect(named.sort()).toEqual(Object.keys(reportFields).sort());
  });

  it('README.md: import', () => {
    const entries = Object.keys(exports).filter((name) => name !== './package.json');
    const names = entries.map((name) => `forge-session-resume${name.slice(1)}`);
    expect(firstColumn('README.md', 'import')).toEqual(names);
  });

  it('names in the rules', () => {
    const text = readPage('src/rules/README.md');
    const { fields, env, terminalPhases, companions, files, transferred, pane } = protocol;
    const names = [
      ...Object.values(fields),
      ...env.sessionIds,
      ...env.teamWorker,
      env.project,
      ...terminalPhases,
      ...companions,
      files.lockFolder,
      ...Object.values(transferred),
      ...pane.agentCommands,
    ];
    expect(names.filter((name) => !text.includes(name))).toEqual([]);
  });

  it('limits in the rules and in the protocol', () => {
    const { limits } = protocol;
    const seconds = (ms: number): string => `${ms / 1_000} s`;
    const phrases = {
      'src/rules/README.md': [
        `every ${limits.lockRetryMs} ms or sooner, and given up after ${seconds(limits.lockTimeoutMs)}`,
        `more than ${seconds(limits.lockStaleMs)} old`,
        `over ${limits.stateFileBytes / 1024 / 1024} MiB`,
        `within the last second is read once more after ${limits.tornRetryMs} ms`,
        `for at most ${seconds(limits.paneTimeoutMs)}`,
        `${seconds(limits.payloadQuietMs)} after the last byte`,
      ],
      'src/store/file/README.md': [
        `the ${seconds(limits.lockTimeoutMs)} of the lock's limit`,
        `at most ${limits.journalNames} names`,
        `at most ${limits.leftSessions}, each`,
        `touches its folder every ${seconds(limits.lockTouchMs)}`,
        `seen untouched for ${seconds(limits.lockWatchMs)}`,
        `read again for ${limits.keepMs} ms`,
        `unchanged for ${seconds(limits.unreadableOldMs)}`,
      ],
    };
    expect(limits.tornWindowMs).toBe(1_000);
    expect(limits.transferPlans).toBe(3);
    for (const [page, list] of Object.entries(phrases)) {
      const text = readPage(page).replaceAll(/\s+/g, ' ');
      expect(list.filter((phrase) => !text.includes(phrase))).toEqual([]);
    }
  });

  it('names in our folder, in the protocol', () => {
    const { files } = protocol;
    const first = (cell: string): string => cell.split('/')[0] ?? '';
    const own = [
      files.kernelLock,
      files.journalFolder,
      files.trailFolder,
      files.history,
      files.olderHistory,
      files.quarantineFolder,
      files.breakingFolder,
    ];
    expect(firstColumn('src/store/file/README.md', 'name').map(first).sort()).toEqual(own.sort());
  });

  it('the number of paths', () => {
    // The kit's page is generated: it counts them.
    const [, counted] = /There are (\d+) paths/.exec(readPage('src/testing/README.md')) ?? [];
    expect(/(\d+)\s+paths\s+cover/.exec(readPage('README.md'))?.[1]).toBe(counted);
  });

  it('the oldest Node', () => {
    expect(engines.node).toBe('>=20.19');
    expect(readPage('README.md')).toContain('Node 20.19 or newer');
  });

  it('scripts that a page tells to run are there', () => {
    const texts = pages.filter((page) => page !== 'CHANGELOG.md').map(readPage);
    const named = texts.flatMap((text) => [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name));
    expect(named.length).toBeGreaterThan(3);
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
  });

  it('an install from git has no code, as the README says', () => {
    // npm runs `prepare` for it, and nothing else.
    expect(scripts['prepare']).toBeUndefined();
    expect(readPage('README.md')).toContain('Straight from git it cannot be installed');
  });
});
