import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { leastRights } from '../../../src/cli/store/least-rights.ts';
import { neededRights } from '../../../src/rules/database-rights.ts';
import { costOfCalls, growTo } from '../../support/postgres-growth.ts';
import { needsPostgres } from '../../support/postgres-server.ts';
import { usePostgres } from '../../support/use-postgres.ts';

const folder = 'src/store/postgres';

/** What the statements of the store do to tables, beside reading. */
function doneBySource(): readonly string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !name.endsWith('migrate.ts') && !name.endsWith('migrations.ts'),
  );
  const found = new Set<string>();
  for (const name of files) {
    const source = readFileSync(join(folder, name), 'utf8');
    const statement =
      /\b(INSERT) INTO \$\{schema\}\.(\w+)|\b(UPDATE) \$\{schema\}\.(\w+)|\b(DELETE) FROM \$\{schema\}\.(\w+)/g;
    for (const [, ...parts] of source.matchAll(statement)) {
      const [verb, table] = parts.filter(Boolean);
      found.add(`${verb} on ${table}`);
      // What replaces a row that is there.
      if (table === 'companion' && source.includes('DO UPDATE')) found.add(`UPDATE on ${table}`);
    }
  }
  return [...found].sort();
}

describe('least rights', () => {
  it('are those that some statement needs', () => {
    const documented = Object.entries(neededRights).flatMap(([table, verbs]) =>
      verbs.map((verb) => `${verb} on ${table}`),
    );
    expect(documented.sort()).toEqual(doneBySource());
  });
});

describe.runIf(needsPostgres())('a user who has no more than the least rights', () => {
  const used = usePostgres();

  it('makes every kind of call', async () => {
    await used.pool.query('CREATE ROLE caller LOGIN');
    for (const statement of leastRights('caller')) await used.pool.query(statement);
    await growTo(used.pool, 10);
    const connectionString = used.server.connectionString.replace('postgres@', 'caller@');
    const pool = new pg.Pool({ connectionString });
    onTestFinished(() => pool.end());
    expect((await costOfCalls(pool, 10)).statements).toBeGreaterThan(20);
  }, 60_000);
});
