import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { answerOf, type Job, type Reconcile } from './job.ts';

/**
 * Makes this process a switch server for one implementation (see test/support/switch/switch.c); returns in no process.
 *
 * @param reconcile - the implementation
 * @param warmUp - loads and compiles what it needs; by default by a few hand-overs
 */
export async function serve(reconcile: Reconcile, warmUp = (): Promise<void> => handOver(reconcile)): Promise<void> {
  const folder = process.argv[2] ?? '';
  await warmUp();
  fs.unlinkSync('/switch/serve');
  // The runtime remembers the pid of the process that it started in.
  Object.defineProperty(process, 'pid', { value: Number(fs.readlinkSync('/proc/self')) });
  const job = JSON.parse(fs.readFileSync(path.join(folder, 'job.json'), 'utf8')) as Job;
  const answer = await answerOf(reconcile, job);
  fs.writeFileSync(path.join(folder, 'answer.json'), JSON.stringify(answer));
  fs.unlinkSync('/switch/exit/0');
}

/** Loads and compiles what a call needs, once for all children. */
async function handOver(reconcile: Reconcile): Promise<void> {
  for (let round = 0; round < 20; round++) {
    const project = fs.mkdtempSync(path.join(os.tmpdir(), 'forge-warm-'));
    const stateDir = path.join(project, '.rcs', 'state');
    fs.mkdirSync(path.join(stateDir, 'sessions', 'prior'), { recursive: true });
    fs.mkdirSync(path.join(stateDir, 'sessions', 'now'));
    const run = { active: true, current_phase: 'working', started_at: 'then', owner_codex_session_id: 'warm' };
    fs.writeFileSync(path.join(stateDir, 'sessions', 'prior', 'forge-state.json'), JSON.stringify(run));
    const job: Job = {
      stateDir,
      payloadSessionId: 'warm',
      payloadThreadId: '',
      env: { RCS_SESSION_ID: 'now', TMUX_PANE: '%1' },
      hookThrows: round % 2 === 1,
    };
    await answerOf(reconcile, job);
    await answerOf(reconcile, { ...job, hookThrows: false });
    fs.rmSync(project, { recursive: true, force: true });
  }
}
