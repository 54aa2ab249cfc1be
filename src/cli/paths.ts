import { graphCoverage } from '../graph/coverage.ts';
import { type ResumePath, resumePaths } from '../graph/paths.ts';
import { exitCodes } from './exit-codes.ts';
import { writeAll } from './write-all.ts';

/** Options of `forge-resume paths`. */
export interface PathsOptions {
  readonly json: boolean;
}

/**
 * Prints the paths through the statechart (`forge-resume paths`): a line for each and what they cover, or with `json`
 * one line of JSON for each.
 *
 * @param options - `json`
 * @returns the exit code
 */
export async function pathsCommand(options: PathsOptions): Promise<number> {
  const paths = resumePaths();
  const lines = options.json ? paths.map(describe) : [...paths.map(sentence), '', ...summary(paths)];
  await writeAll(`${lines.join('\n')}\n`);
  return exitCodes.ok;
}

const sentence = ({ id, description }: ResumePath): string => `${id}  ${description}`;

const describe = ({ id, description, states, steps, expected }: ResumePath): string =>
  JSON.stringify({ id, description, states, transitions: steps.map(({ transition }) => transition), expected });

function summary(paths: readonly ResumePath[]): string[] {
  const { states, transitions, guardOutcomes, transitionPairs } = graphCoverage(paths);
  const shares = Object.entries({
    states,
    transitions,
    'guard outcomes': guardOutcomes,
    'transition pairs': transitionPairs,
  });
  return [`${paths.length} paths`, ...shares.map(([name, { covered, total }]) => `${name} ${covered}/${total}`)];
}
