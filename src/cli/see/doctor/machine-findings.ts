import { accessSync, constants, realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { attempt } from '../../../store/file/files/io.ts';
import { type Finding, finding } from './finding.ts';
import { hookFindings } from './hook-findings.ts';

/**
 * What is wrong beside the project: in the agents' configuration and in `PATH`.
 *
 * @param stateDir - the state directory
 * @param env - environment
 * @param program - path of this program
 */
export async function machineFindings(
  stateDir: string,
  env: Readonly<Record<string, string | undefined>>,
  program: string,
): Promise<Finding[]> {
  const first = (env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'forge-resume'))
    .find((file) => attempt(() => accessSync(file, constants.X_OK) ?? true));
  const [other, own] = [first && attempt(() => realpathSync(first)), attempt(() => realpathSync(program))];
  return [
    ...(await hookFindings(stateDir, env)),
    ...(first !== undefined && other !== own ? [finding('FR018', first, `PATH finds it before ${program}`)] : []),
  ];
}
