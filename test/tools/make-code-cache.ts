/**
 * `make-code-cache <folder of the bundle>`: does what most turns do, so that V8 compiles what they use, and writes the
 * code cache of the part that they wait for.
 */
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compile, runModule, sealCache } from '../../src/cli/code-cache.ts';
import type { Agent } from '../../src/cli/load-agent.ts';

const [folder = ''] = process.argv.slice(2);
const scratch = mkdtempSync(join(tmpdir(), 'forge-code-cache-'));
const stateDir = join(scratch, '.rcs', 'state');
const current = process.env['RCS_SESSION_ID'] ?? '';
const owner = { owner_rcs_session_id: current, owner_codex_session_id: 's1' };

async function main(): Promise<void> {
  const file = join(folder, 'agent.cjs');
  const { script, cache } = compile(file, false);
  const { runAgent } = runModule(script, file, createRequire(file)) as { runAgent: Agent };
  const payload = { type: 'agent-turn-complete', hook_event_name: 'Stop', session_id: 's1', cwd: scratch };
  const readPayload = (): string => JSON.stringify(payload);
  // No match in another session, then a live run in this one.
  putRun('old', { ...owner, active: false, current_phase: 'complete' });
  mkdirSync(join(stateDir, 'sessions', current));
  await ended(() => runAgent('notify', readPayload));
  putRun(current, { ...owner, active: true });
  await ended(() => runAgent('hook', readPayload));
  const temp = `${cache}.${process.pid}.tmp`;
  writeFileSync(temp, sealCache(script.createCachedData()));
  renameSync(temp, cache);
}

/** Resolves where the part would end the process. */
function ended(run: () => void): Promise<unknown> {
  return new Promise((resolve) => {
    process.exit = resolve as typeof process.exit;
    run();
  });
}

function putRun(id: string, run: object): void {
  mkdirSync(join(stateDir, 'sessions', id), { recursive: true });
  writeFileSync(join(stateDir, 'sessions', id, 'forge-state.json'), JSON.stringify(run, null, 2));
}

main()
  .catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  })
  .finally(() => rmSync(scratch, { recursive: true, force: true }));
