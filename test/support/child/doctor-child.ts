import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { reconcileForgeSessionResume } from '../../../src/call/reconcile.ts';
import { findingsIn } from '../../../src/cli/see/doctor/doctor-facts.ts';
import { mendFindings } from '../../../src/cli/see/doctor/mend-findings.ts';
import { fixScenarios } from '../doctor/fix-scenarios.ts';
import type { Reconcile } from './job.ts';
import { serve } from './serve.ts';

/** Does what `doctor --fix` does, and says which illnesses were found, mended, and are left; or makes a call that takes the lock. */
const fixAll: Reconcile = async (options) => {
  if (options.hooks.afterLockAcquired !== undefined) return reconcileForgeSessionResume(options);
  const { stateDir } = options;
  const root = { stateDir, isFound: false, others: [] };
  const idsIn = (found: readonly { readonly id: string }[]): string[] => found.map(({ id }) => id);
  const found = await findingsIn(root, {});
  const { mended, unmended } = await mendFindings(stateDir, found);
  return {
    found: idsIn(found),
    mended: idsIn(mended.map(({ finding }) => finding)),
    unmended: unmended.map(({ finding: { id }, message }) => `${id} ${message}`),
    left: idsIn(await findingsIn(root, {})),
  };
};

/** Loads and compiles what every fix needs: a server's children can load nothing. */
async function warmUp(): Promise<void> {
  for (const { lay } of fixScenarios) {
    const project = fs.mkdtempSync(path.join(os.tmpdir(), 'forge-warm-'));
    const stateDir = path.join(project, '.rcs', 'state');
    fs.mkdirSync(stateDir, { recursive: true });
    lay(stateDir);
    // They cannot start programs either: a tmux that is not there is none.
    const PATH = process.env['PATH'];
    process.env['PATH'] = '/nowhere';
    await fixAll({ stateDir, payloadSessionId: '', payloadThreadId: '', env: {}, hooks: {} });
    process.env['PATH'] = PATH;
    fs.rmSync(project, { recursive: true, force: true });
  }
  process.env['PATH'] = '/nowhere';
}

await serve(fixAll, warmUp);
