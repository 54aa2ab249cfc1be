import type { Command } from '../../../../machines/contract.ts';
import type { Liveness } from '../../../rules/liveness.ts';
import type { JsonRead } from './json-file.ts';
import { sha256 } from './sha256.ts';

/** All that a person's plan rests on. */
export interface PlanBasis {
  readonly command: Command['kind'];
  /** The session whose run is named, and what it held. */
  readonly named: string;
  readonly namedRun: JsonRead;
  /** The session that gets the run, and what it held; undefined where none does. */
  readonly current: string | undefined;
  readonly currentRun: JsonRead | undefined;
  readonly liveness: Liveness | undefined;
}

const idLength = 16;

/**
 * The id of a plan: another one as soon as a session, a file's bytes, or whether the owner lives is not as it was.
 *
 * @param basis - what the plan rests on
 */
export function planId({ command, named, namedRun, current, currentRun, liveness }: PlanBasis): string {
  const basis = [command, named, contentOf(namedRun), current ?? '', contentOf(currentRun), liveness?.state ?? ''];
  return sha256(Buffer.from(JSON.stringify(basis))).slice(0, idLength);
}

const contentOf = (read: JsonRead | undefined): string =>
  read?.kind === 'json' ? sha256(read.file.bytes) : (read?.kind ?? '');
