import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { paneListFormat } from '../../src/rules/pane.ts';
import { processGone, writeScript } from '../support/tmux-server.ts';
import { buildProbe, type Probe } from './probe.ts';

describe('Pane: how tmux is run', () => {
  let probe: Probe;
  let folder: string;
  let own: Record<string, string | undefined>;

  beforeAll(async () => {
    probe = await buildProbe();
  });
  afterAll(() => probe?.remove());

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'stand-in-'));
    await mkdir(join(folder, 'bin'));
    const path = [join(folder, 'bin'), process.env['PATH']].join(':');
    own = { ...process.env, PATH: path, TMUX: '/nowhere,1,0', TMUX_PANE: '%7', SEEN: join(folder, 'seen') };
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** Puts a program in tmux's place that notes its pid and arguments, one line a run, before it does anything else. */
  const standIn = (shell: string): Promise<string> =>
    writeScript(
      join(folder, 'bin', 'tmux'),
      `#!/bin/sh\nprintf '%s\\037' "$$" "$TMUX" "$@" >> "$SEEN"\necho >> "$SEEN"\n${shell}\n`,
    );
  /** Prints, in the format that was asked for, one pane in which codex runs. */
  const printAgent = `printf '%s\\n' "$6" | sed 's/#{pane_id}/%7/; s/#{pane_pid}/1/; s/#{pane_current_command}/codex/; s/#{pane_start_command}/sh/'`;
  /** Prints a pane of a shell, and one that this process, the parent of whoever looks up, was started in. */
  const printParent = `m=\${6%%#*}; printf '%s\\n' "$m%7\${m}1\${m}sh\${m}sh" "$m%8\${m}${process.pid}\${m}2.1.14\${m}claude"`;
  const runs = async (): Promise<string[][]> => {
    const text = await readFile(join(folder, 'seen'), 'utf8').catch(() => '');
    return text.split('\n').flatMap((line) => (line === '' ? [] : [line.split('\u001f').slice(0, -1)]));
  };
  const pids = async (): Promise<number[]> => {
    const text = await readFile(join(folder, 'pids'), 'utf8');
    return text.trim().split(/\s+/).map(Number);
  };

  it('Pane: one process, its arguments exact, nothing to read, its environment the process’s own', async () => {
    await standIn(`readlink /proc/$$/fd/0 > "${folder}/stdin"; ${printAgent}`);
    const found = await probe.lookUp({ own, passed: { TMUX: '/elsewhere,1,0' } });
    expect(found).toMatchObject({ pane: '%7', left: [] });
    expect(await readFile(join(folder, 'stdin'), 'utf8')).toBe('/dev/null\n');
    const seen = await runs();
    expect(seen).toHaveLength(1);
    const [, socket, ...args] = seen[0] ?? [];
    expect(socket).toBe('/nowhere,1,0');
    expect(args.slice(0, -1)).toEqual(['list-panes', '-s', '-t', '%7', '-F']);
    const mark = (args.at(-1) ?? '').split('#{pane_id}')[0] ?? '';
    expect(mark).toMatch(/^[a-z0-9]{12,}$/);
    expect(args.at(-1)).toBe(paneListFormat(mark));
  });

  it('Pane: the mark is another one each time', async () => {
    await standIn(printAgent);
    await probe.lookUp({ own });
    await probe.lookUp({ own });
    expect(new Set((await runs()).map((run) => run.at(-1))).size).toBe(2);
  });

  it('Pane: an environment of the caller’s that names a pane is believed, and tmux not asked', async () => {
    await standIn(printAgent);
    expect((await probe.lookUp({ own, passed: { TMUX_PANE: ' any; thing ' } })).pane).toBe('any; thing');
    expect(await runs()).toEqual([]);
  });

  it('Pane: an environment of the caller’s whose pane is blank leaves the question to tmux', async () => {
    await standIn(printAgent);
    expect((await probe.lookUp({ own: { ...own, TMUX_PANE: ' %7\n' }, passed: { TMUX_PANE: ' \t' } })).pane).toBe('%7');
    expect(await runs()).toHaveLength(1);
  });

  it('Pane: a child of the agent takes the pane that it descends from; anybody else does not', async () => {
    await standIn(printParent);
    expect((await probe.lookUp({ own, passed: {}, question: { isAgentChild: true } })).pane).toBe('%8');
    expect((await probe.lookUp({ own, passed: {} })).pane).toBe('');
    expect(await runs()).toHaveLength(2);
  });

  it('Pane: a child of the agent in the pane that the run names already asks nothing', async () => {
    await standIn(printParent);
    const question = { isAgentChild: true, named: ' %7\n' };
    expect((await probe.lookUp({ own, question })).pane).toBe('%7');
    expect(await runs()).toEqual([]);
    expect((await probe.lookUp({ own, question: { ...question, named: '%9' } })).pane).toBe('%8');
    expect(await runs()).toHaveLength(1);
  });

  it('Pane: anybody else asks even so', async () => {
    await standIn(printAgent);
    expect((await probe.lookUp({ own, question: { named: '%7' } })).pane).toBe('%7');
    expect(await runs()).toHaveLength(1);
  });

  it.each([undefined, '', '  '])(
    'Pane: without a pane of the process’s own (%o) none is known, and tmux not asked',
    async (blank) => {
      await standIn(printAgent);
      expect(await probe.lookUp({ own: { ...own, TMUX_PANE: blank } })).toMatchObject({ pane: '', left: [] });
      expect(await runs()).toEqual([]);
    },
  );

  it.each(['-t', '%7; touch "$SEEN"', '$(touch "$SEEN")', '%7 -a', 'main:%7', '{last}', '%٣'])(
    'Pane: %o is nothing to ask tmux about: unchecked fallback',
    async (odd) => {
      await standIn(printAgent);
      expect((await probe.lookUp({ own: { ...own, TMUX_PANE: odd } })).pane).toBe(odd);
      expect((await probe.lookUp({ own: { ...own, TMUX_PANE: odd }, passed: {} })).pane).toBe('');
      expect(await runs()).toEqual([]);
    },
  );

  it('Pane: a tmux that hangs after a good answer, deaf to signals, is killed after 2 s, with what it waits for', async () => {
    const note = `echo "$$ $!" > "$SEEN".pids; mv "$SEEN".pids "${folder}/pids"`;
    await standIn(`trap '' TERM INT HUP PIPE; ${printAgent}; sleep 600 & ${note}; wait`);
    const found = await probe.lookUp({ own, passed: {} });
    expect(found).toMatchObject({ pane: '', left: [] });
    expect(found.took).toBeGreaterThan(1_950);
    expect(found.took).toBeLessThan(4_000);
    const hung = await pids();
    expect(hung).toHaveLength(2);
    await Promise.all(hung.map(processGone));
    expect(await runs()).toHaveLength(1);
  });

  it('Pane: an abort ends the look-up and kills tmux, even where its output is held open by another', async () => {
    await mkdir(join(folder, 'started'));
    const holder = `echo "$$" > "${folder}/pids"; mkdir "${folder}/started/now"; exec sleep 600`;
    await standIn(`setsid sh -c '${holder}' & wait`);
    const found = await probe.lookUp({ own, abort: { when: 'during', folder: join(folder, 'started') } });
    const [held = 0] = await pids();
    process.kill(held);
    expect(found).toMatchObject({ pane: '%7', left: [] });
    expect(found.took).toBeLessThan(1_950);
    const [[tmux] = []] = await runs();
    await Promise.all([processGone(held), processGone(Number(tmux))]);
  });

  it('Pane: a call that was aborted before it came does not ask tmux', async () => {
    await standIn(printAgent);
    expect(await probe.lookUp({ own, passed: {}, abort: { when: 'before' } })).toMatchObject({ pane: '', left: [] });
    expect(await runs()).toEqual([]);
  });

  it.each([
    ['prints more than 1 MiB', `${printAgent}; head -c 2000000 /dev/zero`],
    ['prints without end', `exec yes "$6"`],
    ['fails after a good answer', `${printAgent}; exit 1`],
    ['is killed after a good answer', `${printAgent}; kill -9 $$`],
    ['prints nothing', 'exit 0'],
    ['prints something else', 'echo "%7 codex codex"'],
    ['lists another pane only', `${printAgent} | sed 's/%7/%8/'`],
  ])('Pane: a tmux that %s: fallback', async (_, shell) => {
    await standIn(shell);
    const found = await probe.lookUp({ own, passed: {} });
    expect(found).toMatchObject({ pane: '', left: [] });
    expect(found.took).toBeLessThan(1_950);
    expect(await runs()).toHaveLength(1);
    expect((await probe.lookUp({ own })).pane).toBe('%7');
  });

  it('Pane: no tmux in PATH, or one that cannot be run: fallback', async () => {
    const bare = { ...own, PATH: join(folder, 'bin') };
    expect(await probe.lookUp({ own: bare })).toMatchObject({ pane: '%7', left: [] });
    expect(await probe.lookUp({ own: bare, passed: {} })).toMatchObject({ pane: '', left: [] });
    await mkdir(join(folder, 'bin', 'tmux'));
    expect(await probe.lookUp({ own: bare, passed: {} })).toMatchObject({ pane: '', left: [] });
  });
});
