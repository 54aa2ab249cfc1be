/** What calls cost a server whose tables have grown: how it finds the rows, and how many blocks it touches for that. */
import type { Pool } from 'pg';
import type {
  PostgresClient,
  PostgresPool,
  PostgresQuery,
  PostgresResult,
} from '../../src/store/postgres/database/driver.ts';
import { openPostgresStore } from '../../src/store/postgres/index.ts';
import { liveRun, postgresHosts } from './postgres-hosts.ts';

const schema = 'forge_session_resume';
const project = 'grown';
/** The tables that grow. */
const growing: readonly string[] = ['run', 'session', 'transfer', 'history', 'companion'];

/** One statement, as the server carried it out. */
interface Explained {
  readonly text: string;
  /** How rows of growing tables were found, such as `Seq Scan on run`. */
  readonly scans: readonly string[];
  /** Blocks of 8 KiB that were touched. */
  readonly blocks: number;
}

/** What calls cost at one size. */
export interface Cost {
  readonly runs: number;
  /** Distinct statements. */
  readonly statements: number;
  /** Those that read a growing table from end to end. */
  readonly whole: readonly string[];
  /** Blocks that a call touches, by what it does. */
  readonly blocks: Readonly<Record<'look' | 'handOver', number>>;
  /** Milliseconds that it takes in this process, the median. */
  readonly ms: Readonly<Record<'look' | 'handOver', number>>;
}

/** Brings the tables to a number of runs of one project; one of 100 is live, each tenth came by a hand-over. */
export async function growTo(pool: Pool, runs: number): Promise<void> {
  await pool.query(`INSERT INTO ${schema}.project (name) VALUES ($1) ON CONFLICT DO NOTHING`, [project]);
  const { rows } = await pool.query(
    `SELECT id, (SELECT count(*)::int FROM ${schema}.run) AS there FROM ${schema}.project WHERE name = $1`,
    [project],
  );
  const [{ id, there }] = rows;
  const numbers = `generate_series(${there + 1}, ${runs}) AS n`;
  await pool.query(`INSERT INTO ${schema}.session (project, id) SELECT ${id}, 'g' || n FROM ${numbers}`);
  await pool.query(
    `INSERT INTO ${schema}.transfer (id, project, source, target, started_at, epoch, settled_at)
     SELECT 't' || n, ${id}, 'g' || n, 'g' || (n - 1), n::text, 2, now() FROM ${numbers} WHERE n % 10 = 0 AND n > ${there + 1}`,
  );
  await pool.query(
    `INSERT INTO ${schema}.run (project, session, text, state, active, phase, iteration, started_at, owner_codex_session,
       owner_codex_thread, owner_key, epoch, ended_by)
     SELECT ${id}, 'g' || n, made.text, made.text::jsonb, n % 100 = 1, 'building', n % 50, n::text, 'c' || n, '',
       encode(sha256(convert_to('session:c' || n, 'UTF8')), 'hex'), 2,
       CASE WHEN n % 10 = 0 AND n > ${there + 1} THEN 't' || n END
     FROM ${numbers}, LATERAL (SELECT json_build_object('active', n % 100 = 1, 'current_phase', 'building', 'iteration',
       n % 50, 'started_at', n::text, 'owner_codex_session_id', 'c' || n)::text AS text) AS made`,
  );
  await pool.query(
    `INSERT INTO ${schema}.history (project, line, entry) SELECT ${id}, line, json_build_object('transferId', 't' || line)
     FROM generate_series(1, 10000) AS line ON CONFLICT DO NOTHING`,
  );
  await pool.query(
    `INSERT INTO ${schema}.companion (project, session, name, bytes) SELECT ${id}, 'g' || n, 'run-state.json', '{}'
     FROM ${numbers} WHERE n % 5 = 1`,
  );
  await pool.query(`VACUUM ANALYZE ${growing.map((table) => `${schema}.${table}`).join(', ')}`);
}

/**
 * Makes every kind of call in the grown project, and looks at how the server finds what they ask for.
 *
 * @param runs - how many there are; names what the calls make
 */
export async function costOfCalls(pool: Pool, runs: number): Promise<Cost> {
  const taken: Explained[] = [];
  const explained = await callsAt(explaining(pool, taken) as unknown as Pool, `e${runs}`, 1, () => taken.length);
  const between = (from: number, to: number): number =>
    taken.slice(from, to).reduce((sum, { blocks }) => sum + blocks, 0);
  const [start = 0, handedOver = 0, looked = 0] = explained.marks;
  const timed = await callsAt(pool, `t${runs}`, 15, () => 0);
  const distinct = new Map(taken.map((statement) => [statement.text, statement]));
  return {
    runs,
    statements: distinct.size,
    whole: [...distinct.values()]
      .filter(({ scans }) => scans.some((scan) => scan.startsWith('Seq Scan')))
      .map(({ text, scans }) => `${scans.join(', ')}: ${text}`),
    blocks: { handOver: between(start, handedOver), look: between(handedOver, looked) },
    ms: timed.ms,
  };
}

