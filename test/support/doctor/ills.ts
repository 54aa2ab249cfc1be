/** Every illness that doctor knows: how a project gets it, and who mends it. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import type { IllnessId } from '../../../src/cli/see/doctor/illnesses.ts';
import { processIdentity } from '../../../src/store/file/files/process-identity.ts';
import { deadPid, endProcess, liveProcess } from '../processes.ts';
import { builtCli } from '../program.ts';
import { liveRun } from '../runs.ts';
import { age, type Patient, paneOfAgent } from './patient.ts';
import { storeIlls } from './store-ills.ts';

/** One way to fall ill. */
export interface Ill {
  readonly id: IllnessId;
  readonly what: string;
  readonly fall: (patient: Patient) => unknown;
  /** `fix`: doctor itself; `command`: a person, by the first command that is printed; `hand`: a person, as `byHand` does. */
  readonly mendedBy: 'fix' | 'command' | 'hand';
  readonly byHand?: (patient: Patient) => unknown;
  /** The file that the finding names. */
  readonly file: (patient: Patient) => string;
  readonly evidence: RegExp;
  /** What gives way: the bytes that must lie in quarantine; those of the file by default, null where there are none. */
  readonly gives?: (patient: Patient) => Buffer | null;
  /** What stands there once it is put back, where that is the run rather than its illness. */
  readonly back?: (patient: Patient) => unknown;
  /** What else must be so once it is mended. */
  readonly mended?: (patient: Patient) => void;
  /** Whether mending it takes nothing away, so that there is nothing to put back. */
  readonly isFinal?: boolean;
  /** Whether what it needs is on this machine; default yes. */
  readonly needs?: () => boolean;
}

const run = (patient: Patient, id: string, content: string | object): string => {
  const file = patient.box.putRun(id, content);
  age(file);
  return file;
};
const runOf =
  (id: string) =>
  ({ box }: Patient): string =>
    box.runFile(id);
const ownPath =
  (...names: readonly string[]) =>
  ({ box }: Patient): string =>
    box.path('.forge-resume', ...names);
const lock = ({ box }: Patient): string => box.path('.lock.forge-session-resume');
const record = ({ box }: Patient): string => box.path('session.json');
const projectSettings = ({ box }: Patient): string => join(box.project, '.claude', 'settings.json');

/** Gives the hooks to the project alone. */
function putInProject(patient: Patient, change: (settings: { hooks: Record<string, unknown> }) => object): void {
  const file = projectSettings(patient);
  fs.mkdirSync(dirname(file));
  fs.writeFileSync(file, JSON.stringify(change(JSON.parse(fs.readFileSync(patient.settings, 'utf8'))), null, 2));
  age(file, 100);
  fs.unlinkSync(patient.settings);
}

const noneForAll = ({ settings }: Patient): void => expect(fs.existsSync(settings)).toBe(false);
const linkBytes = (target: string) => (): Buffer => Buffer.from(target);

/** The state directory of a call that was stopped between its two writes. */
async function stopBetweenWrites(patient: Patient): Promise<void> {
  const { box } = patient;
  run(patient, 'old', liveRun());
  box.putSessions('now');
  const image = `${box.stateDir}.image`;
  const copy = (): void => fs.cpSync(box.stateDir, image, { recursive: true, preserveTimestamps: true });
  await box.call({ session: 's1', hooks: { afterTargetWrite: copy } });
  fs.rmSync(box.stateDir, { recursive: true });
  fs.renameSync(image, box.stateDir);
  fs.rmSync(lock(patient), { recursive: true });
  for (const file of [box.runFile('old'), box.runFile('now'), journal(patient)]) age(file);
}

const journal = ownPath('journal', 'old.now.json');

function putJournal(patient: Patient, text: string): void {
  patient.box.putOwnFolder();
  fs.mkdirSync(ownPath('journal')(patient));
  fs.writeFileSync(journal(patient), text);
  age(journal(patient));
}

/** Has the program loaded with a system that answers otherwise. */
function preload(patient: Patient, text: string): void {
  const file = join(patient.home, 'preload.cjs');
  fs.writeFileSync(file, text);
  patient.options = { ...patient.options, env: { NODE_OPTIONS: `--require ${file}` } };
}

