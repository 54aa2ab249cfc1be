import fs from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { oneLine, runProgram } from '../../support/program.ts';
import { makeSandbox, type Sandbox } from '../../support/sandbox.ts';

/** Start of the program, on a machine that is busy. */
const slackMs = 2_500;
const says = /the database cannot be reached: |the database did not answer within 2 s/;

/** A user whose system looks names up by this script. */
function makeUser(script: string): { box: Sandbox; folder: string; env: Record<string, string> } {
  const box = makeSandbox();
  box.putSessions('now');
  const folder = makeSandbox({ stateDir: false }).project;
  fs.writeFileSync(join(folder, 'getent'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const PATH = `${folder}:${process.env['PATH']}`;
  return {
    box,
    folder,
    env: { PATH, FORGE_RESUME_STORE: 'postgres://me@db.example.org:1/runs', RCS_SESSION_ID: 'now' },
  };
}

const isAlive = (pid: number): boolean =>
  fs.existsSync(`/proc/${pid}/stat`) && !/\) Z /.test(fs.readFileSync(`/proc/${pid}/stat`, 'utf8'));

describe('store away: a resolver that never answers', () => {
  it('costs hooks and commands no more than a database that is silent, and leaves no process', async () => {
    const { box, folder, env } = makeUser('echo $$ >> "$0.pids"\nexec sleep 60');
    const input = JSON.stringify({ hook_event_name: 'Stop', session_id: 's1', cwd: box.project });
    for (const [args, code] of [
      [['hook'], 0],
      [['status'], 1],
    ] as const) {
      const since = performance.now();
      const ended = await runProgram(args, { cwd: box.project, env, input });
      expect(performance.now() - since).toBeLessThan(2_000 + slackMs);
      expect(ended).toEqual({ ...oneLine(says), code });
    }
    const pids = fs.readFileSync(join(folder, 'getent.pids'), 'utf8').trim().split('\n');
    expect(pids.length).toBe(2);
    expect(pids.filter((pid) => isAlive(Number(pid)))).toEqual([]);
  }, 30_000);

  it('what the system finds is where the database is asked; what it does not find is told', async () => {
    const found = makeUser("printf '127.0.0.1       STREAM db\\n127.0.0.1       DGRAM\\n'");
    const none = makeUser('exit 2');
    const told = async ({ box, env }: ReturnType<typeof makeUser>) =>
      (await runProgram(['status'], { cwd: box.project, env })).stderr;
    expect(await told(found)).toMatch(/connect ECONNREFUSED 127\.0\.0\.1:1/);
    expect(await told(none)).toMatch(/getaddrinfo ENOTFOUND db\.example\.org/);
  }, 30_000);
});
