import fs from 'node:fs';
import os from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findingsIn } from '../../src/cli/see/doctor/doctor-facts.ts';
import { type Finding, type IllnessId, illnesses } from '../../src/cli/see/doctor/illnesses.ts';
import { machineFindings } from '../../src/cli/see/doctor/machine-findings.ts';
import { fileSystemOf } from '../../src/cli/see/doctor/project-findings.ts';
import { processIdentity } from '../../src/store/file/files/process-identity.ts';
import { deadPid, endProcess, liveProcess } from '../support/processes.ts';
import { runProgram } from '../support/program.ts';
import { liveRun } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';

const later = (): number => Date.now() + 60_000;
const look = (box: Sandbox, others: readonly string[] = []): Promise<Finding[]> =>
  findingsIn({ stateDir: box.stateDir, isFound: false, others }, {}, later());
const idsIn = async (box: Sandbox): Promise<string[]> => (await look(box)).map(({ id }) => id);

/** Does what a finding says: the program by the built one, `mv` as it is. */
async function follow(argv: readonly string[] = []): Promise<void> {
  const at = argv.indexOf('forge-resume');
  if (argv[0] === 'mv') return fs.renameSync(argv[2] ?? '', argv[3] ?? '');
  expect(at).toBeGreaterThanOrEqual(0);
  const env = Object.fromEntries(argv.slice(0, at).flatMap((word) => (word.includes('=') ? [word.split('=')] : [])));
  expect(await runProgram(argv.slice(at + 1), { env })).toMatchObject({ code: 0 });
}

/** An illness, and how a directory gets it; `stays` where no command mends it. */
const ills: readonly (readonly [IllnessId, (box: Sandbox) => void | Promise<void>, 'stays'?])[] = [
  [
    'FR001',
    (box) => {
      box.putRun('a', liveRun({ owner_rcs_session_id: 'a' }));
      box.putRun('b', liveRun({ owner_rcs_session_id: 'b' }));
      box.declare({ liveRuns: 2 });
    },
    'stays',
  ],
  [
    'FR002',
    async (box) => {
      box.putRun('old', liveRun());
      box.putSessions('now');
      const image = `${box.stateDir}.image`;
      const copy = (): void => fs.cpSync(box.stateDir, image, { recursive: true, preserveTimestamps: true });
      await box.call({ session: 's1', hooks: { afterTargetWrite: copy } });
      fs.rmSync(box.stateDir, { recursive: true });
      fs.renameSync(image, box.stateDir);
      fs.rmSync(box.path('.lock.forge-session-resume'), { recursive: true });
    },
  ],
  ['FR003', (box) => fs.utimesSync(box.putRun('torn', '{"active":'), 1, 1)],
  ['FR003', (box) => fs.utimesSync(box.putRun('empty', ''), 1, 1)],
  ['FR004', (box) => void box.putRun('large', `"${'x'.repeat(8 * 1024 * 1024)}"`)],
  [
    'FR004',
    (box) => {
      box.putSessions('linked');
      fs.symlinkSync('/etc/hostname', box.runFile('linked'));
      fs.lutimesSync(box.runFile('linked'), 1, 1);
    },
  ],
  ['FR005', (box) => fs.symlinkSync('/nowhere', box.path('.forge-resume'))],
  ['FR006', (box) => void box.putRun('a', liveRun({ owner_rcs_session_id: 'a', current_phase: 'complete' }))],
  ['FR007', (box) => void box.putRun('a', liveRun({ owner_rcs_session_id: 'b' }))],
  [
    'FR009',
    (box) => {
      box.putRun('a', liveRun({ owner_rcs_session_id: 'a' }));
      box.putOwnFolder();
      fs.writeFileSync(box.path('sessions/a/.forge-state.json.forge-resume'), 'half');
    },
  ],
  ['FR010', async (box) => box.putRecord({ session_id: 'a', pid: await deadPid() })],
  [
    'FR011',
    (box) => {
      const { pid, startTicks } = liveProcess();
      box.putRecord({ session_id: 'a', pid, pid_start_ticks: startTicks + 1 });
    },
  ],
  [
    'FR012',
    async (box) => {
      const { pid, startTicks, child } = liveProcess();
      await endProcess(child);
      const { bootId, pidNamespace } = processIdentity();
      box.putOwnFolder();
      box.putLock(`${pid}.1.a kernel ${bootId} ${pidNamespace} ${startTicks}`);
    },
  ],
  ['FR016', (box) => fs.mkdirSync(join(box.project, '.stfolder')), 'stays'],
];

