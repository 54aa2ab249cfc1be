import fs from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resumePaths } from '../../src/graph/paths.ts';
import { runProgram } from '../support/program.ts';
import { liveRun } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';

interface Coverage {
  readonly result: readonly {
    readonly url: string;
    readonly functions: readonly {
      readonly functionName: string;
      readonly ranges: readonly { readonly startOffset: number; readonly endOffset: number; readonly count: number }[];
    }[];
  }[];
}

/** How often a process started an actor of XState, as V8 counts calls; undefined where it never loaded XState. */
function startedActors(folder: string): number | undefined {
  for (const name of fs.readdirSync(folder)) {
    const { result } = JSON.parse(fs.readFileSync(join(folder, name), 'utf8')) as Coverage;
    const script = result.find(({ url }) => basename(url) === 'xstate.cjs');
    if (script === undefined) continue;
    const source = fs.readFileSync(new URL(script.url), 'utf8');
    const starts = script.functions.filter(
      ({ functionName, ranges: [range] }) =>
        functionName === 'start' && source.slice(range?.startOffset, range?.endOffset).includes('_processingStatus'),
    );
    expect(starts).toHaveLength(1);
    return starts[0]?.ranges[0]?.count;
  }
  return undefined;
}

async function reconcile(sandbox: Sandbox): Promise<number | undefined> {
  const folder = join(sandbox.project, 'coverage');
  const args = ['reconcile', '--state-dir', sandbox.stateDir, '--session-id', 's1'];
  const env = { RCS_SESSION_ID: 'now', NODE_V8_COVERAGE: folder };
  expect(await runProgram(args, { env })).toMatchObject({ code: 0 });
  return startedActors(folder);
}

describe('one engine, in the program as it ships', () => {
  it('an unwatched transfer is run by XState, one actor for each state', async () => {
    const sandbox = makeSandbox();
    sandbox.putSessions('now');
    sandbox.putRun('old', liveRun());
    // The machine itself, keepLock, and the actors of a plain transfer; XState may ask a running one to start once more.
    const plain = resumePaths({ to: 'resumed_same_codex_session', through: 'findPane' })[0];
    expect(await reconcile(sandbox)).toBeGreaterThanOrEqual(2 + (plain?.steps.length ?? 0));
  });

  it('a no-op never loads it', async () => {
    const sandbox = makeSandbox();
    sandbox.putRun('now', liveRun({ owner_rcs_session_id: 'now' }));
    expect(await reconcile(sandbox)).toBeUndefined();
  });
});
