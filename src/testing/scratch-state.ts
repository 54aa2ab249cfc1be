import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { protocol } from '../rules/protocol.ts';
import { isSessionId } from '../rules/session-id.ts';
import { statePaths } from '../store/file/files/paths.ts';

/** A run's fields as they stand in its file; `undefined` leaves one out. */
export type ScratchRun = Readonly<Record<string, unknown>>;

/** What is to be on disk. */
export interface ScratchOptions {
  /** The RCS session that is current: `session.json` names it, and its folder is there. */
  readonly current: string;
  /**
   * Runs, by the RCS session in whose folder they are. Each is live and its session's own unless its fields say otherwise;
   * whose conversation it is, say with `owner_codex_session_id` or `owner_codex_thread_id`.
   */
  readonly runs?: Readonly<Record<string, ScratchRun>> | undefined;
}

/** A project with a state directory, somewhere in the system's folder for temporary files. */
export interface ScratchState {
  /** The project: `cwd` for a hook's payload. */
  readonly project: string;
  /** The state directory: `stateDir` for a call. */
  readonly stateDir: string;
  /** Environment for a call or a hook, in which nothing of the test's own session is left. */
  readonly env: Readonly<Record<string, string>>;
  /** The run of a session as it is now; undefined where there is none. Throws where it cannot be parsed. */
  readonly run: (sessionId: string) => Record<string, unknown> | undefined;
  /** Removes the project. */
  readonly dispose: () => void;
}

const { fields } = protocol;

/**
 * Makes a state directory for a test of an integration: a real one, on disk, as a runtime leaves it.
 *
 * @param options - which session is current, and what runs there are
 * @throws TypeError where an id is none
 * @example
 * const scratch = createScratchState({
 *   current: 'launch-2',
 *   runs: { 'launch-1': { owner_codex_session_id: 'conversation-7' } },
 * });
 * await myAfterTurn(scratch.stateDir, 'conversation-7');
 * assert.equal(scratch.run('launch-2')?.active, true);
 * scratch.dispose();
 */
export function createScratchState({ current, runs = {} }: ScratchOptions): ScratchState {
  for (const id of [current, ...Object.keys(runs)]) {
    if (!isSessionId(id)) throw new TypeError(`${JSON.stringify(id)} is no id of an RCS session`);
  }
  const project = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), 'forge-scratch-')));
  const paths = statePaths(join(project, protocol.project.runtimeFolder, protocol.project.stateFolder));
  fs.mkdirSync(paths.session(current), { recursive: true });
  fs.writeFileSync(paths.sessionRecord, JSON.stringify({ session_id: current, cwd: project }, null, 2));
  for (const [id, changes] of Object.entries(runs)) {
    fs.mkdirSync(dirname(paths.run(id)), { recursive: true });
    fs.writeFileSync(paths.run(id), JSON.stringify({ ...liveRunOf(id), ...changes }, null, 2));
  }
  const [sessionVariable] = protocol.env.sessionIds;
  return {
    project,
    stateDir: paths.stateDir,
    env: { [sessionVariable]: current },
    run: (id) => {
      const file = paths.run(id);
      return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : undefined;
    },
    dispose: () => fs.rmSync(project, { recursive: true, force: true }),
  };
}

const liveRunOf = (id: string): ScratchRun => ({
  [fields.active]: true,
  [fields.phase]: 'executing',
  [fields.iteration]: 1,
  [fields.startedAt]: '2026-01-02T03:04:05.000Z',
  [fields.ownerRcsSession]: id,
});
