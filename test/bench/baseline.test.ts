import fs from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { ReconcileOptions } from '../../src/call/options.ts';
import { reconcileForgeSessionResume as ours } from '../../src/call/reconcile.ts';
import { reasons } from '../../src/rules/protocol.ts';
import { thrownBy } from '../support/runs.ts';
import { reconcileForgeSessionResume as baseline } from './baseline.ts';
import { type Scenario, scenarios } from './scenarios.ts';
import { makeStateDir, removeStateDirs } from './trees.ts';

afterAll(removeStateDirs);

describe('the baseline does what the library does', () => {
  it('in scenarios that cover every reason', () => {
    expect(new Set(scenarios.map(({ reason }) => reason))).toEqual(new Set(Object.values(reasons)));
  });

  it.each(scenarios)('$name', { timeout: 20_000 }, async (scenario) => {
    const [expected, actual] = await Promise.all([outcome(ours, scenario), outcome(baseline, scenario)]);
    expect(expected.result.reason).toBe(scenario.reason);
    expect(actual).toEqual(expected);
  });

  it.each(['afterLockAcquired', 'afterTargetWrite'])('rules 8 and 9: %s throws', async (hook) => {
    const failure = new Error('from the hook');
    const fail = async (): Promise<never> => Promise.reject(failure);
    const [left, right] = await Promise.all(
      [ours, baseline].map(async (call) => {
        const stateDir = arrange({ name: '', reason: reasons.resumed, runs: { old: scenarios[0]?.runs['old'] } });
        expect(await thrownBy(call({ ...options(stateDir), hooks: { [hook]: fail } }))).toBe(failure);
        return files(stateDir);
      }),
    );
    expect(right).toEqual(left);
    expect(Object.keys(left ?? {})).toEqual(['old/forge-state.json']);
  });

  it('rule 1: a state directory that does not exist is not created', async () => {
    const stateDir = join(makeStateDir(), 'missing');
    expect(await baseline(options(stateDir))).toEqual(await ours(options(stateDir)));
    expect(fs.existsSync(stateDir)).toBe(false);
  });

  it('rule 1: calls at once are served one at a time', async () => {
    const stateDir = arrange({ name: '', reason: reasons.resumed, runs: { old: scenarios[0]?.runs['old'] } });
    const results = await Promise.all([1, 2, 3].map(() => baseline(options(stateDir))));
    expect(results.filter(({ resumed }) => resumed)).toHaveLength(1);
    expect(results.filter(({ reason }) => reason === reasons.currentActive)).toHaveLength(2);
  });
});

type Call = typeof ours;

async function outcome(call: Call, scenario: Scenario) {
  const stateDir = arrange(scenario);
  const { sourcePath, targetPath, ...result } = await call({ ...options(stateDir), ...scenario.call });
  const paths = [sourcePath, targetPath].map((path) => path && relative(stateDir, path));
  return { result, paths, files: files(stateDir) };
}

function options(stateDir: string): ReconcileOptions {
  return { stateDir, payloadSessionId: 's1', payloadThreadId: 't1', env: { RCS_SESSION_ID: 'now' } };
}

function arrange(scenario: Scenario): string {
  const stateDir = makeStateDir();
  fs.rmSync(join(stateDir, 'session.json'));
  fs.mkdirSync(join(stateDir, 'sessions', 'now'));
  for (const [id, run] of Object.entries(scenario.runs)) {
    const file = join(stateDir, 'sessions', id, 'forge-state.json');
    fs.mkdirSync(dirname(file), { recursive: true });
    fs.writeFileSync(file, typeof run === 'string' ? run : JSON.stringify(run));
  }
  scenario.arrange?.(stateDir);
  return stateDir;
}

/** The bytes of all runs, with the instant of the call as `<now>`. */
function files(stateDir: string): Record<string, string> {
  const sessions = join(stateDir, 'sessions');
  const names = fs.readdirSync(sessions, { recursive: true, encoding: 'utf8' }).sort();
  const found = names.filter((name) => fs.statSync(join(sessions, name)).isFile());
  const today = new RegExp(`"${new Date().getUTCFullYear()}-\\d\\d-\\d\\dT[\\d:.]+Z"`, 'g');
  const text = (name: string): string => fs.readFileSync(join(sessions, name), 'utf8');
  return Object.fromEntries(found.map((name) => [name, text(name).replace(today, '"<now>"')]));
}
