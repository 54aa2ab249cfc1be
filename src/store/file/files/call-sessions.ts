import { lstatSync } from 'node:fs';
import type { MachineInput } from '../../../../machines/contract.ts';
import { isSessionId } from '../../../rules/session-id.ts';
import { isKeeper, type Trail } from '../../../rules/trail.ts';
import { findCurrentSession } from './current-session.ts';
import { attempt } from './io.ts';
import { readJsonAt } from './json-file.ts';
import type { StatePaths } from './paths.ts';

/** The sessions that a call is about. */
export interface CallSessions {
  /** The one that may get a run; undefined where none is current, for `end`, and where nothing is to be taken back. */
  readonly current: string | undefined;
  /** The one whose run a command names. */
  readonly named: string | undefined;
}

/** Where a call is made, and how it reads trails: by their paths before the lock, through descriptors under it. */
export interface SessionsPlace {
  readonly paths: StatePaths;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly trailOf: (id: string) => Trail | undefined;
}

/**
 * Which sessions a call is about: rule 2's (src/rules/README.md#rule-2-current-session), or those that a command names.
 *
 * @param place - where the call is made
 * @param input - the caller's ids and wishes
 * @throws ForgeResumeError `STATE_UNSAFE` as `findCurrentSession` does
 */
export async function callSessions(place: SessionsPlace, { command, policies }: MachineInput): Promise<CallSessions> {
  const find = (): Promise<string | undefined> => findCurrentSession({ ...place, policies }, readJsonAt);
  const valid = (id: unknown): string | undefined => (isSessionId(id) ? id : undefined);
  switch (command?.kind) {
    case undefined:
      return { current: await find(), named: undefined };
    case 'end':
      return { current: undefined, named: valid(command.session) };
    case 'adopt': {
      const found = await find();
      const into = command.into === undefined ? found : valid(command.into);
      const isThere = into !== undefined && (into === found || hasFolder(place.paths, into));
      return { current: isThere ? into : undefined, named: valid(command.source) };
    }
    case 'undo': {
      const keeper = command.session === undefined ? await find() : valid(command.session);
      const trail = keeper === undefined ? undefined : place.trailOf(keeper);
      const last = isKeeper(trail) ? trail.left.at(-1) : undefined;
      const isMeant = command.transferId === undefined || command.transferId === last?.transferId;
      return { current: isMeant ? last?.session : undefined, named: keeper };
    }
  }
}

const hasFolder = (paths: StatePaths, id: string): boolean =>
  attempt(() => lstatSync(paths.session(id)).isDirectory()) ?? false;
