import type { ActorBody } from '../../../../machines/contract.ts';
import { ForgeResumeError } from '../../../errors.ts';
import { type ForgeState, judgeCurrentRun } from '../../../rules/forge-state.ts';
import { refreshOwner } from '../../../rules/ownership.ts';
import { identityOfInput, ownerFacts } from '../files/call-facts.ts';
import { ensureFolder } from '../files/durable.ts';
import { type JsonContent, readJson } from '../files/json-file.ts';
import { replaceFile } from '../files/replace.ts';
import { carryOver, formatRun } from '../files/run-file.ts';
import type { Call } from '../transfer/call.ts';

/** How often a run that its runtime keeps writing is planned anew before we give up. */
const maxTries = 40;

/**
 * Refreshes the owner of the current session's active run (rule 3); writes only if something changes.
 *
 * @param call - the call
 */
export const updateOwner =
  (call: Call): ActorBody<'updateOwner'> =>
  async (input) => {
    call.checkAbort();
    const path = call.paths.run(input.current.id);
    const facts = ownerFacts(call, input.current.id, identityOfInput(input), input.pane);
    let run = call.memory.currentRun;
    for (let tries = 0; tries < maxTries; tries += 1) {
      if (run === undefined || judgeCurrentRun(run.value) !== 'active') return { kind: 'changed' };
      const state = run.value as ForgeState;
      const next = refreshOwner(state, facts);
      if (next === state) return { kind: 'unchanged' };
      ensureFolder(call.paths.temp, 0o700, run.file);
      const replaced = await replaceFile(path, run.file, formatRun(next), call.replaceScope);
      if (replaced.kind === 'replaced') {
        if (replaced.syncError !== undefined) throw replaced.syncError;
        if (replaced.late !== undefined) await carryOver(call, path, state, replaced.late);
        return { kind: 'updated' };
      }
      run = await reread(path);
    }
    throw new ForgeResumeError(
      'SOURCE_BUSY',
      'the run of the current session kept changing while its owner was refreshed',
    );
  };

async function reread(path: string): Promise<JsonContent | undefined> {
  const read = await readJson(path);
  return read.kind === 'json' ? read : undefined;
}
