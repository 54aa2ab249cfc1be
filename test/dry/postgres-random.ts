/** The proof of `why` on PostgreSQL: a call of which nothing stays comes to what the real one comes to. */
import fs from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import type { Pool } from 'pg';
import type { Command } from '../../machines/contract.ts';
import { codeOf } from '../../machines/guards.ts';
import { dryOnPostgres } from '../../src/call/postgres/dry-on-postgres.ts';
import { runOnPostgres } from '../../src/call/postgres/run-on-postgres.ts';
import type { StorePlace } from '../../src/call/postgres/with-store.ts';
import type { ReconcileResult } from '../../src/call/result.ts';
import * as directories from '../look/random-directory.ts';
import { makeRandom, type Random } from '../support/race/random.ts';
import { liveRun } from '../support/runs.ts';
import { type DryReport, newReport, snapshot } from './same-answer.ts';

const { pick, sessionIds } = directories;
const schema = 'forge_session_resume';
const ids = [...sessionIds, 'e', 'f'];

/** A project of a database, and the clones of it. */
interface Scene {
  readonly place: StorePlace;
  readonly pool: Pool;
  readonly hosts: readonly string[];
}

/**
 * Makes random states of rows and of the files of two hosts, and compares in each what a call would come to with what it
 * comes to.
 *
 * @param place - the database; the project's name is the beginning of theirs
 * @param pool - of the same
 * @param count - how many
 * @param seed - of the choices
 */
