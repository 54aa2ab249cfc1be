import fs from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { bundleLibrary, runScript } from '../support/bundle.ts';
import { startTicksOf } from '../support/processes.ts';
import { makeSandbox } from '../support/sandbox.ts';

const nobody = 65_534;

it('rule 2: a process that may not be signalled counts as dead', async () => {
  const sandbox = makeSandbox();
  // Process 1 is another user's for everybody but root; root's own processes are, once the script has stepped down.
  const isRoot = process.getuid?.() === 0;
  const pid = isRoot ? process.pid : 1;
  sandbox.putRecord({ session_id: 'recorded', pid, pid_start_ticks: startTicksOf(pid) });
  fs.chmodSync(sandbox.project, 0o755);
  if (isRoot) fs.chownSync(sandbox.stateDir, nobody, nobody);
  const source = `
    import { reconcileForgeSessionResume } from ${JSON.stringify(await bundleLibrary(sandbox.project))};
    // A relative path needs no permission for the folders above, which may be root's alone.
    process.chdir(${JSON.stringify(sandbox.project)});
    const look = async () => {
      let error = '';
      try { process.kill(${pid}, 0); } catch (thrown) { error = thrown.code; }
      const result = await reconcileForgeSessionResume({ stateDir: '.rcs/state', payloadSessionId: '', env: {} });
      return [error, result.reason];
    };
    const seen = [];
    if (${isRoot}) {
      seen.push(await look());
      process.setgroups([]);
      process.setgid(${nobody});
      process.setuid(${nobody});
    }
    seen.push(await look());
    console.log(JSON.stringify(seen));`;
  const permitted = ['', 'payload_codex_identity_missing'];
  const forbidden = ['EPERM', 'current_rcs_session_missing'];
  const seen = await runScript({ path: join(sandbox.project, 'call.mjs'), source });
  expect(seen).toEqual(isRoot ? [permitted, forbidden] : [forbidden]);
});
