import { afterEach, describe, expect, it, vi } from 'vitest';
import { listPanes } from '../../src/pane/tmux.ts';
import { startTmuxServer, type TmuxServer } from '../support/tmux-server.ts';
import { needs } from '../support/tools.ts';

let server: TmuxServer | undefined;

afterEach(async () => {
  vi.unstubAllEnvs();
  await server?.stop();
  server = undefined;
});

describe.runIf(needs('tmux'))('the panes of a tmux server', () => {
  it('are those of every session, each with its process', async () => {
    server = await startTmuxServer();
    const first = await server.openSession('one', ['sh', '-c', server.stay]);
    const second = await server.openSession('two', ['sh', '-c', server.stay]);
    vi.stubEnv('TMUX', server.envOf(first)['TMUX'] ?? '');
    const rows = (await listPanes()) ?? [];
    expect(rows.map(({ id }) => id)).toEqual([first, second]);
    expect(rows.every(({ pid }) => pid > 0)).toBe(true);
  });

  it('are not known where no server runs', async () => {
    vi.stubEnv('TMUX', '/nowhere/socket,1,0');
    expect(await listPanes()).toBeUndefined();
  });
});