describe('doctor: each illness', () => {
  it.each(ills.map(([id, fall, stays]) => ({ id, fall, stays })))(
    '$id is found, mended by its command, and put back by its other one',
    async ({ id, fall, stays }) => {
      const box = makeSandbox();
      expect(await idsIn(box)).toEqual([]);
      await fall(box);
      const [ill, ...others] = await look(box);
      expect([ill?.id, others]).toEqual([id, []]);
      const { evidence, file, fixes = [], undo = null } = ill ?? {};
      expect([evidence, file].every(Boolean)).toBe(true);
      expect(fixes.length === 0).toBe(stays !== undefined);
      if (stays) return;
      const before =
        fs.existsSync(file ?? '') && fs.lstatSync(file ?? '').isFile() ? fs.readFileSync(file ?? '') : undefined;
      await follow(fixes[0]);
      expect(await idsIn(box)).toEqual([]);
      if (undo === null) return;
      await follow(undo);
      expect(await idsIn(box)).toEqual([id]);
      if (before !== undefined) expect(fs.readFileSync(file ?? '').equals(before)).toBe(true);
      if (id === 'FR005') fs.unlinkSync(file ?? '');
    },
  );

  it('FR008: an active run whose pane is gone, or was opened after the run was bound to it', async () => {
    const box = makeSandbox();
    box.putRun('a', liveRun({ owner_rcs_session_id: 'a', tmux_pane_id: '%1' }));
    const { runFindings } = await import('../../src/cli/see/doctor/run-findings.ts');
    const { statePaths } = await import('../../src/store/file/files/paths.ts');
    const around = { record: { kind: 'absent' } as const, ownPane: '', now: later() };
    const row = { id: '%1', pid: process.pid, currentCommand: 'codex', startCommand: '' };
    const ids = (panes: (typeof row)[]): string[] =>
      runFindings(statePaths(box.stateDir), { ...around, panes }).map(({ id, evidence }) => `${id} ${evidence}`);
    expect(ids([row])).toEqual([]);
    expect(ids([{ ...row, id: '%2' }])).toEqual(['FR008 pane %1 is not there any more']);
    expect(ids([{ ...row, currentCommand: 'bash' }])).toEqual(['FR008 pane %1 has no agent in it']);
  });

  it('FR014: more state directories on the way up', async () => {
    const box = makeSandbox();
    expect(await look(box, ['/above/.rcs/state'])).toMatchObject([{ id: 'FR014', file: '/above/.rcs/state' }]);
  });

  it('FR015: a file system that weakens promises is named', () => {
    expect(fileSystemOf('/x', () => 0x6969)).toBe('NFS');
    // As a signed number of 32 bits.
    expect(fileSystemOf('/x', () => 0xff534d42 | 0)).toBe('CIFS');
    expect(fileSystemOf('/x', () => 0xef53)).toBeUndefined();
    expect(
      fileSystemOf('/x', () => {
        throw new Error('no such call');
      }),
    ).toBeUndefined();
  });

  it('FR017, FR018: no hook, and another program of the name first in PATH', () => {
    const home = fs.realpathSync(fs.mkdtempSync(join(os.tmpdir(), 'forge-doctor-')));
    onTestFinished(() => fs.rmSync(home, { recursive: true, force: true }));
    fs.mkdirSync(join(home, 'bin'));
    const [own, other] = [join(home, 'own'), join(home, 'bin/forge-resume')];
    fs.writeFileSync(own, '', { mode: 0o755 });
    fs.writeFileSync(other, '', { mode: 0o755 });
    const ids = (): string[] =>
      machineFindings(join(home, '.rcs/state'), { HOME: home, PATH: join(home, 'bin') }, own).map(({ id }) => id);
    expect(ids()).toEqual(['FR017', 'FR018']);
    fs.mkdirSync(join(home, '.codex'));
    fs.writeFileSync(join(home, '.codex/hooks.json'), '{"hooks":{"Stop":[{"command":"forge-resume hook"}]}}');
    fs.rmSync(other);
    fs.symlinkSync(own, other);
    expect(ids()).toEqual([]);
  });
});

