import { accessSync, constants, readFileSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { attempt } from '../../../store/file/files/io.ts';
import { type Finding, finding } from './illnesses.ts';

/** Files in which agents are told what to start. */
const configurations = (home: string): readonly string[] =>
  ['.codex/hooks.json', '.codex/config.toml', '.claude/settings.json'].map((name) => join(home, name));

/**
 * What is wrong beside the project: in the agents' configuration and in `PATH`.
 *
 * @param stateDir - the state directory
 * @param env - environment
 * @param program - path of this program
 */
export function machineFindings(
  stateDir: string,
  env: Readonly<Record<string, string | undefined>>,
  program: string,
): Finding[] {
  const home = env['HOME'] ?? homedir();
  const files = [
    ...configurations(home),
    ...configurations(dirname(dirname(stateDir))),
    ...(env['CODEX_HOME'] ? [join(env['CODEX_HOME'], 'hooks.json'), join(env['CODEX_HOME'], 'config.toml')] : []),
    ...(env['CLAUDE_CONFIG_DIR'] ? [join(env['CLAUDE_CONFIG_DIR'], 'settings.json')] : []),
  ];
  const isHooked = files.some((file) => /forge-resume/.test(attempt(() => readFileSync(file, 'utf8')) ?? ''));
  const first = (env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'forge-resume'))
    .find((file) => attempt(() => accessSync(file, constants.X_OK) ?? true));
  const [other, own] = [first && attempt(() => realpathSync(first)), attempt(() => realpathSync(program))];
  return [
    ...(isHooked
      ? []
      : [finding('FR017', home, `none of ${files.join(', ')} names it`, [['forge-resume', 'install']])]),
    ...(first !== undefined && other !== own ? [finding('FR018', first, `PATH finds it before ${program}`)] : []),
  ];
}
