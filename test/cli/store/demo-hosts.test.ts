import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { needsPostgres } from '../../support/postgres-server.ts';
import { processGone } from '../../support/tmux-server.ts';

const demo = fileURLToPath(new URL('../../tools/demo-hosts.mjs', import.meta.url));
const run = promisify(execFile);

describe.runIf(needsPostgres())('npm run demo:hosts', () => {
  it('shows one run on two hosts, and leaves nothing behind', async () => {
    const scratch = fs.mkdtempSync(join(os.tmpdir(), 'forge-demo-hosts-'));
    fs.chmodSync(scratch, 0o711);
    onTestFinished(() => fs.rmSync(scratch, { recursive: true, force: true }));
    const { PATH = '', HOME = '' } = process.env;
    const { stdout, stderr } = await run(process.execPath, [demo], { env: { PATH, HOME, TMPDIR: scratch } });
    expect(stderr).toBe('');
    const steps = [
      /^One run, two hosts, PostgreSQL \d+: /m,
      /^desk: The runs of .* are in postgres:\/\/demo@/m,
      /^laptop: The runs of .* are in postgres:\/\/demo@/m,
      /^launch-1 +executing +4 +conversation-7/m,
      /^3\. Resume on the laptop/m,
      /^ {2}iteration +4 +4$/m,
      /^4\. The desk wakes/m,
      /^ {2}active +false +true$/m,
      /^ {2}stop_reason +ownership_transferred +-$/m,
    ];
    expect(steps.filter((step) => !step.test(stdout))).toEqual([]);
    expect(fs.readdirSync(scratch)).toEqual([]);
    await Promise.all(serversIn(scratch).map(processGone));
  }, 60_000);
});

/** Processes that were started with a folder below a path. */
function serversIn(path: string): number[] {
  return fs
    .readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid && commandOf(pid).includes(path));
}

function commandOf(pid: number): string {
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
