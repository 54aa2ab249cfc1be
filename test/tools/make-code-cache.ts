/**
 * `make-code-cache <folder of the bundle>`: makes the calls that most turns make, so that V8 compiles what they use,
 * and writes the code cache of the part that they are in.
 */
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compile, runModule, sealCache } from '../../src/cli/code-cache.ts';
import type { Call } from '../../src/cli/load-call.ts';

const [folder = ''] = process.argv.slice(2);
const scratch = mkdtempSync(join(tmpdir(), 'forge-code-cache-'));
const [current, prior, agentSession] = ['now', 'old', 's1'];

async function main(): Promise<void> {
  const file = join(folder, 'reconcile.cjs');
  const { script, cache } = compile(file, false);
  const part = runModule(script, file, createRequire(file)) as { reconcileForgeSessionResume: Call };
  const stateDir = join(scratch, '.rcs', 'state');
  const options = { stateDir, payloadSessionId: agentSession, env: { RCS_SESSION_ID: current } };
  putRun(stateDir, prior, { active: false, current_phase: 'complete', owner_codex_session_id: agentSession });
  mkdirSync(join(stateDir, 'sessions', current));
  await expectReason(part.reconcileForgeSessionResume(options), 'no_matching_prior_forge');
  putRun(stateDir, current, { active: true, owner_rcs_session_id: current, owner_codex_session_id: agentSession });
  await expectReason(part.reconcileForgeSessionResume(options), 'current_forge_active');
  const temp = `${cache}.${process.pid}.tmp`;
  writeFileSync(temp, sealCache(script.createCachedData()));
  renameSync(temp, cache);
}

function putRun(stateDir: string, id: string, run: object): void {
  mkdirSync(join(stateDir, 'sessions', id), { recursive: true });
  writeFileSync(join(stateDir, 'sessions', id, 'forge-state.json'), JSON.stringify(run, null, 2));
}

async function expectReason(call: ReturnType<Call>, reason: string): Promise<void> {
  const result = await call;
  if (result.reason !== reason) throw new Error(`the call ended as ${result.reason}`);
}

main().finally(() => rmSync(scratch, { recursive: true, force: true }));