async function callsAt(
  pool: Pool,
  tag: string,
  times: number,
  mark: () => number,
): Promise<{ readonly marks: readonly number[]; readonly ms: Cost['ms'] }> {
  const hosts = postgresHosts(pool, project);
  const took = { handOver: [] as number[], look: [] as number[] };
  const marks: number[] = [];
  try {
    const [desk, laptop] = [await hosts.host('desk'), await hosts.host('laptop')];
    const id = (name: string) => `${tag}-${name}`;
    const as = { payloadSessionId: id('c') };
    const timedCall = async (host: typeof desk, session: string, what: 'handOver' | 'look', reason: string) => {
      host.launch(session);
      const since = performance.now();
      const result = await host.call(session, as);
      took[what].push(performance.now() - since);
      if (result.reason !== reason) throw new Error(`${what} ended with ${result.reason}`);
    };
    desk.write(id('d0'), liveRun({ owner_codex_session_id: id('c'), started_at: tag }));
    await desk.call(id('d0'), as);
    marks.push(mark());
    for (let time = 1; time <= times; time += 1) {
      await timedCall(time % 2 === 0 ? desk : laptop, id(`d${time}`), 'handOver', 'resumed_same_codex_session');
      if (time === 1) marks.push(mark());
      await timedCall(time % 2 === 0 ? desk : laptop, id(`d${time}`), 'look', 'current_forge_active');
      if (time === 1) marks.push(mark());
    }
    const last = id(`d${times}`);
    const commanded = { payloadSessionId: '' };
    desk.launch(id('adopter'));
    await desk.call('', {
      ...commanded,
      command: { kind: 'adopt', source: last, into: id('adopter'), fromLive: true },
    });
    await desk.call('', { ...commanded, command: { kind: 'undo', session: id('adopter'), fromLive: true } });
    desk.launch(id('policed'));
    const policies = { requireDeadOwner: true, staleAfter: 1 };
    await desk.call(id('policed'), { ...as, policies });
    await desk.call('', { ...commanded, command: { kind: 'end', session: last, fromLive: true } });
    const store = await openPostgresStore({ pool, project });
    await store.addSession(id('made'));
    await store.putRun({ session: id('made'), text: '{"active":true}' });
    const read = await store.getRun(id('made'));
    await store.putRun({ session: id('made'), text: '{"active":false}', epoch: read?.epoch });
    return { marks, ms: { handOver: median(took.handOver), look: median(took.look) } };
  } finally {
    hosts.remove();
  }
}

const median = (times: readonly number[]): number => [...times].sort((a, b) => a - b)[times.length >> 1] ?? 0;

/** A pool whose connections have each statement explained, by carrying it out and taking that back, before it runs. */
function explaining(pool: Pool, taken: Explained[]): PostgresPool {
  return {
    end: async () => undefined,
    connect: async () => {
      const client = (await pool.connect()) as unknown as PostgresClient;
      const tell = async (text: string, values?: unknown[]) => (await client.query({ text, values })) as PostgresResult;
      let isOpen = false;
      return {
        query: async (query: PostgresQuery) => {
          if (new RegExp(`^\\s*(SELECT|INSERT|UPDATE|DELETE)\\b[^]*${schema}`).test(query.text)) {
            await tell(isOpen ? 'SAVEPOINT explained' : 'BEGIN');
            const { rows } = await tell(`EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${query.text}`, query.values);
            await tell(isOpen ? 'ROLLBACK TO explained' : 'ROLLBACK');
            taken.push({ text: query.text, ...readPlan(rows[0]['QUERY PLAN'][0].Plan) });
          }
          const result = await client.query(query);
          if (/\bBEGIN\b/.test(query.text)) isOpen = true;
          else if (/^(COMMIT|ROLLBACK)$/.test(query.text)) isOpen = false;
          return result;
        },
        release: (destroy) => client.release(destroy),
        on: (event, listener) => client.on(event, listener),
        off: (event, listener) => client.off(event, listener),
      };
    },
  };
}

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
  readonly Plans?: readonly Plan[];
}

function readPlan(plan: Plan): Pick<Explained, 'scans' | 'blocks'> {
  const scansOf = (node: Plan): string[] => {
    const relation = node['Relation Name'] ?? '';
    const own =
      growing.includes(relation) && node['Node Type'].includes('Scan') ? [`${node['Node Type']} on ${relation}`] : [];
    return [...own, ...(node.Plans ?? []).flatMap(scansOf)];
  };
  return { scans: scansOf(plan), blocks: plan['Shared Hit Blocks'] + plan['Shared Read Blocks'] };
}
