/** Kills calls of a host at each of their calls that change its files, and looks at what the next call makes of that. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Pool } from 'pg';
import { expect } from 'vitest';
import { liveRun, postgresHosts, type TestHost } from './postgres-hosts.ts';

/** What the matrix needs. */
export interface KillMatrix {
  readonly pool: Pool;
  readonly connectionString: string;
  /** The bundled library's entry. */
  readonly library: string;
  /** 1: at each call; 5: at each fifth. */
  readonly every: number;
}

/** What came of it; `faults` must be empty. */
export interface KillReport {
  readonly kills: number;
  readonly points: Readonly<Record<string, number>>;
  readonly faults: readonly string[];
}

interface Scene {
  readonly desk: TestHost;
  readonly laptop: TestHost;
}

/** The call that is killed, on which host, and what leads to it. */
interface Scenario {
  readonly name: string;
  readonly host: keyof Scene;
  readonly session: string;
  readonly comeHome?: boolean;
  readonly arrange: (scene: Scene) => Promise<void>;
  /** Where the run must be live at the end, with which turn. */
  readonly expected: { readonly session: string; readonly iteration: number };
}

/** What a runtime does in its turn: its run, and the file beside it. */
function takeTurn(host: TestHost, session: string, run: Record<string, unknown>): void {
  host.write(session, run);
  writeFileSync(besideOf(host, session), `beside turn ${run['iteration']}`);
}
const besideOf = (host: TestHost, session: string): string => join(dirname(host.path(session)), 'run-state.json');

const turn = (iteration: number, changes: object = {}) => liveRun({ iteration, turn: `turn ${iteration}`, ...changes });

const scenarios: readonly Scenario[] = [
  {
    name: 'a run arrives',
    host: 'laptop',
    session: 'l1',
    expected: { session: 'l1', iteration: 2 },
    arrange: async ({ desk, laptop }) => {
      takeTurn(desk, 'd1', turn(2));
      await desk.call('d1');
      laptop.launch('l1');
    },
  },
  {
    name: 'a run moves within a host',
    host: 'desk',
    session: 'd2',
    expected: { session: 'd2', iteration: 3 },
    arrange: async ({ desk }) => {
      takeTurn(desk, 'd1', turn(2));
      await desk.call('d1');
      takeTurn(desk, 'd1', turn(3));
      desk.launch('d2');
    },
  },
  {
    name: 'a copy with a turn of its own is ended',
    host: 'desk',
    session: 'd1',
    expected: { session: 'l1', iteration: 2 },
    arrange: async ({ desk, laptop }) => {
      takeTurn(desk, 'd1', turn(2));
      await desk.call('d1');
      laptop.launch('l1');
      await laptop.call('l1');
      takeTurn(desk, 'd1', turn(3));
    },
  },
  {
    name: 'a run comes home',
    host: 'desk',
    session: 'd1',
    comeHome: true,
    expected: { session: 'd1', iteration: 4 },
    arrange: async ({ desk, laptop }) => {
      takeTurn(desk, 'd1', turn(2));
      await desk.call('d1');
      laptop.launch('l1');
      await laptop.call('l1');
      takeTurn(laptop, 'l1', turn(4, { owner_rcs_session_id: 'l1' }));
      await laptop.call('l1');
      await desk.call('d1');
    },
  },
];

const program = join(import.meta.dirname, 'child/postgres-host-call.mjs');
let projects = 0;

/** Runs the matrix over all scenarios. */
export async function killEverywhere(matrix: KillMatrix): Promise<KillReport> {
  const points: Record<string, number> = {};
  const faults: string[] = [];
  let kills = 0;
  for (const scenario of scenarios) {
    const reference = await play(matrix, scenario, undefined);
    points[scenario.name] = reference.calls.length;
    faults.push(...reference.faults.map((text) => `${scenario.name}, undisturbed: ${text}`));
    const halves = reference.calls.flatMap((name, index) =>
      name === 'writeSync' ? [{ at: index + 1, mode: 'half' }] : [],
    );
    const befores = reference.calls.map((_name, index) => ({ at: index + 1, mode: 'before' }));
    for (const [index, kill] of [...befores, ...halves].entries()) {
      if (index % matrix.every !== 0) continue;
      kills += 1;
      const played = await play(matrix, scenario, kill);
      const where = `${scenario.name}, killed ${kill.mode} ${kill.at} ${reference.calls[kill.at - 1]}`;
      faults.push(...played.faults.map((text) => `${where}: ${text}`));
    }
  }
  return { kills, points, faults };
}

