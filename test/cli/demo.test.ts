import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { reasons } from '../../src/rules/protocol.ts';
import { ended, runProgram, startProgram } from '../support/program.ts';
import { needs } from '../support/tools.ts';

// Short: a tmux socket lies in it, whose path may have 107 bytes.
let scratch = '';
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'fd-'));
});
afterEach(() => rmSync(scratch, { recursive: true, force: true }));

/** Pids of processes that were started with this folder in an argument. */
const processesIn = (folder: string): string[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder);
      } catch {
        return false;
      }
    });

const expectNothingLeft = async (): Promise<void> => {
  expect(readdirSync(scratch)).toEqual([]);
  // Sooner than the panes would notice by themselves that the demo has gone.
  await expect.poll(() => processesIn(scratch), { timeout: 3_000 }).toEqual([]);
};

const path = [
  'look',
  'findPane',
  'acquireLock.attempt',
  'locked.recover',
  'locked.readCurrent',
  'locked.scanCandidates',
  'locked.transfer.prepare',
  'locked.transfer.writeTarget',
  'locked.transfer.writeSource',
  'locked.transfer.commit',
  'release',
  'done',
];

describe('forge-resume demo', () => {
  it('without tmux: plays launch, crash and resume, says that tmux is not there, leaves nothing', async () => {
    const { code, stdout, stderr } = await runProgram(['demo'], { env: { TMPDIR: scratch, PATH: '/nonexistent' } });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const part of [
      '1. Launch',
      '2. Crash',
      '3. Resume',
      'tmux is not there',
      reasons.resumed,
      reasons.currentActive,
    ]) {
      expect(stdout).toContain(part);
    }
    expect(stdout).not.toContain('tmux_pane_id');
    const states = stdout.split('\n').map((line) => line.trim());
    expect(states.filter((line) => path.includes(line))).toEqual(path);
    expect(stdout).toMatch(/^ {2}active +true +false +true$/m);
    expect(stdout.split('\n').length).toBeLessThan(50);
    await expectNothingLeft();
  });
});

describe.runIf(needs('tmux'))('forge-resume demo with tmux', () => {
  const env = () => ({ TMPDIR: scratch, PATH: [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter) });

  it('shows the run in a new pane, and ends its private server', async () => {
    const { code, stdout, stderr } = await runProgram(['demo'], { env: env() });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^ {2}tmux_pane_id +%1 +%1 +%2$/m);
    await expectNothingLeft();
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s: ends at once and leaves nothing', async (signal) => {
    const child = startProgram(['demo'], { env: env() });
    await once(child.stdout, 'data');
    const result = ended(child);
    child.kill(signal);
    // It may have come to its end before the signal came.
    const code = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }[signal];
    expect([0, code]).toContain((await result).code);
    await expectNothingLeft();
  });
});
