import type { Finding } from './illnesses.ts';

/**
 * The call that settles what earlier ones left in a session: from there, for no conversation, and without a pane that it
 * could bind the run to.
 *
 * @param stateDir - the state directory
 * @param session - from which it is made
 */
export const callFrom = (stateDir: string, session: string): readonly string[] => [
  'env',
  '-u',
  'TMUX_PANE',
  `RCS_SESSION_ID=${session}`,
  'forge-resume',
  'reconcile',
  '--state-dir',
  stateDir,
];

/**
 * Moves something aside, and how to put it back.
 *
 * @param path - what
 */
export function setAside(path: string): readonly [Finding['fixes'], NonNullable<Finding['undo']>] {
  const aside = `${path}.aside`;
  return [[['mv', '--', path, aside]], ['mv', '--', aside, path]];
}