/** The state of each is what stands there; every id of the table in the code is here. */
export const ills: readonly Ill[] = [
  {
    id: 'FR001',
    what: 'two sessions with a live run of one conversation',
    fall: (patient) => {
      for (const id of ['a', 'b']) run(patient, id, liveRun({ owner_rcs_session_id: id }));
      patient.box.declare({ liveRuns: 2 });
    },
    mendedBy: 'command',
    file: runOf('a'),
    evidence: /^session:s1 is live in a and b$/,
  },
  {
    id: 'FR002',
    what: 'a hand-over that was stopped',
    fall: stopBetweenWrites,
    mendedBy: 'fix',
    file: journal,
    evidence: /^from old to now, /,
    // The machine takes the hand-over back.
    back: ({ box }) => {
      expect(box.run('old')).toMatchObject(liveRun());
      expect(box.run('now')).toMatchObject({ active: false });
    },
  },
  {
    id: 'FR002',
    what: 'a hand-over that was stopped before its first write',
    fall: async (patient) => {
      await stopBetweenWrites(patient);
      fs.unlinkSync(patient.box.runFile('now'));
      patient.box.declare({ openJournal: true });
    },
    mendedBy: 'fix',
    file: journal,
    evidence: /^from old to now, /,
  },
  {
    id: 'FR003',
    what: 'half a run',
    fall: (patient) => run(patient, 'a', '{"active":'),
    mendedBy: 'fix',
    file: runOf('a'),
    evidence: /does not parse/,
  },
  {
    id: 'FR003',
    what: 'an empty run',
    fall: (patient) => run(patient, 'a', ''),
    mendedBy: 'fix',
    file: runOf('a'),
    evidence: /^it is empty$/,
  },
  {
    id: 'FR003',
    what: 'a run that only its owner may read',
    fall: (patient) => fs.chmodSync(run(patient, 'a', 'private'), 0o600),
    mendedBy: 'fix',
    file: runOf('a'),
    evidence: /does not parse/,
  },
  {
    id: 'FR004',
    what: 'a run that is too large',
    fall: (patient) => run(patient, 'a', `"${'x'.repeat(8 * 1024 * 1024)}"`),
    mendedBy: 'fix',
    file: runOf('a'),
    evidence: /^it is over 8 MiB$/,
  },
  {
    id: 'FR004',
    what: 'a link in the place of a run',
    fall: (patient) => {
      patient.box.putSessions('a');
      fs.symlinkSync('/etc/hostname', patient.box.runFile('a'));
      age(patient.box.runFile('a'));
    },
    mendedBy: 'fix',
    file: runOf('a'),
    evidence: /^it is a symbolic link$/,
    gives: linkBytes('/etc/hostname'),
  },
  {
    id: 'FR004',
    what: 'a FIFO in the place of a run',
    fall: (patient) => {
      patient.box.putSessions('a');
      execFileSync('mkfifo', [patient.box.runFile('a')]);
      age(patient.box.runFile('a'));
    },
    mendedBy: 'fix',
    file: runOf('a'),
    evidence: /^it is no regular file$/,
    gives: () => null,
  },
  {
    id: 'FR004',
    what: 'a folder in the place of a run',
    fall: (patient) => {
      fs.mkdirSync(patient.box.runFile('a'), { recursive: true });
      age(patient.box.runFile('a'));
    },
    mendedBy: 'command',
    file: runOf('a'),
    evidence: /^it is no regular file$/,
  },
  {
    id: 'FR005',
    what: 'a link in the place of our folder',
    fall: (patient) => fs.symlinkSync('/nowhere', ownPath()(patient)),
    mendedBy: 'command',
    file: ownPath(),
    evidence: /^it is a link$/,
  },
  {
    id: 'FR005',
    what: 'a link in the place of the sessions',
    fall: ({ box }) => fs.symlinkSync('/nowhere', box.path('sessions')),
    mendedBy: 'command',
    file: ({ box }) => box.path('sessions'),
    evidence: /^it is a link$/,
  },
  {
    id: 'FR005',
    what: 'a file in the place of the journals',
    fall: (patient) => {
      patient.box.putOwnFolder();
      fs.writeFileSync(ownPath('journal')(patient), 'a note');
    },
    mendedBy: 'fix',
    file: ownPath('journal'),
    evidence: /^it is no folder$/,
  },
  {
    id: 'FR005',
    what: 'a link in the place of the trails',
    fall: (patient) => {
      patient.box.putOwnFolder();
      fs.symlinkSync('/nowhere', ownPath('trails')(patient));
      patient.box.declare({ own: new Set([ownPath('trails')(patient)]) });
    },
    mendedBy: 'fix',
    file: ownPath('trails'),
    evidence: /^it is a link$/,
    gives: linkBytes('/nowhere'),
  },
  {
    id: 'FR005',
    what: 'a link in the place of the quarantine',
    fall: (patient) => {
      patient.box.putOwnFolder();
      fs.symlinkSync('/nowhere', ownPath('quarantine')(patient));
      patient.box.declare({ own: new Set([ownPath('quarantine')(patient)]) });
    },
    mendedBy: 'command',
    file: ownPath('quarantine'),
    evidence: /^it is a link$/,
  },
  {
    id: 'FR005',
    what: "a link in the place of a session's folder",
    fall: ({ box }) => {
      box.putSessions('b');
      fs.symlinkSync('/nowhere', box.path('sessions', 'a'));
    },
    mendedBy: 'fix',
    file: ({ box }) => box.path('sessions', 'a'),
    evidence: /^it is a link$/,
    gives: linkBytes('/nowhere'),
  },
  {
    id: 'FR006',
    what: 'a run that is over and says that it is not',
    fall: (patient) => run(patient, 'a', liveRun({ owner_rcs_session_id: 'a', current_phase: 'complete' })),
    mendedBy: 'fix',
    file: runOf('a'),
    evidence: /^active is true, current_phase is complete$/,
  },
  {
    id: 'FR007',
    what: 'a run that names another session as its owner',
    fall: (patient) => run(patient, 'a', liveRun({ owner_rcs_session_id: 'b' })),
    mendedBy: 'fix',
    file: runOf('a'),
    evidence: /^owner_rcs_session_id is b, /,
  },
  {
    id: 'FR008',
    what: 'a run whose pane is gone',
    fall: (patient) => {
      patient.putProgram('tmux', paneOfAgent('%2'));
      run(patient, 'a', liveRun({ owner_rcs_session_id: 'a', tmux_pane_id: '%1' }));
    },
    mendedBy: 'command',
    file: runOf('a'),
    evidence: /^pane %1 is not there any more$/,
  },
  {
    id: 'FR009',
    what: 'half of a write that was stopped',
    fall: (patient) => {
      run(patient, 'a', liveRun({ owner_rcs_session_id: 'a' }));
      fs.writeFileSync(patient.box.path('sessions/a/.forge-state.json.forge-resume'), 'half');
      age(patient.box.path('sessions/a/.forge-state.json.forge-resume'));
      patient.box.declare({ own: new Set([patient.box.path('sessions/a/.forge-state.json.forge-resume')]) });
    },
    mendedBy: 'fix',
    file: ({ box }) => box.path('sessions/a/.forge-state.json.forge-resume'),
    evidence: /^older than 10 s$/,
  },
  {
    id: 'FR009',
    what: 'half of a write of a companion that was stopped',
    fall: ({ box }) => {
      fs.mkdirSync(box.path('sessions/a'), { recursive: true });
      fs.writeFileSync(box.path('sessions/a/.run-state.json.forge-resume'), 'half');
      age(box.path('sessions/a/.run-state.json.forge-resume'));
      box.declare({ own: new Set([box.path('sessions/a/.run-state.json.forge-resume')]) });
    },
    mendedBy: 'fix',
    file: ({ box }) => box.path('sessions/a/.run-state.json.forge-resume'),
    evidence: /^older than 10 s$/,
  },
  {
    id: 'FR009',
    what: 'half of a write of a trail that was stopped',
    fall: ({ box }) => {
      fs.mkdirSync(box.path('.forge-resume/trails'), { recursive: true });
      fs.writeFileSync(box.path('.forge-resume/trails/.a.json.forge-resume'), 'half');
      age(box.path('.forge-resume/trails/.a.json.forge-resume'));
      box.declare({ own: new Set([box.path('.forge-resume/trails/.a.json.forge-resume')]) });
    },
    mendedBy: 'fix',
    file: ({ box }) => box.path('.forge-resume/trails/.a.json.forge-resume'),
    evidence: /^older than 10 s$/,
  },
  {
    id: 'FR009',
    what: 'half of a write of a note that was stopped',
    fall: ({ box }) => {
      fs.mkdirSync(box.path('.forge-resume/journal'), { recursive: true });
      fs.writeFileSync(box.path('.forge-resume/journal/.a.b.json.forge-resume'), 'half');
      age(box.path('.forge-resume/journal/.a.b.json.forge-resume'));
      box.declare({ own: new Set([box.path('.forge-resume/journal/.a.b.json.forge-resume')]) });
    },
    mendedBy: 'fix',
    file: ({ box }) => box.path('.forge-resume/journal/.a.b.json.forge-resume'),
    evidence: /^older than 10 s$/,
  },
  {
    id: 'FR010',
    what: 'a record of a process that is gone',
    fall: async ({ box }) => box.putRecord({ session_id: 'a', pid: await deadPid() }),
    mendedBy: 'fix',
    file: record,
    evidence: /^process \d+ is not there$/,
  },
  {
    id: 'FR011',
    what: 'a record of a process id that another process has',
    fall: ({ box }) => {
      const { pid, startTicks } = liveProcess();
      box.putRecord({ session_id: 'a', pid, pid_start_ticks: startTicks + 1 });
    },
    mendedBy: 'fix',
    file: record,
    evidence: /^process \d+ was started at tick \d+, not \d+$/,
  },
  {
    id: 'FR012',
    what: 'a lock whose holder is gone',
    fall: async ({ box }) => {
      const { pid, startTicks, child } = liveProcess();
      await endProcess(child);
      const { bootId, pidNamespace } = processIdentity();
      box.putOwnFolder();
      box.putLock(`${pid}.1.a kernel ${bootId} ${pidNamespace} ${startTicks}`);
    },
    mendedBy: 'fix',
    file: lock,
    evidence: /^process \d+ made it, and is gone$/,
    gives: (patient) => fs.readFileSync(join(lock(patient), 'owner')),
  },
  {
    id: 'FR012',
    what: "an older runtime's lock that nobody touches",
    fall: ({ box }) => box.putLock('4711.1.a', 60_000),
    mendedBy: 'fix',
    file: lock,
    evidence: /untouched for over 10 s$/,
    gives: () => Buffer.from('4711.1.a'),
  },
  {
    id: 'FR012',
    what: 'a lock of nobody that nobody touches',
    fall: ({ box }) => box.putLock(undefined, 60_000),
    mendedBy: 'fix',
    file: lock,
    evidence: /^nothing says who made it; untouched for over 10 s$/,
    gives: () => null,
  },
  {
    id: 'FR013',
    what: 'a program beside which the addon is not found',
    fall: (patient) => {
      const folder = join(patient.home, 'package/dist/cli');
      fs.cpSync(builtCli, folder, { recursive: true });
      fs.copyFileSync(join(builtCli, '../../package.json'), join(patient.home, 'package/package.json'));
      patient.options = { folder };
    },
    mendedBy: 'hand',
    byHand: (patient) => {
      patient.options = {};
    },
    file: lock,
    evidence: /^no kernel lock here$/,
  },
  {
    id: 'FR014',
    what: 'another state directory on the way up',
    fall: (patient) => {
      fs.mkdirSync(join(patient.box.project, '.rcs/logs/inner/.rcs/state'), { recursive: true });
      patient.options = { cwd: join(patient.box.project, '.rcs/logs/inner') };
    },
    mendedBy: 'hand',
    byHand: ({ box }) => fs.rmSync(join(box.project, '.rcs/logs/inner/.rcs'), { recursive: true }),
    file: ({ box }) => join(box.project, '.rcs/logs/inner/.rcs/state'),
    evidence: /^beside /,
  },
  {
    id: 'FR015',
    what: 'a network file system',
    fall: (patient) => preload(patient, "require('node:fs').statfsSync = () => ({ type: 0x6969 });"),
    mendedBy: 'hand',
    byHand: (patient) => {
      patient.options = {};
    },
    file: ({ box }) => box.stateDir,
    evidence: /^the file system is NFS$/,
  },
  {
    id: 'FR016',
    what: 'a folder that is copied between machines',
    fall: ({ box }) => fs.mkdirSync(join(box.project, '.stfolder')),
    mendedBy: 'hand',
    byHand: ({ box }) => fs.rmdirSync(join(box.project, '.stfolder')),
    file: ({ box }) => box.project,
    evidence: /^\.stfolder is in it$/,
  },
  {
    id: 'FR017',
    what: 'no hook at all',
    fall: ({ settings }) => fs.unlinkSync(settings),
    mendedBy: 'command',
    file: ({ home }) => join(home, '.claude'),
    evidence: /has a hook of it$/,
  },
  {
    id: 'FR017',
    what: 'hooks for some events only',
    fall: ({ settings }) => {
      const { hooks } = JSON.parse(fs.readFileSync(settings, 'utf8'));
      fs.writeFileSync(settings, JSON.stringify({ hooks: { Stop: hooks.Stop } }));
    },
    mendedBy: 'command',
    file: ({ settings }) => settings,
    evidence: /^Claude Code has no hook of it for SessionStart, UserPromptSubmit$/,
  },
  {
    id: 'FR017',
    what: "a project's hooks for some events only",
    fall: (patient) => putInProject(patient, ({ hooks }) => ({ hooks: { Stop: hooks['Stop'] } })),
    mendedBy: 'command',
    file: projectSettings,
    mended: noneForAll,
    evidence: /^Claude Code has no hook of it for SessionStart, UserPromptSubmit$/,
  },
  {
    id: 'FR018',
    what: 'another program of the name first in PATH',
    fall: (patient) => patient.putProgram('forge-resume', '#!/bin/sh\n'),
    mendedBy: 'hand',
    byHand: ({ bin }) => fs.unlinkSync(join(bin, 'forge-resume')),
    file: ({ bin }) => join(bin, 'forge-resume'),
    evidence: /^PATH finds it before /,
  },
  {
    id: 'FR019',
    what: 'a journal that does not parse',
    fall: (patient) => {
      putJournal(patient, '{"version":2');
      patient.box.declare({ openJournal: true });
    },
    mendedBy: 'fix',
    file: journal,
    evidence: /does not parse/,
  },
  {
    id: 'FR019',
    what: 'a journal that its own schema refuses',
    fall: (patient) => {
      putJournal(patient, '{"version":2,"source":"../../etc"}');
      patient.box.declare({ openJournal: true });
    },
    mendedBy: 'fix',
    file: journal,
    evidence: /is no such note$/,
  },
  {
    id: 'FR020',
    what: 'a journal of another version',
    fall: (patient) => {
      putJournal(patient, '{"version":99}');
      patient.box.declare({ openJournal: true });
    },
    mendedBy: 'command',
    file: journal,
    evidence: /^it has version 99, /,
  },
  {
    id: 'FR021',
    what: 'a hook whose program is not there',
    fall: (patient) => patient.putHook(`${process.execPath} /nowhere/forge-resume.cjs hook`),
    mendedBy: 'command',
    file: ({ settings }) => settings,
    evidence: /^its program \/nowhere\/forge-resume\.cjs is not there$/,
  },
  {
    id: 'FR021',
    what: "a project's hook whose program is not there",
    fall: (patient) => {
      patient.putHook(`${process.execPath} /nowhere/forge-resume.cjs hook`);
      putInProject(patient, (settings) => settings);
    },
    mendedBy: 'command',
    file: projectSettings,
    mended: noneForAll,
    evidence: /^its program \/nowhere\/forge-resume\.cjs is not there$/,
  },
  {
    id: 'FR021',
    what: 'a hook that the agent does not run',
    fall: (patient) => {
      const { owner_codex_session_id: _none, ...unowned } = liveRun({ owner_rcs_session_id: 'a' });
      age(patient.box.putRun('a', unowned), 1_000);
    },
    mendedBy: 'hand',
    byHand: (patient) =>
      patient.run(['hook'], {
        input: JSON.stringify({ hook_event_name: 'Stop', session_id: 's1', cwd: patient.box.project }),
        env: { RCS_SESSION_ID: 'a' },
      }),
    file: ({ settings }) => settings,
    evidence: /since then the run of a counted turns, and no call from a hook came$/,
  },
  ...['lock', 'history.jsonl', 'history.1.jsonl'].map(
    (name): Ill => ({
      id: 'FR027',
      what: `a link in the place of ${name}`,
      fall: (patient) => {
        patient.box.putOwnFolder();
        fs.rmSync(ownPath(name)(patient), { force: true });
        fs.symlinkSync('/nowhere', ownPath(name)(patient));
        patient.box.declare({ own: new Set([ownPath(name)(patient)]) });
      },
      mendedBy: 'command',
      file: ownPath(name),
      evidence: /^it is a link$/,
    }),
  ),
  {
    id: 'FR027',
    what: 'a folder in the place of the lock file',
    fall: (patient) => {
      patient.box.putOwnFolder();
      fs.rmSync(ownPath('lock')(patient));
      fs.mkdirSync(ownPath('lock')(patient));
    },
    mendedBy: 'command',
    file: ownPath('lock'),
    evidence: /^it is no regular file$/,
  },
  {
    id: 'FR028',
    what: 'half a record',
    fall: (patient) => {
      fs.writeFileSync(record(patient), '{"session_id":');
      age(record(patient));
    },
    mendedBy: 'fix',
    file: record,
    evidence: /^it cannot be read, or does not parse$/,
  },
  {
    id: 'FR028',
    what: 'a link in the place of the record',
    fall: (patient) => {
      fs.symlinkSync('/nowhere', record(patient));
      age(record(patient));
    },
    mendedBy: 'fix',
    file: record,
    evidence: /^it is a symbolic link$/,
    gives: linkBytes('/nowhere'),
  },
  ...storeIlls,
];
