import { neededRights } from '../../rules/database-rights.ts';

const schema = 'forge_session_resume';

/**
 * What a database's user needs who makes calls, no more (src/store/postgres/README.md).
 *
 * @param role - the user, as SQL writes it
 * @returns statements
 */
export const leastRights = (role: string): readonly string[] => [
  `GRANT USAGE ON SCHEMA ${schema} TO ${role};`,
  `GRANT SELECT ON ALL TABLES IN SCHEMA ${schema} TO ${role};`,
  ...Object.entries(neededRights).map(
    ([table, verbs]) => `GRANT ${verbs.join(', ')} ON ${schema}.${table} TO ${role};`,
  ),
];
