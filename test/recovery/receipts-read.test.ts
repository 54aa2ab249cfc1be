import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeTransferId } from '../../src/rules/transfer-id.ts';
import { useMemory } from '../hostile/in-memory.ts';
import { buildSubject } from '../hostile/subject.ts';
import { liveRun } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';
import { needs } from '../support/tools.ts';
import { putReceipt, receiptsIn } from './journals.ts';

useMemory();

/** A run live in `now` that was handed over from `old`, beside receipts of other sessions. */
async function project(others: number): Promise<Sandbox> {
  const sandbox = makeSandbox();
  sandbox.putSessions('now');
  sandbox.putRun('old', liveRun());
  for (let index = 0; index < others; index += 1) {
    const [priorId, currentId] = [`from${index}`, `to${index}`];
    sandbox.putSessions(priorId, currentId);
    putReceipt(sandbox, { priorId, currentId, transferId: makeTransferId(priorId, currentId, index, 0.5) });
  }
  await sandbox.call({ session: 's1' });
  return sandbox;
}

describe('protocol "Receipts": a call that changes nothing', () => {
  it('protocol "Receipts": does not care about receipts of a future version, or that are no files, of other sessions', async () => {
    const sandbox = await project(0);
    const folder = sandbox.path('.forge-resume', 'receipts');
    const name = (end: number): string => join(folder, `${makeTransferId('x', 'y', 1, end)}.json`);
    fs.writeFileSync(name(0.1), '{"version":2}');
    fs.mkdirSync(name(0.2));
    execFileSync('mkfifo', [name(0.3)]);
    const result = await sandbox.call({ session: 's1' });
    expect(result).toMatchObject({ reason: 'current_forge_active', updatedCurrentOwner: false });
    expect(result.recovered).toBeUndefined();
    fs.rmSync(folder, { recursive: true });
  });

  it('protocol "Receipts": ends a copy although another session’s receipt is of a future version', async () => {
    const sandbox = await project(0);
    const folder = sandbox.path('.forge-resume', 'receipts');
    const foreign = join(folder, `${makeTransferId('x', 'y', 1, 0.1)}.json`);
    fs.writeFileSync(foreign, '{"version":2}');
    sandbox.putRun('old', liveRun({ iteration: 9 }));
    expect((await sandbox.call({ session: 's1' })).recovered?.[0]?.outcome).toBe('copy_ended');
    expect(fs.readFileSync(foreign, 'utf8')).toBe('{"version":2}');
  });

  describe.runIf(needs('strace'))('seen from the kernel', () => {
    it('protocol "Receipts": opens at most the one receipt that can matter', async () => {
      const sandbox = await project(30);
      const { program, remove } = await buildSubject('once-child.ts');
      onTestFinished(remove);
      const log = join(sandbox.project, 'strace.log');
      const job = {
        stateDir: sandbox.stateDir,
        payloadSessionId: 's1',
        payloadThreadId: '',
        env: { RCS_SESSION_ID: 'now' },
      };
      const { TMUX_PANE: _pane, ...env } = process.env;
      const out = execFileSync(
        'strace',
        ['-f', '-e', 'trace=openat,open', '-o', log, process.execPath, program, JSON.stringify(job)],
        { env, encoding: 'utf8' },
      );
      expect(JSON.parse(out)).toMatchObject({ result: { reason: 'current_forge_active' } });
      const opened = fs
        .readFileSync(log, 'utf8')
        .split('\n')
        .filter((line) => line.includes('.forge-resume/receipts/'));
      expect(receiptsIn(sandbox)).toHaveLength(31);
      expect(opened.length).toBeLessThanOrEqual(1);
    });
  });
});