async function play(
  { pool, connectionString, library }: KillMatrix,
  scenario: Scenario,
  kill: { readonly at: number; readonly mode: string } | undefined,
): Promise<{ readonly calls: readonly string[]; readonly faults: readonly string[] }> {
  projects += 1;
  const project = `kill-${projects}`;
  const hosts = postgresHosts(pool, project);
  try {
    const scene = { desk: await hosts.host('desk'), laptop: await hosts.host('laptop') };
    await scenario.arrange(scene);
    const host = scene[scenario.host];
    const child = fork(program, [library, connectionString, project, host.stateDir]);
    const exited = once(child, 'exit');
    await once(child, 'message');
    const answered = once(child, 'message');
    const { session, comeHome } = scenario;
    child.send({ session, comeHome, conversation: 'c1', kill: kill ?? { at: 0 } });
    const first = await Promise.race([answered, exited]);
    const calls: readonly string[] = first[0]?.calls ?? [];
    if (child.connected) child.send('end');
    await exited;
    const faults: string[] = [];
    if (kill !== undefined && child.signalCode !== 'SIGKILL') faults.push('the process was not killed');
    // A call with nothing to write does not wait for a lock that the server has not taken from the dead yet.
    await expect.poll(() => isHeld(pool), { timeout: 10_000 }).toBe(false);
    if (kill === undefined && calls.length === 0) faults.push(`no call was counted: ${JSON.stringify(first[0])}`);
    await host.call(session, comeHome === undefined ? {} : { comeHome });
    await host.call(session, comeHome === undefined ? {} : { comeHome });
    faults.push(...(await judge(pool, project, scene, scenario)));
    return { calls, faults };
  } finally {
    hosts.remove();
  }
}

async function isHeld(pool: Pool): Promise<boolean> {
  const { rowCount } = await pool.query("SELECT FROM pg_locks WHERE locktype = 'advisory'");
  return rowCount !== 0;
}

async function judge(pool: Pool, project: string, scene: Scene, { host, expected }: Scenario): Promise<string[]> {
  const { rows } = await pool.query(
    `SELECT r.session, r.text, r.active FROM forge_session_resume.run AS r
     JOIN forge_session_resume.project AS p ON p.id = r.project WHERE p.name = $1`,
    [project],
  );
  const faults: string[] = [];
  const live = rows.filter(({ active }) => active).map(({ session }) => session);
  if (live.join() !== expected.session) faults.push(`the run is live in ${live.join(' and ') || 'no session'}`);
  for (const { session, text } of rows) {
    const { iteration, turn: name } = JSON.parse(text);
    if (name !== `turn ${iteration}`) faults.push(`${session} holds ${name} with iteration ${iteration}`);
    if (session === expected.session && iteration !== expected.iteration) faults.push(`${session} is at ${iteration}`);
    const here = scene[host];
    if (here.read(session) === undefined) continue;
    if (readFileSync(here.path(session), 'utf8') !== text) faults.push(`the file of ${session} is not its row`);
    if (session !== expected.session) continue;
    const beside = existsSync(besideOf(here, session)) ? readFileSync(besideOf(here, session), 'utf8') : 'nothing';
    if (beside !== `beside turn ${iteration}`) faults.push(`beside turn ${iteration} of ${session} stands ${beside}`);
  }
  const names = readdirSync(scene[host].stateDir, { recursive: true }).map(String);
  faults.push(
    ...names
      .filter((name) => /\.forge-resume$|\.lock\./.test(name) && name !== '.forge-resume')
      .map((name) => `${name} is left`),
  );
  const open = await pool.query(
    `SELECT FROM forge_session_resume.transfer AS t JOIN forge_session_resume.project AS p ON p.id = t.project
     WHERE p.name = $1 AND settled_at IS NULL`,
    [project],
  );
  if (open.rowCount !== 0) faults.push('a transfer is not settled');
  if (host === 'desk' && expected.session === 'l1') {
    const folder = join(scene.desk.stateDir, '.forge-resume/quarantine');
    const kept = readdirSync(folder)
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .filter((text) => text.startsWith('{'))
      .map((text) => JSON.parse(text).iteration);
    if (kept.join() !== '3') faults.push(`turn 3 was kept ${kept.length} times`);
  }
  return faults;
}
