/** Two hosts, one of which is cut off from the database in the middle of a hook's call. */
import fs from 'node:fs';
import type { Cut, Network, NetworkHost } from '../network.ts';
import { type Ended, logOf } from '../program.ts';
import { liveRun } from '../runs.ts';
import type { Gates, Moment } from './gates.ts';
import { StoreHost } from './host.ts';
import { type Ask, ProjectWatch } from './project-watch.ts';

/** One way of being cut off. */
export interface Partition {
  /** The call that is cut off: it hands the run over to its host, or brings a turn of its host into the database. */
  readonly call: 'hand-over' | 'push';
  /** When: before the call, or at a gate. */
  readonly moment: 'start' | Moment;
  readonly cut: Cut;
  /** When packets pass again: once the hook has given up, or once the other host has gone on with the run. */
  readonly heals: 'early' | 'late';
}

/** Where partitions are played. */
export interface PartitionWorld {
  readonly network: Network;
  readonly gates: Gates;
  /** A host that is never cut off. */
  readonly other: NetworkHost;
  /** The database's address for hosts. */
  readonly url: string;
  readonly ask: Ask;
}

/** What came of one; `faults` must be empty. */
export interface PartitionEnd {
  /** What the agent was told: nothing but what its log says, or an error's code. */
  readonly told: string;
  /** From the cut to the end of the hook's process, milliseconds. */
  readonly hookMs: number;
  /** For how long behind the cut the server kept the lock for the host, milliseconds. */
  readonly heldMs: number;
  /** Whether what the call did stood in the end, by the database. */
  readonly stood: boolean;
  readonly faults: readonly string[];
}

/** What a hook may take beside the 2 s of the database, on a machine that is busy; more where it starts only now. */
const slackMs = { start: 2_500, gate: 1_500 };
const lockLimitMs = 10_000;
let projects = 0;

