import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { notification, stopEvent } from '../support/payloads.ts';
import { runProgram, silent } from '../support/program.ts';
import { liveRun } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';
import { writeScript } from '../support/tmux-server.ts';

/** A project whose run is up to date but for its pane, and a tmux that counts how often it is asked. */
const inPane = async (named: string) => {
  const sandbox = makeSandbox();
  sandbox.putRun('now', liveRun({ owner_rcs_session_id: 'now', tmux_pane_id: named }));
  const bin = join(sandbox.project, 'bin');
  mkdirSync(bin);
  const list = `sed 's/#{pane_id}/%7/; s/#{pane_pid}/1/; s/#{pane_current_command}/codex/; s/#{pane_start_command}/sh/'`;
  await writeScript(join(bin, 'tmux'), `#!/bin/sh\necho asked >> "${bin}/asked"\nprintf '%s\\n' "$6" | ${list}\n`);
  const env = { RCS_SESSION_ID: 'now', TMUX: '/nowhere,1,0', TMUX_PANE: '%7', PATH: `${bin}:${process.env['PATH']}` };
  const asked = (): number =>
    existsSync(join(bin, 'asked')) ? readFileSync(join(bin, 'asked'), 'utf8').trim().split('\n').length : 0;
  return { sandbox, env, asked };
};

const ways = {
  notify: ({ project }: Sandbox) => ({ args: ['notify', notification(project, { session_id: 's1' })] }),
  hook: ({ project }: Sandbox) => ({ args: ['hook'], input: stopEvent(project) }),
  reconcile: ({ stateDir }: Sandbox) => ({ args: ['reconcile', '--state-dir', stateDir, '--session-id', 's1'] }),
};

describe('Pane: what tmux is asked', () => {
  it.each(['notify', 'hook'] as const)('%s: nothing, where TMUX_PANE is the pane that the run names', async (way) => {
    const { sandbox, env, asked } = await inPane(' %7');
    const { args, ...input } = ways[way](sandbox);
    expect(await runProgram(args, { env, ...input })).toEqual(silent);
    expect(asked()).toBe(0);
  });

  it.each(['notify', 'hook'] as const)('%s: once, where the run names another', async (way) => {
    const { sandbox, env, asked } = await inPane('%9');
    const { args, ...input } = ways[way](sandbox);
    expect(await runProgram(args, { env, ...input })).toEqual(silent);
    expect(asked()).toBe(1);
    expect(sandbox.run('now')).toMatchObject({ tmux_pane_id: '%7' });
  });

  it('reconcile: once in any case, since whoever runs it need not be the agent', async () => {
    const { sandbox, env, asked } = await inPane('%7');
    expect(await runProgram(ways.reconcile(sandbox).args, { env })).toMatchObject({ code: 0 });
    expect(asked()).toBe(1);
  });
});
