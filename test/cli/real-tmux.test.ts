import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { notification, stopEvent } from '../support/payloads.ts';
import { builtCli, runProgram, silent } from '../support/program.ts';
import { liveRun, threadRun } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';
import { startTmuxServer, type TmuxServer } from '../support/tmux-server.ts';
import { needs } from '../support/tools.ts';

describe.runIf(needs('tmux'))('a resumed conversation in a real tmux, from the payload to the files', () => {
  let server: TmuxServer;

  beforeAll(async () => {
    server = await startTmuxServer();
  });
  afterAll(() => server?.stop());

  /** What the agent's hook inherits from the pane that the agent runs in. */
  const inPane = (pane: string): Record<string, string> => {
    const { TMUX = '', TMUX_PANE = '' } = server.envOf(pane);
    return { TMUX, TMUX_PANE, RCS_SESSION_ID: 'now' };
  };

  const expectInPane = (sandbox: Sandbox, pane: string): void => {
    expect(sandbox.run('now')).toMatchObject({ active: true, owner_rcs_session_id: 'now', tmux_pane_id: pane });
    expect(sandbox.run('now')['tmux_pane_set_at']).toMatch(/^\d{4}-\d\d-\d\dT/);
    expect(sandbox.run('old')).toMatchObject({ active: false, stop_reason: 'ownership_transferred' });
  };

  it('rule 7, Pane: the run ends in the current session with the pane in which node runs', async () => {
    const sandbox = makeSandbox();
    sandbox.putRun('old', liveRun({ tmux_pane_id: '%99' }));
    mkdirSync(sandbox.path('sessions', 'now'));
    const pane = await server.openSession('agent', ['node', '-e', server.stayNode]);
    expect(await runProgram(['hook'], { env: inPane(pane), input: stopEvent(sandbox.project) })).toEqual(silent);
    expectInPane(sandbox, pane);
  });

  it('rule 7, Pane: from a shell, it ends with the sibling pane that was started as codex', async () => {
    const sandbox = makeSandbox();
    sandbox.putRun('old', threadRun({ tmux_pane_id: '%99' }));
    mkdirSync(sandbox.path('sessions', 'now'));
    const shell = ['sh', '-c', server.stay];
    const pane = await server.openSession('shell', shell);
    const agent = await server.openPane('shell', [await server.script('codex', `#!/bin/sh\n${server.stay}\n`)]);
    expect(await runProgram(['notify', notification(sandbox.project)], { env: inPane(pane) })).toEqual(silent);
    expectInPane(sandbox, agent);
  });

  it('rule 7, Pane: run by what a pane was opened with, it ends with that pane, whatever its command is called', async () => {
    const sandbox = makeSandbox();
    sandbox.putRun('old', liveRun({ tmux_pane_id: '%99' }));
    mkdirSync(sandbox.path('sessions', 'now'));
    await server.openSession('named', [await server.script('codex', `#!/bin/sh\n${server.stay}\n`)]);
    const payload = join(sandbox.project, 'payload.json');
    writeFileSync(payload, stopEvent(sandbox.project));
    const hook = `'${process.execPath}' '${join(builtCli, 'forge-resume.cjs')}' hook < '${payload}'`;
    // The shells stand for an agent with a name of its own and for the one that runs its hooks.
    const agent = ['sh', '-c', `RCS_SESSION_ID=now sh -c "${hook}; true"; ${server.stay}`];
    expectInPane(sandbox, await server.openPane('named', agent));
  });

  it('rule 3, Pane: the next turn changes nothing, a turn in another pane moves it', async () => {
    const sandbox = makeSandbox();
    const first = await server.openSession('moves', ['node', '-e', server.stayNode]);
    const second = await server.openPane('moves', ['node', '-e', server.stayNode]);
    sandbox.putRun('now', liveRun({ owner_rcs_session_id: 'now', tmux_pane_id: first }));
    const before = sandbox.raw('now');
    await runProgram(['hook'], { env: inPane(first), input: stopEvent(sandbox.project) });
    expect(sandbox.raw('now')).toBe(before);
    await runProgram(['hook'], { env: inPane(second), input: stopEvent(sandbox.project) });
    expect(sandbox.run('now')).toMatchObject({ tmux_pane_id: second });
  });
});