/** Plays one partition, in a project and on a network host of its own. */
export async function playPartition(world: PartitionWorld, partition: Partition): Promise<PartitionEnd> {
  const { ask, gates, network, other, url } = world;
  const { call, moment, cut, heals } = partition;
  const project = `partition-${++projects}`;
  const wire = await network.addHost();
  const desk = new StoreHost(url, project, other.inside);
  const laptop = new StoreHost(url, project, wire.inside);
  const faults: string[] = [];
  const must = (holds: boolean, text: string): void => {
    if (!holds) faults.push(`${call} cut at ${moment} (${cut}, ${heals}): ${text}`);
  };
  const isHandOver = call === 'hand-over';
  const [first, session] = isHandOver ? [desk, 'launch-2'] : [laptop, 'launch-1'];
  first.write('launch-1', liveRun({ iteration: 4, owner_rcs_session_id: 'launch-1' }));
  must(isQuiet(await reach(first, 'launch-1')), 'the run did not get into the database');
  if (isHandOver) laptop.box.putSessions(session);
  else laptop.write(session, { iteration: 5 });

  const watch = new ProjectWatch(ask, project, wire.address);
  const gate = moment === 'start' ? undefined : await gates.close(moment);
  if (gate === undefined) wire.cut(cut);
  let cutAt = performance.now();
  const start = (): Promise<Ended> =>
    laptop.hook(session, isHandOver ? 'SessionStart' : 'Stop', 's1', gate && `${url}?${gate.parameter}`);
  let hook = start();
  if (gate !== undefined) {
    let isReached = await gate.reached(hook);
    // As below: a machine that is busy.
    if (!isReached) hook = start();
    isReached ||= await gate.reached(hook);
    must(isReached, 'the call did not come to its gate');
    wire.cut(cut);
    cutAt = performance.now();
    await gate.open();
  }
  const ended = await hook;
  const hookMs = performance.now() - cutAt;
  must(hookMs < 2_000 + slackMs[gate === undefined ? 'start' : 'gate'], `the hook took ${Math.round(hookMs)} ms`);
  must(isShort(ended), `its agent got ${JSON.stringify(ended)}`);
  const [logged] = logOf(laptop.box.project).slice(-1) as { error?: { code: string }; reason?: string }[];
  const told = String(isQuiet(ended) ? logged?.reason : logged?.error?.code);
  must(told === 'IO' || !ended.stderr.includes('Nothing was changed'), `its agent was told: ${ended.stderr}`);
  if (heals === 'early') wire.heal();
  // Its agent goes on without a database.
  if (!isHandOver) laptop.write(session, { iteration: 6 });
  if (!isHandOver && heals === 'late') {
    const alone = await laptop.hook(session);
    must(isShort(alone) && !isQuiet(alone), `an agent that is cut off got ${JSON.stringify(alone)}`);
    must(laptop.box.run(session)['iteration'] === 6, 'the turn of a host that is cut off is gone');
  }

  desk.box.putSessions('launch-3');
  const isOn = (): boolean => desk.box.raw('launch-3') !== undefined;
  for (let attempt = 0; attempt < 4 && !isOn(); attempt += 1) await desk.hook('launch-3', 'SessionStart');
  must(isOn(), 'the other host could not go on');
  if (isOn()) desk.write('launch-3', { iteration: 15 });
  must(isQuiet(await reach(desk, 'launch-3')), 'a turn of the other host did not get into the database');
  const heldMs = Math.max(0, watch.heldAt - cutAt);
  must(heldMs < lockLimitMs + 1_000, `the lock was held for ${Math.round(heldMs)} ms`);

  const stood = isHandOver ? (await watch.turnOf(session)) !== undefined : (await watch.turnOf(session)) === 5;
  if (heals === 'late') wire.heal();
  for (const time of ['first', 'second']) {
    const { stderr, ...rest } = await reach(laptop, session);
    must(isQuiet({ stderr, ...rest }), `the ${time} call behind the partition said: ${stderr}`);
  }
  must(isQuiet(await reach(desk, 'launch-3')), 'the other host was not left in peace');
  await watch.end();
  must(watch.mostLive === 1, `${watch.mostLive} live owners at once`);
  // Where its hand-over did not come to be, its agent has asked for the run again.
  const expected = isHandOver && !stood ? 'launch-2' : 'launch-3';
  const live = await watch.live();
  must(live.join() === expected, `the run is live in ${live}`);
  must((await watch.turnOf(expected)) === 15, 'the turn of the other host is gone');
  must(copiesEnded(desk, expected) && copiesEnded(laptop, expected), 'a copy in files is not ended');
  must(isHandOver || keeps(laptop, 6), 'the turn of the host that was cut off is gone');
  must((await watch.unsettled()) === 0, 'a transfer is not settled');
  return { told, hookMs, heldMs, stood, faults };
}

/** Calls until the database is reached: on a machine that is busy, 2 s may pass before that. */
async function reach(host: StoreHost, session: string): Promise<Ended> {
  let ended = await host.hook(session);
  for (let again = 0; again < 3 && / IO: the database (did not|cannot)/.test(ended.stderr); again += 1)
    ended = await host.hook(session);
  return ended;
}

/** Nothing is said to an agent. */
const isQuiet = (ended: Ended): boolean => isShort(ended) && ended.stderr === '';

/** As an agent may be told: one line at most, and success. */
const isShort = ({ code, stdout, stderr }: Ended): boolean =>
  code === 0 && stdout === '' && /^([^\n]+\n)?$/.test(stderr);

/** Whether of a host's files one at most is live, and all others were handed over. */
function copiesEnded({ box }: StoreHost, live: string): boolean {
  const sessions = fs.readdirSync(box.path('sessions')).filter((id) => box.raw(id) !== undefined);
  return sessions.every((id) =>
    id === live ? box.run(id)['active'] === true : box.run(id)['stop_reason'] === 'ownership_transferred',
  );
}

/** Whether a host has a turn in quarantine. */
function keeps({ box }: StoreHost, iteration: number): boolean {
  const folder = box.path('.forge-resume', 'quarantine');
  const names = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
  return names.some((name) => fs.readFileSync(`${folder}/${name}`, 'utf8').includes(`"iteration": ${iteration}`));
}
