import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { liveRun, postgresHosts, type TestHosts } from '../../support/postgres-hosts.ts';
import { needsPostgres } from '../../support/postgres-server.ts';
import { usePostgres } from '../../support/use-postgres.ts';

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

describe.runIf(needsPostgres())('a run that is JSON, though not for jsonb', () => {
  const used = usePostgres();
  let hosts: TestHosts;
  let projects = 0;

  beforeEach(() => {
    projects += 1;
    hosts = postgresHosts(used.pool, `odd-${projects}`);
  });
  afterEach(() => hosts.remove());

  it.each<[what: string, value: string, isState: boolean]>([
    ['a number without end', '1e999999', false],
    ['a number too small', '1e-200000', false],
    ['a number too long', '1'.repeat(140_000), false],
    ['arrays in arrays', nested(20_000), false],
    ['half a pair', String.raw`"\ud83d"`, false],
    ['a NUL', String.raw`"\u0000"`, false],
    ['so many numbers that the server would take seconds', JSON.stringify(Array(3_500_000).fill(1)), false],
    ['text of nearly 1 MiB', JSON.stringify('x'.repeat(1_000_000)), true],
    ['a pair, escaped', String.raw`"\ud83d\ude00"`, true],
    ['what looks like a NUL', String.raw`"\\u0000"`, true],
  ])(
    '%s keeps neither its session out nor another conversation, and its bytes are as they were',
    async (_what, value, isState) => {
      const desk = await hosts.host('desk');
      desk.write('good', liveRun());
      const text = JSON.stringify(
        liveRun({ owner_codex_session_id: 'other', owner_rcs_session_id: 'odd', odd: 0 }),
      ).replace('"odd":0', `"odd":${value}`);
      desk.launch('odd');
      writeFileSync(desk.path('odd'), text);
      desk.launch('next');
      expect(await desk.call('next')).toMatchObject({ reason: 'resumed_same_codex_session' });
      const { rows } = await used.pool.query(
        `SELECT text, state IS NOT NULL AS state FROM forge_session_resume.run AS r
       JOIN forge_session_resume.project AS p ON p.id = r.project WHERE name = $1 AND session = 'odd'`,
        [`odd-${projects}`],
      );
      expect(rows).toEqual([{ text, state: isState }]);
      expect(await desk.store.getRun('odd')).toMatchObject({ text });
      expect(await desk.call('odd', { payloadSessionId: 'other' })).toMatchObject({ reason: 'current_forge_active' });
    },
  );
});
