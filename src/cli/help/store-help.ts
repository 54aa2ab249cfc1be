import { exitCodeHelp } from '../exit-codes.ts';
import { leastRights } from '../store/least-rights.ts';

/** What teaches the commands that say in which store runs are. */
export const storeHelp = {
  store: `
Runs are in the project's files, unless the user says otherwise: here, for one project, or by FORGE_RESUME_STORE=<url>
(and FORGE_RESUME_PROJECT=<name>) for one process. Nothing in a project can name a server. What store use writes is
stores.json in forge-resume of XDG_CONFIG_HOME or ~/.config, which only you may read; a password belongs into
~/.pgpass rather than into the address. All clones that name the project alike share its runs.

Needs the package pg beside forge-session-resume: npm install pg

Examples:
  $ forge-resume store use postgres://me@db.example.org/runs
  $ forge-resume store use 'postgres://me@db.example.org/runs?sslmode=verify-full' --project shop
  $ forge-resume store show
  $ forge-resume store forget

With --json one line: {"schema":1,"project","store","name","by"}, for store use also "problem" where the database is not
ready, for store forget {"schema":1,"project","forgotten"}; or {"schema":1,"error":{"message"}}. No password is shown.

${exitCodeHelp('store')}`,

  db: `
Everything is in a schema of its own, forge_session_resume. All statements run in one transaction, or none; tables of a
newer release are refused. The database is the one that FORGE_RESUME_STORE names, else the project's.

Who runs it must be allowed to create the schema, or own it. Who makes calls needs no more than:
${leastRights('caller')
  .map((line) => `  ${line}`)
  .join('\n')}

Examples:
  $ forge-resume db migrate --dry-run
  $ FORGE_RESUME_STORE=postgres://owner@db.example.org/runs forge-resume db migrate

With --json one line: {"schema":1,"store","from","to","dryRun","statements"}, or {"schema":1,"error":{"message"}}.

${exitCodeHelp('db')}`,
} as const;
