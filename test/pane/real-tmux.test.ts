import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTmuxServer, type TmuxServer } from '../support/tmux-server.ts';
import { needs } from '../support/tools.ts';
import { buildProbe, type Found, type Probe } from './probe.ts';

describe.runIf(needs('tmux'))('Pane: asked of a real tmux', () => {
  let server: TmuxServer;
  let probe: Probe;
  let shell: string[];
  let node: string[];
  let hud: string[];
  let codex: string[];

  beforeAll(async () => {
    probe = await buildProbe();
    server = await startTmuxServer();
    shell = ['sh', '-c', server.stay];
    node = ['node', '-e', server.stayNode];
    hud = ['node', await server.script('rcs', server.stayNode), 'hud', '--watch'];
    codex = [await server.script('codex', `#!/bin/sh\n${server.stay}\n`)];
    // Lives as long as the suite, so that the server does too.
    await server.openSession('stranger', codex);
  });

  afterAll(async () => {
    await server?.stop();
    await probe?.remove();
  });

  /** Looks up from within a pane; an environment of the caller's without a pane leaves tmux alone to answer. */
  const answerFrom = (pane: string): Promise<Found> => probe.lookUp({ own: server.envOf(pane), passed: {} });

  it('Pane: the pane in which node runs is the agent’s', async () => {
    await server.openSession('own', codex);
    const pane = await server.openPane('own', node);
    expect((await answerFrom(pane)).pane).toBe(pane);
  });

  it('Pane: from a shell, the first sibling that was started as codex', async () => {
    await server.openSession('sibling', shell);
    const first = await server.openPane('sibling', codex);
    await server.openPane('sibling', codex);
    const last = await server.openPane('sibling', shell);
    expect((await answerFrom(last)).pane).toBe(first);
  });

  it('Pane: neither as the start nor as a sibling is the HUD’s chosen', async () => {
    const start = await server.openSession('hud', hud);
    expect((await answerFrom(start)).pane).toBe('');
    const named = [...hud, '--for', 'codex'];
    const second = await server.openPane('hud', named);
    const agent = await server.openPane('hud', codex);
    expect((await answerFrom(start)).pane).toBe(agent);
    expect((await answerFrom(second)).pane).toBe(agent);
  });

  it('Pane: a pane of another tmux session is never chosen', async () => {
    const pane = await server.openSession('lonely', shell);
    expect((await answerFrom(pane)).pane).toBe('');
  });

  it('Pane: nothing fits, so the passed environment’s pane stays, unchecked', async () => {
    const pane = await server.openSession('unfit', shell);
    expect((await probe.lookUp({ own: server.envOf(pane) })).pane).toBe(pane);
  });

  it('Pane: line ends and look-alike rows in a start command mislead nobody', async () => {
    const forged = '\n%0\tnode\tcodex\n%0 node codex\n#{pane_id}#{pane_current_command}codex\'"\u001b[31m';
    const pane = await server.openSession('forger', [
      ...shell.slice(0, 2),
      `${server.stay}; : rcs hud --watch`,
      forged,
    ]);
    const agent = await server.openPane('forger', [...shell, forged]);
    expect((await answerFrom(pane)).pane).toBe(agent);
  });

  it('Pane: the locale makes no difference', async () => {
    const pane = await server.openSession('plain', node);
    const own = { ...server.envOf(pane), LC_ALL: 'C', LANG: undefined };
    expect((await probe.lookUp({ own, passed: {} })).pane).toBe(pane);
  });

  it('Pane: a pane that is no more falls back', async () => {
    const gone = await probe.lookUp({ own: server.envOf('%999999') });
    expect(gone.pane).toBe('%999999');
    expect((await answerFrom('%999999')).pane).toBe('');
  });

  it('Pane: the look-up leaves nothing in its process', async () => {
    const pane = await server.openSession('tidy', node);
    expect((await answerFrom(pane)).left).toEqual([]);
  });

  it('Pane: an answer that came while the caller kept the event loop for over 2 s counts', async () => {
    const pane = await server.openSession('stalled', node);
    const found = await probe.lookUp({ own: server.envOf(pane), passed: {}, stall: 2_100 });
    expect(found.pane).toBe(pane);
    expect(found.left).toEqual([]);
  });
});

describe.runIf(needs('tmux'))('Pane: a tmux server that died', () => {
  it('Pane: falls back, and nothing of the server is left', async () => {
    const probe = await buildProbe();
    const server = await startTmuxServer();
    try {
      const pane = await server.openSession('short', ['node', '-e', server.stayNode]);
      expect((await probe.lookUp({ own: server.envOf(pane), passed: {} })).pane).toBe(pane);
      await server.kill();
      expect((await probe.lookUp({ own: server.envOf(pane), passed: {} })).pane).toBe('');
      expect((await probe.lookUp({ own: server.envOf(pane) })).pane).toBe(pane);
      // A look-up must not start a server either.
      const ask = promisify(execFile)('tmux', ['-S', `${server.folder}/socket`, 'list-sessions']);
      await expect(ask).rejects.toThrow(/no server|connecting/);
    } finally {
      await server.stop();
      await probe.remove();
    }
  });
});
