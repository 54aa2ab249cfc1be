/** Many calls on projects in which somebody exchanges our files and folders meanwhile. */
import fs from 'node:fs';
import { join } from 'node:path';
import { Attacker, type Kind, kinds } from './attacker.ts';
import { type CanaryTree, makeCanaryTree, secret } from './canary-tree.ts';
import { aimOf, HostileProject } from './hostile-project.ts';

/** What came of one call: a reason, an error's code, or what went wrong. */
export interface Outcome {
  readonly word: string;
  /** Everything that the call said, in which nothing from outside may stand. */
  readonly said: string;
  readonly millis: number;
}

/** Makes the calls. */
export interface Side {
  /** Hands the conversation over to a session of a project. */
  readonly call: (project: HostileProject, current: string) => Promise<Outcome>;
  readonly end: () => Promise<void>;
}

/** A campaign. */
export interface Campaign {
  readonly side: Side;
  /** The compiled attacker. */
  readonly exchange: string;
  readonly calls: number;
  /** Whose the projects and the attacker are. */
  readonly attackerUid: number;
  /** Whose what lies outside is. */
  readonly canaryUid: number;
  /** Where projects and canary are made; every user must be able to go there. */
  readonly scratch: string;
  /** Entries that are attacked beside those of the state directory. */
  readonly alsoAttacked?: readonly string[];
  /** The only entries that are attacked, below the state directory, for links. */
  readonly only?: readonly string[];
  /** Number of the first call, so that short campaigns need not all do the same. */
  readonly first?: number;
}

/** What a campaign saw. */
export interface CampaignReport {
  readonly calls: number;
  readonly exchanges: number;
  readonly confined: boolean;
  readonly slowest: number;
  readonly outcomes: Readonly<Record<string, number>>;
  /** One sentence for each broken promise. */
  readonly faults: readonly string[];
}

/** Longest that a call may take: the lock's limit and a second. */
const longestMs = 6_000;
const typed = /^[a-z_]+$|^(LOCK_LOST|SOURCE_BUSY|STATE_UNSAFE|JOURNAL_VERSION|RECOVERY_BLOCKED|REENTRANT|IO)$/;

/**
 * Runs a campaign: projects of four calls each, another entry exchanged in each call.
 *
 * @param campaign - who calls, who attacks, how often
 */
export async function runCampaign(campaign: Campaign): Promise<CampaignReport> {
  const { first = 0, calls, scratch } = campaign;
  const tree = makeCanaryTree(join(scratch, 'outside'), campaign.canaryUid);
  const sum = {
    exchanges: 0,
    confined: true,
    slowest: 0,
    outcomes: {} as Record<string, number>,
    faults: [] as string[],
  };
  const made = (): number => Object.values(sum.outcomes).reduce((all, count) => all + count, 0);
  for (let done = 0; made() < calls && sum.faults.length < 10; done += 4) {
    const project = new HostileProject(join(scratch, `project-${done}`), campaign.attackerUid);
    const attacker = new Attacker(campaign.exchange, project.root, campaign.attackerUid);
    try {
      let waited = false;
      // Once the attacker's own folder stands where the lock's would, every call waits for it.
      for (let call = 0; call < 4 && !waited; call += 1) {
        waited = (await oneCall(campaign, tree, project, attacker, first + done + call, sum)) > 1_000;
      }
      sum.faults.push(...project.leaks().map((path) => `read into the project: ${path}`));
    } finally {
      sum.exchanges += attacker.exchanges;
      sum.confined &&= attacker.confined;
      await attacker.end();
      project.remove();
    }
  }
  await campaign.side.end();
  return { calls: made(), ...sum };
}

type Sum = { slowest: number; readonly outcomes: Record<string, number>; readonly faults: string[] };

async function oneCall(
  campaign: Campaign,
  tree: CanaryTree,
  project: HostileProject,
  attacker: Attacker,
  number: number,
  sum: Sum,
): Promise<number> {
  const step = number % 4;
  // The fourth call is the third once more: mostly one with nothing to write.
  const [from, to] = [`s${Math.min(step, 2)}`, `s${Math.min(step + 1, 3)}`];
  if (number % 7 === 3) project.leaveStaleLock();
  if (step > 0 && number % 5 === 2) project.bringBack(`s${step - 1}`);
  const entries = [...project.entries(from, to), ...(campaign.alsoAttacked ?? [])];
  const { entry, kind } = campaign.only === undefined ? choose(entries, number) : focus(campaign.only, number);
  await attacker.attack(kind, entry, aimOf(tree.decoy, entry, kind));
  const { word, said, millis } = await campaign.side.call(project, to);
  await attacker.rest();
  const where = `call ${number}, ${entry} exchanged for ${kind}`;
  sum.outcomes[word] = (sum.outcomes[word] ?? 0) + 1;
  sum.slowest = Math.max(sum.slowest, millis);
  sum.faults.push(...tree.changes().map((change) => `${where}: outside: ${change}`));
  if (!typed.test(word)) sum.faults.push(`${where}: ${word}: ${said}`);
  if (said.includes(secret)) sum.faults.push(`${where}: said what stands outside`);
  if (millis > longestMs) sum.faults.push(`${where}: took ${Math.round(millis)} ms`);
  return millis;
}

/** Another entry and another kind for each number, in no order that the steps of a project share. */
function choose(entries: readonly string[], number: number): { readonly entry: string; readonly kind: Kind } {
  const mixed = Math.imul(number + 1, 0x9e3779b1) >>> 0;
  const chosen = Math.floor((mixed / 2 ** 32) * entries.length * kinds.length);
  return { entry: entries[chosen % entries.length] ?? '', kind: kinds[Math.floor(chosen / entries.length)] ?? 'link' };
}

function focus(only: readonly string[], number: number): { readonly entry: string; readonly kind: Kind } {
  return { entry: join('.rcs', 'state', only[number % only.length] ?? ''), kind: 'link' };
}

/** A folder for a campaign, in memory where the host has one, that every user may enter. */
export function campaignFolder(): string {
  const base = fs.existsSync('/dev/shm') ? '/dev/shm' : fs.realpathSync('/tmp');
  const folder = fs.mkdtempSync(join(base, 'forge-adversary-'));
  fs.chmodSync(folder, 0o755);
  return folder;
}

/** A report in one line. */
export function campaignLine(name: string, report: CampaignReport): string {
  const outcomes = Object.entries(report.outcomes).map(([word, count]) => `${word} ${count}`);
  const { calls, exchanges, slowest, confined, faults } = report;
  return `${name}: ${calls} calls, ${exchanges} exchanges${confined ? '' : ' (attacker not confined)'}, slowest ${Math.round(slowest)} ms, ${faults.length} faults; ${outcomes.join(', ')}`;
}
