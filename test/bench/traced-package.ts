import fs from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { inReadOnly } from '../support/read-only-mount.ts';
import type { Way } from './agent-calls.ts';
import { buildBench } from './build.mjs';
import { type Traced, traceCalls, traceProcess } from './syscalls.ts';
import { agentSession } from './trees.ts';

/** The built package, its calls and processes traced. */
export interface TracedPackage {
  /** The library's entry. */
  readonly library: string;
  /** Traces one call in each state directory, after some that only warm up. */
  readonly calls: (warmups: readonly string[], counted: readonly string[], wrapper?: readonly string[]) => Traced[];
  /** Traces the program from its start on, as an agent runs it. */
  readonly agent: (way: Way, stateDir: string, wrapper?: readonly string[]) => Traced;
}

/**
 * Builds the package.
 *
 * @param name - of its folder, as for `buildBench`
 */
export async function buildTraced(name: string): Promise<TracedPackage> {
  const folder = await buildBench([], name);
  const dist = join(folder, 'node_modules', 'forge-session-resume', 'dist');
  const program = join(dist, 'cli', 'forge-resume.cjs');
  return {
    library: join(dist, 'lib', 'index.js'),
    calls: (warmups, counted, wrapper) => traceCalls(folder, { warmups, counted }, wrapper),
    agent: (way, stateDir, wrapper) => {
      const cwd = dirname(dirname(stateDir));
      const about = { type: 'agent-turn-complete', hook_event_name: 'Stop', session_id: agentSession, cwd };
      const payload = JSON.stringify(about);
      return way === 'notify'
        ? traceProcess(program, ['notify', payload], '', wrapper)
        : traceProcess(program, ['hook'], payload, wrapper);
    },
  };
}

/** Calls and both ways in must be answered in a directory that is mounted read-only, and try to change nothing. */
export function expectReadOnlyAnswers(traced: TracedPackage, stateDir: string): void {
  const wrapper = inReadOnly(dirname(dirname(stateDir)));
  const [call] = traced.calls([stateDir], [stateDir], wrapper) as [Traced];
  for (const { changes } of [
    call,
    traced.agent('notify', stateDir, wrapper),
    traced.agent('hook', stateDir, wrapper),
  ]) {
    expect(changes).toEqual([]);
  }
}

/** Everything below a folder, and itself: path, inode and times, to the nanosecond. */
export function timesBelow(root: string): string[] {
  const names = ['', ...fs.readdirSync(root, { recursive: true, encoding: 'utf8' })].sort();
  return names.map((name) => {
    const { ino, mtimeNs, ctimeNs } = fs.lstatSync(join(root, name), { bigint: true });
    return `${join(root, name)} ${ino} ${mtimeNs} ${ctimeNs}`;
  });
}

/** What a trace counted, for the message of a test that fails. */
export const told = ({ counts }: Traced): string => JSON.stringify(Object.fromEntries(counts));