describe('doctor: what is on its way is no illness', () => {
  it('a file that is being written, a transfer under way, a lock that is held', async () => {
    const box = makeSandbox();
    box.putRun('torn', '{"active":');
    box.putRun('a', liveRun({ owner_rcs_session_id: 'b', current_phase: 'complete' }));
    box.putLock('4711.1.a');
    const root = { stateDir: box.stateDir, isFound: false, others: [] };
    expect(await findingsIn(root, {}, Date.now())).toEqual([]);
    fs.rmSync(box.path('.lock.forge-session-resume'), { recursive: true });
  });
});

describe('doctor: as a program', () => {
  const args = (box: Sandbox, ...more: string[]): string[] => ['doctor', '--state-dir', box.stateDir, ...more];
  const healthy = (box: Sandbox): Record<string, string> => {
    fs.mkdirSync(join(box.project, '.claude'));
    fs.writeFileSync(join(box.project, '.claude/settings.json'), '{"hooks":"forge-resume hook"}');
    return { PATH: dirname(process.execPath) };
  };

  it('exits with 0 where nothing is wrong, with 3 where something is, with 1 where it cannot look', async () => {
    const box = makeSandbox();
    const env = healthy(box);
    expect(await runProgram(args(box), { env })).toMatchObject({ code: 0, stdout: `Healthy: ${box.stateDir}\n` });
    box.putRun('a', '{');
    fs.utimesSync(box.runFile('a'), 1, 1);
    const before = box.snapshot();
    const { code, stdout } = await runProgram(args(box, '--json'), { env });
    expect(code).toBe(3);
    const { schema, findings } = JSON.parse(stdout);
    expect(schema).toBe(1);
    expect(findings).toEqual([
      {
        id: 'FR003',
        name: 'unreadable-run',
        severity: 'warning',
        file: box.runFile('a'),
        evidence: 'it cannot be read, or does not parse',
        meaning: illnesses.FR003.meaning,
        fixes: [['mv', '--', box.runFile('a'), `${box.runFile('a')}.aside`]],
        undo: ['mv', '--', `${box.runFile('a')}.aside`, box.runFile('a')],
      },
    ]);
    expect(await runProgram(args(box, '--only', 'FR012'), { env })).toMatchObject({ code: 0 });
    expect(await runProgram(args(box), { env })).toMatchObject({
      code: 3,
      stdout: expect.stringMatching(/^FR003 unreadable-run \(warning\)\n(.*\n)*1 finding: /),
    });
    expect(box.snapshot()).toEqual(before);
    expect(await runProgram(['doctor', '--state-dir', join(box.project, 'none')])).toMatchObject({ code: 1 });
  });

  it('explains an id, and knows no other', async () => {
    const { code, stdout } = await runProgram(['doctor', '--explain', 'FR012']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `FR012 dead-lock (warning)\n${illnesses.FR012.meaning}\n` });
    expect(await runProgram(['doctor', '--explain', 'FR999'])).toMatchObject({ code: 2 });
  });
});
