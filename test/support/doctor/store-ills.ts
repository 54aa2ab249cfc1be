/** Illnesses of a project whose runs are in a database. */
import fs from 'node:fs';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { onTestFinished } from 'vitest';
import { leastRights } from '../../../src/cli/store/least-rights.ts';
import { readStoreUrl } from '../../../src/cli/store/store-url.ts';
import { needsPostgres, startPostgres } from '../postgres-server.ts';
import { liveRun } from '../runs.ts';
import { installWithoutDriver } from '../store/without-driver.ts';
import type { Ill } from './ills.ts';
import type { Patient } from './patient.ts';

const nobody = 'postgres://me:pw@127.0.0.1:1/runs';

const named = (patient: Patient, url: string): void => {
  patient.options = { ...patient.options, env: { FORGE_RESUME_STORE: url } };
};
const nameNone = (patient: Patient): void => {
  patient.options = {};
};
const shown = ({ options }: Patient): string => readStoreUrl(options.env?.['FORGE_RESUME_STORE'] ?? '').shown;
const list = ({ home }: Patient): string => join(home, '.config', 'forge-resume', 'stores.json');

/** A server of one's own until the test is over, as a user of it would name it. */
async function serverUrl(user: string): Promise<string> {
  const server = await startPostgres();
  onTestFinished(() => server.stop());
  return `postgres://${user}@${encodeURIComponent(server.folder)}/postgres`;
}

async function ask(patient: Patient, statements: readonly string[]): Promise<void> {
  const url = (patient.options.env?.['FORGE_RESUME_STORE'] ?? '').replace(/\/\/\w+@/, '//postgres@');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

/** What may be wrong with a store. */
export const storeIlls: readonly Ill[] = [
  {
    id: 'FR022',
    what: 'a database that does not answer',
    fall: (patient) => named(patient, nobody),
    mendedBy: 'hand',
    byHand: nameNone,
    file: () => 'postgres://me@127.0.0.1:1/runs',
    evidence: /^the database cannot be reached: connect ECONNREFUSED 127\.0\.0\.1:1$/,
  },
  {
    id: 'FR023',
    what: 'a database without tables',
    needs: needsPostgres,
    fall: async (patient) => named(patient, await serverUrl('postgres')),
    mendedBy: 'command',
    file: shown,
    evidence: /relation "forge_session_resume\.migration" does not exist$/,
    isFinal: true,
  },
  {
    id: 'FR023',
    what: 'a database with tables of a newer release',
    needs: needsPostgres,
    fall: async (patient) => {
      named(patient, await serverUrl('postgres'));
      await patient.run(['db', 'migrate']);
      await ask(patient, ['INSERT INTO forge_session_resume.migration (version) VALUES (99)']);
    },
    mendedBy: 'hand',
    byHand: (patient) => ask(patient, ['DELETE FROM forge_session_resume.migration WHERE version = 99']),
    file: shown,
    evidence: /are of a newer release \(version 99, /,
  },
  {
    id: 'FR024',
    what: 'a program without pg beside it',
    fall: (patient) => {
      named(patient, nobody);
      patient.options = { ...patient.options, folder: installWithoutDriver() };
    },
    mendedBy: 'hand',
    byHand: nameNone,
    file: () => 'postgres://me@127.0.0.1:1/runs',
    evidence: /^the PostgreSQL store needs the package pg: npm install pg$/,
  },
  {
    id: 'FR025',
    what: 'a list of stores that others may read',
    fall: (patient) => {
      fs.mkdirSync(dirname(list(patient)), { recursive: true, mode: 0o700 });
      fs.writeFileSync(list(patient), '{"schema":1,"stores":{}}', { mode: 0o644 });
    },
    mendedBy: 'hand',
    byHand: (patient) => fs.chmodSync(list(patient), 0o600),
    file: list,
    evidence: /stores\.json is open to other users; close it: chmod 600 /,
  },
  {
    id: 'FR026',
    what: "a database's user without rights",
    needs: needsPostgres,
    fall: async (patient) => {
      named(patient, await serverUrl('postgres'));
      await patient.run(['db', 'migrate']);
      await ask(patient, ['CREATE ROLE poor LOGIN']);
      named(patient, (patient.options.env?.['FORGE_RESUME_STORE'] ?? '').replace('//postgres@', '//poor@'));
    },
    mendedBy: 'hand',
    byHand: (patient) => ask(patient, leastRights('poor')),
    file: shown,
    evidence: /permission denied for schema forge_session_resume$/,
  },
  {
    id: 'FR029',
    what: 'a run that the database lost',
    needs: needsPostgres,
    fall: async (patient) => {
      named(patient, await serverUrl('postgres'));
      await patient.run(['db', 'migrate']);
      patient.box.putRun('old', liveRun());
      const args = ['reconcile', '--state-dir', patient.box.stateDir, '--session-id', 'nobody'];
      await patient.run(args, { env: { RCS_SESSION_ID: 'old' } });
      await ask(patient, ['DELETE FROM forge_session_resume.run']);
    },
    mendedBy: 'command',
    file: ({ box }) => box.runFile('old'),
    evidence: /^the database does not know it$/,
    isFinal: true,
  },
];
