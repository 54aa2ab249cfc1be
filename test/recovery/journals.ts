/** Hand-made journals and receipts, in the library's own types. */
import fs from 'node:fs';
import { type Journal, journalVersion, storeBytes } from '../../src/rules/journal.ts';
import { makeTransferId } from '../../src/rules/transfer-id.ts';
import { liveRun } from '../support/runs.ts';
import type { Sandbox } from '../support/sandbox.ts';

/** When the unfinished transfer began. */
export const begunAt = '2026-02-03T04:05:06.000Z';

/** The run as every unfinished transfer of these tests planned it: in the prior session before and after, and in the target. */
export const planned = {
  before: JSON.stringify(liveRun({ note: 'as planned' }), null, 2),
  source: JSON.stringify(
    liveRun({
      note: 'as planned',
      active: false,
      current_phase: 'cancelled',
      completed_at: begunAt,
      stop_reason: 'ownership_transferred',
    }),
    null,
    2,
  ),
  target: JSON.stringify(liveRun({ note: 'as planned', owner_rcs_session_id: 'now' }), null, 2),
} as const;

/** A journal of a transfer from `old` to `now`; fields may be changed. */
export function makeJournal(fields: Partial<Journal> = {}): Journal {
  const { priorId = 'old', currentId = 'now' } = fields;
  return {
    version: journalVersion,
    transferId: makeTransferId(priorId, currentId, Date.parse(begunAt), 0.5),
    currentId,
    priorId,
    createdAt: begunAt,
    target: { before: null, after: storeBytes(Buffer.from(planned.target)) },
    source: {
      before: storeBytes(Buffer.from(planned.before)),
      mode: 0o644,
      after: storeBytes(Buffer.from(planned.source)),
    },
    ...fields,
  };
}

/** Leaves a transfer unfinished; returns its journal. */
export function putJournal(sandbox: Sandbox, fields: Partial<Journal> = {}): Journal {
  const journal = makeJournal(fields);
  sandbox.putOwnFolder();
  fs.writeFileSync(journalFile(sandbox), JSON.stringify(journal));
  return journal;
}

/** Leaves a receipt; returns it. */
export function putReceipt(sandbox: Sandbox, fields: Partial<Journal> = {}): Journal {
  const journal = makeJournal(fields);
  fs.mkdirSync(sandbox.path('.forge-resume', 'receipts'), { recursive: true });
  fs.writeFileSync(receiptFile(sandbox, journal), JSON.stringify(journal));
  return journal;
}

/** Where the journal of an unfinished transfer stands. */
export const journalFile = (sandbox: Sandbox): string => sandbox.path('.forge-resume', 'journal.json');

/** Where a transfer's receipt stands. */
export const receiptFile = (sandbox: Sandbox, { transferId }: Pick<Journal, 'transferId'>): string =>
  sandbox.path('.forge-resume', 'receipts', `${transferId}.json`);

/** The receipts that there are, oldest first. */
export function receiptsIn(sandbox: Sandbox): readonly Journal[] {
  return namesIn(sandbox.path('.forge-resume', 'receipts')).map((name) =>
    JSON.parse(fs.readFileSync(sandbox.path('.forge-resume', 'receipts', name), 'utf8')),
  );
}

/** Everything in quarantine: the folder's name without the time, a slash, the file's name without what makes it unique; and the text. */
export function quarantined(sandbox: Sandbox): ReadonlyMap<string, string> {
  const root = sandbox.path('.forge-resume', 'quarantine');
  const files = namesIn(root).flatMap((folder) => namesIn(`${root}/${folder}`).map((name) => [folder, name] as const));
  return new Map(
    files.map(([folder, name]) => [
      `${folder.replace(/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}Z-/, '')}/${name.replace(/^journal-.*\.json$/, 'journal.json')}`,
      fs.readFileSync(`${root}/${folder}/${name}`, 'utf8'),
    ]),
  );
}

const namesIn = (folder: string): readonly string[] => (fs.existsSync(folder) ? fs.readdirSync(folder).sort() : []);
