const schema = 'forge_session_resume';
const written = ['project', 'session', 'run', 'transfer', 'companion'].map((table) => `${schema}.${table}`);

/**
 * What a database's user needs who makes calls, no more (src/store/postgres/README.md).
 *
 * @param role - the user, as SQL writes it
 * @returns statements
 */
export const leastRights = (role: string): readonly string[] => [
  `GRANT USAGE ON SCHEMA ${schema} TO ${role};`,
  `GRANT SELECT ON ALL TABLES IN SCHEMA ${schema} TO ${role};`,
  `GRANT INSERT, UPDATE, DELETE ON ${written.join(', ')} TO ${role};`,
  `GRANT INSERT ON ${schema}.history TO ${role};`,
];
