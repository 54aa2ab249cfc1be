import { uptime } from 'node:os';
import { isForgeState } from '../../../rules/forge-state.ts';
import { lastChange, lastTurn, paneSetAt } from '../../../rules/last-change.ts';
import { judgeLiveness, type Liveness, type OwnerEvidence } from '../../../rules/liveness.ts';
import { type PaneRow, runsAgent } from '../../../rules/pane.ts';
import { protocol } from '../../../rules/protocol.ts';
import { asText, trimmedText } from '../../../rules/text.ts';
import type { CallOptions } from './call-facts.ts';
import type { JsonContent, JsonRead } from './json-file.ts';
import { processFacts, statOf } from './process-facts.ts';
import { processIdentity } from './process-identity.ts';

const names = protocol.sessionRecordFields;
/** Ticks of `/proc/<pid>/stat` in a second, on every Linux that Node runs on. */
const ticksPerSecond = 100;
/** How far two clocks may be apart that tell of one event, milliseconds. */
const slackMs = 5_000;

/** What is asked about every owner alike, looked up once. */
export interface OwnerSurroundings {
  /** `session.json` as read. */
  readonly record: JsonRead;
  /** Every pane that tmux has; undefined where it could not be asked. */
  readonly panes: readonly PaneRow[] | undefined;
  /** The pane from which the question comes; an agent that runs there is the asker's own. */
  readonly ownPane: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * What a call knows of its surroundings.
 *
 * @param options - the call
 * @param record - `session.json` as read
 */
export function surroundingsOf(
  { env, now, panes }: Pick<CallOptions, 'env' | 'now' | 'panes'>,
  record: JsonRead,
): OwnerSurroundings {
  return { record, panes, ownPane: trimmedText(env[protocol.env.pane]), now: now.getTime() };
}

/**
 * Whether a run's owner lives: by the process that the run, or `session.json` for its session, names; by its boot; by
 * its pane; by its last change. Reads `/proc`, and nothing else.
 *
 * @param id - the session that the run is in
 * @param run - the run as read
 * @param around - what is asked about every owner alike
 */
export function livenessOf(id: string, run: JsonContent, around: OwnerSurroundings): Liveness {
  return judgeLiveness(evidenceOf(id, run, around));
}

function evidenceOf(id: string, { file, value }: JsonContent, around: OwnerSurroundings): OwnerEvidence {
  if (!isForgeState(value)) return {};
  const { record, now } = around;
  const named = [value, record.kind === 'json' ? record.value : undefined].find(
    (facts, index) =>
      isForgeState(facts) && isPid(facts[names.pid]) && (index === 0 || asText(facts[names.sessionId]) === id),
  ) as Readonly<Record<string, unknown>> | undefined;
  const turn = lastTurn(value);
  return {
    ...(named === undefined ? {} : { process: processState(named), isThisBoot: isOfThisBoot(named) }),
    pane: paneState(value, around),
    turnAgeMs: turn === undefined ? undefined : now - turn,
    isBeforeBoot: Math.max(lastChange(value, 0).at, Number(file.stat.mtimeMs)) < bootedAt(now) - slackMs,
  };
}

const isPid = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value > 0;

function processState(named: Readonly<Record<string, unknown>>): OwnerEvidence['process'] {
  const pid = Number(named[names.pid]);
  const { alive, cmdline, linux } = processFacts(pid);
  // A process of somebody else's answers no signal, but stands in /proc.
  const stat = statOf(pid);
  if (!alive && stat === undefined) return 'gone';
  if (!linux || stat === undefined) return 'alive';
  if (/^[ZX]$/.test(stat.state)) return 'gone';
  const ticks = named[names.pidStartTicks];
  if (typeof ticks === 'number' && ticks !== stat.startTicks) return 'reused';
  const said = folded(asText(named[names.pidCmdline]));
  return said !== '' && cmdline !== undefined && said !== folded(cmdline) ? 'reused' : 'alive';
}

const folded = (text: string): string => text.replaceAll('\0', ' ').replace(/\s+/g, ' ').trim();

function isOfThisBoot(named: Readonly<Record<string, unknown>>): boolean | undefined {
  const said = trimmedText(named[names.bootId]);
  const { bootId } = processIdentity();
  return said === '' || bootId === '-' ? undefined : said === bootId;
}

function paneState(run: Readonly<Record<string, unknown>>, around: OwnerSurroundings): OwnerEvidence['pane'] {
  const { panes, ownPane, now } = around;
  const pane = trimmedText(run[protocol.fields.pane]);
  if (pane === '') return undefined;
  if (pane === ownPane) return 'own';
  if (panes === undefined) return undefined;
  const row = panes.find(({ id }) => id === pane);
  if (row === undefined) return 'gone';
  const [boundAt, openedAt] = [paneSetAt(run), startedAt(row.pid, now)];
  // A tmux server that was restarted numbers its panes anew.
  if (boundAt !== undefined && openedAt !== undefined && openedAt > boundAt + slackMs) return 'gone';
  return runsAgent(row) ? 'agent' : 'other';
}

const bootedAt = (now: number): number => now - uptime() * 1_000;

function startedAt(pid: number, now: number): number | undefined {
  const stat = isPid(pid) ? statOf(pid) : undefined;
  return stat && bootedAt(now) + (stat.startTicks / ticksPerSecond) * 1_000;
}
