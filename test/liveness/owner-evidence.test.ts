import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { PaneRow } from '../../src/rules/pane.ts';
import { type JsonContent, readJsonAt } from '../../src/store/file/files/json-file.ts';
import { livenessOf, type OwnerSurroundings } from '../../src/store/file/files/owner-evidence.ts';
import { statOf } from '../../src/store/file/files/process-facts.ts';
import { processIdentity } from '../../src/store/file/files/process-identity.ts';
import { makeSandbox } from '../support/sandbox.ts';

const now = Date.now();
const ticks = statOf('self')?.startTicks;
const around: OwnerSurroundings = { record: { kind: 'absent' }, panes: undefined, ownPane: '', now };
const agent: PaneRow = { id: '%3', pid: process.pid, currentCommand: 'codex', startCommand: '' };

async function judge(fields: object, changes: Partial<OwnerSurroundings> = {}): Promise<string> {
  const file = makeSandbox().putRun('prior', { active: true, ...fields });
  const { state, sign } = livenessOf('prior', (await readJsonAt(file)) as JsonContent, { ...around, ...changes });
  return `${state}: ${sign}`;
}

/** A process id that no process has any more. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  return Number(child.pid);
}

describe('the owner of a run', () => {
  it('lives while the process lives that the run names, with the very start time and command line', async () => {
    const pid = process.pid;
    expect(await judge({ pid })).toBe('live: process_alive');
    expect(await judge({ pid, pid_start_ticks: ticks })).toBe('live: process_alive');
    expect(await judge({ pid, pid_start_ticks: Number(ticks) + 1 })).toBe('dead: pid_reused');
    expect(await judge({ pid, pid_cmdline: 'another program' })).toBe('dead: pid_reused');
    expect(await judge({ pid: await deadPid() })).toBe('dead: process_gone');
    expect(await judge({ pid: 'x' })).toBe('unknown: no_sign');
  });

  it('is dead where its process was one of another boot', async () => {
    const pid = process.pid;
    expect(await judge({ pid, boot_id: processIdentity().bootId })).toBe('live: process_alive');
    expect(await judge({ pid, boot_id: 'another' })).toBe('dead: other_boot');
  });

  it('may be named by session.json, for its own session only', async () => {
    const box = makeSandbox();
    const record = async (session: string): Promise<Partial<OwnerSurroundings>> => {
      box.putRecord({ session_id: session, pid: process.pid });
      return { record: await readJsonAt(box.path('session.json')) };
    };
    expect(await judge({}, await record('prior'))).toBe('live: process_alive');
    expect(await judge({}, await record('other'))).toBe('unknown: no_sign');
  });

  it('lives while an agent runs in its pane, unless that is where the question comes from', async () => {
    const run = { tmux_pane_id: ' %3 ' };
    expect(await judge(run, { panes: [agent] })).toBe('live: pane_agent');
    expect(await judge(run, { panes: [{ ...agent, currentCommand: 'bash' }] })).toBe('dead: pane_without_agent');
    expect(await judge(run, { panes: [{ ...agent, id: '%4' }] })).toBe('dead: pane_gone');
    expect(await judge(run, { panes: undefined })).toBe('unknown: no_sign');
    expect(await judge(run, { panes: [agent], ownPane: '%3' })).toBe('unknown: no_sign');
  });

  it('is not in a pane that was opened after the run was bound to it: tmux has numbered anew', async () => {
    const boundAt = (ms: number): object => ({ tmux_pane_id: '%3', tmux_pane_set_at: new Date(ms).toISOString() });
    expect(await judge(boundAt(now), { panes: [agent] })).toBe('live: pane_agent');
    expect(await judge(boundAt(now - 86_400_000), { panes: [agent] })).toBe('dead: pane_gone');
  });

  it('is dead where nothing has changed since the machine was started', async () => {
    const later = { now: now + 100 * 365 * 86_400_000 };
    expect(await judge({ updated_at: new Date(now).toISOString() })).toBe('live: recent_turn');
    expect(await judge({ updated_at: new Date(now).toISOString() }, later)).toBe('dead: before_boot');
  });
});
