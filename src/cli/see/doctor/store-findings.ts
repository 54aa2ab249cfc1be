import { statePaths } from '../../../store/file/files/paths.ts';
import type { ConfiguredStore } from '../../store/configured-store.ts';
import { storesFile, storeVariables } from '../../store/may-have-store.ts';
import { onStore, storeOf } from '../../store/store-of.ts';
import type { StoreTrouble, TroubleKind } from '../../store/store-trouble.ts';
import { type Finding, finding, type Remedy } from './finding.ts';
import type { IllnessId } from './illnesses.ts';

const illnessOf: Readonly<Record<TroubleKind, IllnessId>> = {
  away: 'FR022',
  tables: 'FR023',
  driver: 'FR024',
  configuration: 'FR025',
  rights: 'FR026',
  call: 'FR022',
};

/**
 * What is wrong with the database that a project's runs are in; nothing where they are in its files.
 *
 * @param stateDir - the project's state directory
 * @param env - environment
 */
export async function storeFindings(
  stateDir: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Finding[]> {
  let store: ConfiguredStore | undefined;
  try {
    store = await storeOf(stateDir, env);
    if (store === undefined) return [];
    const place = store;
    const seen = await onStore(place, async ({ seePostgres }) => seePostgres(place));
    if (!seen.isMigrated)
      return [finding('FR023', place.shown, 'its tables are of an older release', migrating(stateDir))];
    if (seen.lacking.length > 0) return [finding('FR026', place.shown, `its user lacks ${seen.lacking.join(', ')}`)];
    const claims = await onStore(place, ({ claimsOnPostgres }) => claimsOnPostgres(place, stateDir));
    return claims.map(({ session, isEarlier, elsewhere }) => {
      const has = isEarlier ? 'has an earlier state of it' : 'does not know it';
      const by = elsewhere === undefined ? '' : `, and the run in ${elsewhere}`;
      return finding('FR029', statePaths(stateDir).run(session), `the database ${has}${by}`, {
        fixes: [['forge-resume', 'adopt', elsewhere ?? session, '--into', session, '--state-dir', stateDir, '--yes']],
      });
    });
  } catch (error) {
    const { troubleOf } = await import('../../store/stores.ts');
    const { kind, evidence, code } = (store === undefined ? troubleOf(error, undefined) : error) as StoreTrouble;
    const named = env[storeVariables.url]?.trim() ? storeVariables.url : (storesFile(env) ?? '');
    const remedy = kind === 'tables' && code !== 'JOURNAL_VERSION' ? migrating(stateDir) : {};
    return [finding(illnessOf[kind], store?.shown ?? named, evidence, remedy)];
  }
}

const migrating = (stateDir: string): Remedy => ({
  fixes: [['forge-resume', 'db', 'migrate', '--state-dir', stateDir]],
});
