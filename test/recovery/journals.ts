/** Hand-made journals, in the library's own types, and what is in our folder afterwards. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { dirname } from 'node:path';
import { type Journal, journalName, journalVersion, storeBytes } from '../../src/rules/journal.ts';
import type { Trail } from '../../src/rules/trail.ts';
import { liveRun } from '../support/runs.ts';
import type { Sandbox } from '../support/sandbox.ts';

/** When the unfinished transfer began. */
export const begunAt = '2026-02-03T04:05:06.000Z';

const text = (fields: Readonly<Record<string, unknown>>): string =>
  JSON.stringify(liveRun({ note: 'as planned', ...fields }), null, 2);

/** The run as every unfinished transfer of these tests planned it: in the prior session before and after, and in the target. */
export const planned = {
  before: text({}),
  source: text({
    active: false,
    current_phase: 'cancelled',
    completed_at: begunAt,
    stop_reason: 'ownership_transferred',
  }),
  target: text({ owner_rcs_session_id: 'now' }),
} as const;

/** The SHA-256 of a text. */
export const sha256Of = (content: string): string => createHash('sha256').update(content).digest('hex');

/** A journal of a transfer from `old` to `now`; fields may be changed. */
export function makeJournal(fields: Partial<Journal> = {}): Journal {
  return {
    version: journalVersion,
    transferId: 'transfer-1',
    source: 'old',
    target: 'now',
    at: begunAt,
    startedAt: '2026-01-02T03:04:05.000Z',
    sourceBefore: sha256Of(planned.before),
    targetBefore: null,
    targetAfter: storeBytes(Buffer.from(planned.target)),
    companions: [],
    ...fields,
  };
}

/** Leaves a transfer unfinished; returns its journal. */
export function putJournal(sandbox: Sandbox, fields: Partial<Journal> = {}): Journal {
  const journal = makeJournal(fields);
  sandbox.putOwnFolder();
  putOwn(journalFile(sandbox, journal), JSON.stringify(journal));
  return journal;
}

/** Writes a file of ours, with its folder. */
export function putOwn(path: string, content: string): void {
  fs.mkdirSync(dirname(path), { recursive: true });
  fs.writeFileSync(path, content);
}

/** Where the journal of an unfinished transfer stands. */
export const journalFile = (sandbox: Sandbox, { source, target } = { source: 'old', target: 'now' }): string =>
  sandbox.path('.forge-resume', 'journal', journalName(source, target));

/** The trail of a session; undefined where there is none. */
export function trailOf(sandbox: Sandbox, id: string): Trail | undefined {
  const path = sandbox.path('.forge-resume', 'trails', `${id}.json`);
  return fs.existsSync(path) ? (JSON.parse(fs.readFileSync(path, 'utf8')) as Trail) : undefined;
}

/** Everything in quarantine: names without the time, and the texts. */
export function quarantined(sandbox: Sandbox): ReadonlyMap<string, string> {
  const root = sandbox.path('.forge-resume', 'quarantine');
  const names = fs.existsSync(root) ? fs.readdirSync(root).sort() : [];
  return new Map(
    names.map((name) => [
      name.replace(/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}Z-/, ''),
      fs.readFileSync(`${root}/${name}`, 'utf8'),
    ]),
  );
}
