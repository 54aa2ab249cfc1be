/** Many processes on several hosts, all of which want one run, round after round. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { liveRun, postgresHosts, type TestHost } from './postgres-hosts.ts';

/** How large the crowd is. */
export interface Crowd {
  readonly pool: Pool;
  readonly connectionString: string;
  /** The bundled library's entry. */
  readonly library: string;
  readonly hosts: number;
  readonly processes: number;
  readonly rounds: number;
}

/** What came of it; `faults` must be empty. */
export interface CrowdReport {
  /** Calls by how they ended. */
  readonly ends: Readonly<Record<string, number>>;
  /** Turns that were confirmed. */
  readonly turns: number;
  readonly faults: readonly string[];
}

interface Answer {
  readonly reason: string;
}

interface Member {
  readonly host: TestHost;
  readonly child: ChildProcess;
}

const program = join(import.meta.dirname, 'child/postgres-host-call.mjs');

/**
 * In each round every process has a session of its own and calls at once. Who gets the run counts a turn of it in place and
 * calls again; that turn is confirmed where the session still has the run then. Behind each round every host calls once more,
 * and there must be one live run, in the database and in files, with no confirmed turn lost and none mixed.
 */
export async function meetInRounds(crowd: Crowd): Promise<CrowdReport> {
  const project = `crowd-${crowd.hosts}-${crowd.processes}`;
  const hosts = postgresHosts(crowd.pool, project);
  const members: Member[] = [];
  const ends: Record<string, number> = {};
  const faults: string[] = [];
  let confirmed = 0;
  let turns = 0;
  const count = ({ reason }: Answer): string => {
    ends[reason] = (ends[reason] ?? 0) + 1;
    return reason;
  };
  try {
    const clones = await Promise.all(Array.from({ length: crowd.hosts }, (_, index) => hosts.host(`host-${index}`)));
    const [first] = clones as [TestHost, ...TestHost[]];
    first.write('start', liveRun({ iteration: 0, turn: 'turn 0' }));
    await first.call('start');
    for (let index = 0; index < crowd.processes; index += 1) {
      const host = clones[index % clones.length] as TestHost;
      const child = fork(program, [crowd.library, crowd.connectionString, project, host.stateDir]);
      members.push({ host, child });
      await once(child, 'message');
    }
    const takePart = async ({ host, child }: Member, session: string): Promise<void> => {
      const call = async (): Promise<string> => {
        const answered = once(child, 'message');
        child.send({ session, conversation: 'c1' });
        return count((await answered)[0]);
      };
      if ((await call()) !== 'resumed_same_codex_session') return;
      const run = host.read(session);
      if (run?.['active'] !== true) return;
      const iteration = Number(run['iteration']) + 1;
      host.write(session, { ...run, iteration, turn: `turn ${iteration}` });
      if ((await call()) !== 'current_forge_active') return;
      turns += 1;
      confirmed = Math.max(confirmed, iteration);
    };
    for (let round = 1; round <= crowd.rounds; round += 1) {
      const launched = members.map((member, index) => ({ member, session: `r${round}-p${index}` }));
      for (const { member, session } of launched) member.host.launch(session);
      await Promise.all(launched.map(({ member, session }) => takePart(member, session)));
      for (const host of clones) {
        host.launch('idle');
        await host.call('idle', { payloadSessionId: 'nobody' });
      }
      faults.push(...(await judge(crowd.pool, project, clones, confirmed)).map((text) => `round ${round}: ${text}`));
    }
    return { ends, turns, faults };
  } finally {
    await Promise.all(
      members.map(async ({ child }) => {
        const exited = once(child, 'exit');
        child.send('end');
        await exited;
      }),
    );
    hosts.remove();
  }
}

async function judge(pool: Pool, project: string, clones: readonly TestHost[], confirmed: number): Promise<string[]> {
  const { rows } = await pool.query(
    `SELECT r.session, r.text, r.active FROM forge_session_resume.run AS r
     JOIN forge_session_resume.project AS p ON p.id = r.project WHERE p.name = $1`,
    [project],
  );
  const faults: string[] = [];
  const live = rows.filter(({ active }) => active);
  if (live.length !== 1)
    faults.push(`the run is live in ${live.map(({ session }) => session).join(' and ') || 'no session'}`);
  const inFiles = rows.flatMap(({ session }) =>
    clones.flatMap((host) => (host.read(session)?.['active'] === true ? [session] : [])),
  );
  if (inFiles.join() !== live.map(({ session }) => session).join()) faults.push(`files say ${inFiles.join(' and ')}`);
  for (const { session, text } of rows) {
    const { iteration, turn } = JSON.parse(text);
    if (turn !== `turn ${iteration}`) faults.push(`${session} holds ${turn} with iteration ${iteration}`);
  }
  const [only] = live;
  const left = only === undefined ? -1 : JSON.parse(only.text).iteration;
  if (left < confirmed) faults.push(`turn ${confirmed} was confirmed, ${left} is left`);
  return faults;
}