export async function comparePostgresDry(
  { url, project }: StorePlace,
  pool: Pool,
  count: number,
  seed: number,
): Promise<DryReport> {
  const report = newReport();
  for (let index = 0; index < count; index += 1) {
    const folder = fs.mkdtempSync(join(os.tmpdir(), 'forge-dry-'));
    const hosts = ['desk', 'laptop'].map((name) => join(folder, name, '.rcs', 'state'));
    const scene = { place: { url, project: `${project}-${seed + index}` }, pool, hosts };
    try {
      await compareOne(scene, folder, seed + index, report);
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  }
  console.log(`dry calls (FORGE_RESUME_SEED=${seed}): ${count} states ${JSON.stringify(report)}`);
  return report;
}

async function compareOne(scene: Scene, folder: string, seed: number, report: DryReport): Promise<void> {
  const random = makeRandom(seed);
  for (const stateDir of scene.hosts) {
    fs.mkdirSync(stateDir, { recursive: true });
    if (random.chance(0.5)) directories.fillDirectory(random, stateDir);
  }
  for (let steps = random.between(0, 12); steps > 0; steps -= 1) await happen(random, scene);
  const stateDir = pick(random, scene.hosts);
  const launched = pick(random, ids);
  if (random.chance(0.5)) fs.mkdirSync(join(stateDir, 'sessions', launched), { recursive: true });
  if (random.chance(0.2)) directories.putOddThing(random, stateDir);
  const { payloadSessionId, payloadThreadId, ...told } = directories.randomCall(random, stateDir);
  // Mostly a session in which something happened.
  const env = random.chance(0.7) ? { ...told.env, RCS_SESSION_ID: launched } : told.env;
  const command = random.chance(0.4) ? randomCommand(random) : undefined;
  const call = {
    ...{ stateDir, payloadSessionId, payloadThreadId, env, comeHome: random.chance(0.5) },
    ...directories.randomPolicies(random),
  };
  const seen = async () => [...(await rowsOf(scene)), ...snapshot(folder)];
  const before = await seen();
  const dry = await dryOnPostgres(scene.place, { ...call, ...(command && { command }) });
  const after = await seen();
  if (after.join('\n') !== before.join('\n')) report.faults.push(`seed ${seed}: the dry call left something`);
  const planned = dry.result === undefined ? `error ${codeOf(dry.error)}` : textOf(dry.result);
  let word: string;
  let real: string;
  try {
    const result = await runOnPostgres(scene.place, call, command && { command });
    word = result.reason;
    real = textOf(result);
  } catch (error) {
    word = `error ${codeOf(error)}`;
    real = word;
  }
  report.answers[word] = (report.answers[word] ?? 0) + 1;
  if (planned !== real)
    report.faults.push(`seed ${seed} ${JSON.stringify(command ?? call)}: dry ${planned}, real ${real}`);
}

/** A result, but for what grows with time, is made anew, or is seen only once files are written. */
const textOf = ({ recovered: _copies, warnings: _beside, ...result }: ReconcileResult): string =>
  JSON.stringify(result, (key, value: unknown) => (['ageMs', 'transferId', 'kept'].includes(key) ? undefined : value));

const rowsOf = async ({ pool, place }: Scene): Promise<string[]> => {
  const tables = ['session', 'transfer', 'run', 'history', 'companion'];
  const lines: string[] = [];
  for (const table of tables) {
    const { rows } = await pool.query(
      `SELECT t.xmin::text || t::text AS line FROM ${schema}.${table} AS t JOIN ${schema}.project AS p ON p.id = t.project
       WHERE p.name = $1 ORDER BY 1`,
      [place.project],
    );
    lines.push(...rows.map(({ line }) => line));
  }
  return lines;
};

function randomCommand(random: Random): Command {
  const fromLive = random.chance(0.7);
  const session = pick(random, ids);
  return pick<() => Command>(random, [
    () => ({ kind: 'end', session, fromLive }),
    () => ({ kind: 'undo', session: pick(random, [session, undefined]), fromLive }),
    () => ({ kind: 'adopt', source: session, into: pick(random, [undefined, ...ids]), fromLive }),
  ])();
}

/** Something that happens on a host, or in the database. */
async function happen(random: Random, { place, pool, hosts }: Scene): Promise<void> {
  const stateDir = pick(random, hosts);
  const id = pick(random, ids);
  const file = join(stateDir, 'sessions', id, 'forge-state.json');
  const written = { session: id, project: place.project };
  const ofRow = `FROM ${schema}.project AS p WHERE p.id = r.project AND p.name = $1 AND r.session = $2`;
  const deeds: readonly [weight: number, deed: () => unknown][] = [
    [10, () => callFrom(random, place, stateDir, id)],
    [4, () => goOn(random, file)],
    [2, () => directories.putFile(random, file, JSON.stringify(liveRun({ owner_rcs_session_id: id }), null, 2))],
    [1, () => directories.putFile(random, file, directories.randomRun(random, id))],
    [1, () => fs.rmSync(file, { force: true })],
    [1, () => fs.rmSync(join(stateDir, 'sessions', id), { recursive: true, force: true })],
    [1, () => fs.rmSync(join(stateDir, '.forge-resume', 'projected', `${id}.json`), { force: true })],
    [1, () => restore(random, stateDir)],
    [
      1,
      () =>
        pool.query(`UPDATE ${schema}.run AS r SET written_at = now() - interval '2 hours', turn_at = NULL ${ofRow}`, [
          written.project,
          id,
        ]),
    ],
    [1, () => pool.query(`DELETE FROM ${schema}.run AS r USING ${ofRow.slice('FROM '.length)}`, [written.project, id])],
  ];
  let at = random.between(
    1,
    deeds.reduce((sum, [weight]) => sum + weight, 0),
  );
  for (const [weight, deed] of deeds) {
    at -= weight;
    if (at <= 0) return void (await deed());
  }
}

/** A turn, an end, or a late writer. */
function goOn(random: Random, file: string): void {
  try {
    const run = JSON.parse(fs.readFileSync(file, 'utf8'));
    const next = pick(random, [
      { iteration: (run.iteration ?? 0) + 1 },
      { iteration: (run.iteration ?? 0) + 1 },
      { iteration: (run.iteration ?? 0) - 1 },
      { active: false, current_phase: 'complete' },
      { active: true, current_phase: 'building' },
    ]);
    fs.writeFileSync(file, JSON.stringify({ ...run, ...next }, null, 2));
  } catch {
    // Not every file is a run.
  }
}

/** A state directory as it was, or remembers how it is. */
function restore(random: Random, stateDir: string): void {
  const backup = `${stateDir}.backup`;
  if (fs.existsSync(backup) && random.chance(0.5)) {
    fs.rmSync(stateDir, { recursive: true });
    fs.renameSync(backup, stateDir);
    return;
  }
  fs.rmSync(backup, { recursive: true, force: true });
  fs.cpSync(stateDir, backup, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
}

async function callFrom(random: Random, place: StorePlace, stateDir: string, current: string): Promise<void> {
  fs.mkdirSync(join(stateDir, 'sessions', current), { recursive: true });
  const command = random.chance(0.2) ? randomCommand(random) : undefined;
  const env = { RCS_SESSION_ID: current };
  const call = { stateDir, payloadSessionId: pick(random, ['s1', 's1', 's2']), env, comeHome: random.chance(0.3) };
  await runOnPostgres(place, call, command && { command }).catch((error: unknown) => {
    if (codeOf(error) === 'UNKNOWN') throw error;
  });
}
