import type { Policies } from '../rules/policies.ts';
import { isSessionId } from '../rules/session-id.ts';

/** What a command line says of policies, by their names; what is not said is absent. */
export type PolicyWords = { readonly [Name in keyof Policies]?: string | boolean | undefined };

/** A word that names no policy's value; its message says which switch it is, and what that takes. */
export class PolicyWordError extends Error {
  override readonly name = 'PolicyWordError';
}

interface PolicySwitch {
  readonly flag: string;
  readonly variable: string;
  /** What it takes, for people; empty: the flag alone, or `1` in the environment. */
  readonly takes: string;
  /** The value that a word stands for; undefined where it stands for none. */
  readonly read: (word: string) => Policies[keyof Policies];
}

const units: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function durationIn(word: string): number | undefined {
  const [, count = '', unit = ''] = /^(\d{1,9})([smhd])$/.exec(word) ?? [];
  return Number(count) * (units[unit] ?? 0) || undefined;
}

function sessionsIn(word: string): readonly string[] | undefined {
  const ids = word.split(',').map((id) => id.trim());
  return ids.every(isSessionId) ? ids : undefined;
}

const isOn = (word: string): true | undefined => (word === '1' ? true : undefined);

/** How each policy is asked for at the command line and in the environment. */
export const policySwitches: { readonly [Name in keyof Required<Policies>]: PolicySwitch } = {
  staleAfter: {
    flag: '--stale-after',
    variable: 'FORGE_RESUME_STALE_AFTER',
    takes: 'a duration such as 30m, 12h or 7d',
    read: durationIn,
  },
  requireDeadOwner: {
    flag: '--require-dead-owner',
    variable: 'FORGE_RESUME_REQUIRE_DEAD_OWNER',
    takes: '',
    read: isOn,
  },
  refuseForeignOwner: {
    flag: '--refuse-foreign-owner',
    variable: 'FORGE_RESUME_REFUSE_FOREIGN_OWNER',
    takes: '',
    read: isOn,
  },
  sessionFrom: {
    flag: '--session-from',
    variable: 'FORGE_RESUME_SESSION_FROM',
    takes: 'pointer',
    read: (word) => (word === 'pointer' ? word : undefined),
  },
  allowedSessions: {
    flag: '--allowed-sessions',
    variable: 'FORGE_RESUME_ALLOWED_SESSIONS',
    takes: 'session ids with commas between them',
    read: sessionsIn,
  },
};

const names = Object.keys(policySwitches) as (keyof Policies)[];
const flags = names.map((name) => policySwitches[name].flag);

/**
 * The policies that a command line asks for, else the environment.
 *
 * @param said - by the command line
 * @param env - the environment; a blank variable says nothing
 * @throws PolicyWordError
 */
export function readPolicies(said: PolicyWords, env: Readonly<Record<string, string | undefined>>): Policies {
  const policies: { -readonly [Name in keyof Policies]: unknown } = {};
  for (const name of names) {
    const { flag, variable, takes, read } = policySwitches[name];
    const own = said[name];
    const word = own === true ? '1' : own === undefined || own === false ? (env[variable] ?? '').trim() : own.trim();
    if (word === '' && own === undefined) continue;
    const value = read(word);
    if (value === undefined) {
      const where = own === undefined ? variable : flag;
      throw new PolicyWordError(
        `${where} takes ${takes || '1, or nothing'}; it is ${JSON.stringify(word.slice(0, 80))}`,
      );
    }
    policies[name] = value;
  }
  return policies as Policies;
}

/**
 * The policy by which the current session is found, of a command that only shows it: nothing else is read, so that no
 * other policy's value keeps it from looking.
 *
 * @param said - by the command line
 * @param env - the environment
 * @throws PolicyWordError
 */
export const readSessionFrom = (
  { sessionFrom }: PolicyWords,
  env: Readonly<Record<string, string | undefined>>,
): Policies => {
  const { variable } = policySwitches.sessionFrom;
  return readPolicies({ sessionFrom }, { [variable]: env[variable] });
};

/**
 * What a command line says of policies, as switches of another one, in an order that stays.
 *
 * @param said - by the command line; each word is one that {@link readPolicies} takes
 * @example policyArguments({ staleAfter: '12h', requireDeadOwner: true }) // ['--stale-after', '12h', '--require-dead-owner']
 */
export const policyArguments = (said: PolicyWords): string[] =>
  names.flatMap((name) => {
    const { flag, takes } = policySwitches[name];
    const word = said[name];
    if (word === undefined || word === false) return [];
    return takes === '' ? [flag] : [flag, String(word).trim()];
  });

/**
 * The policies of an agent's call.
 *
 * @param args - the command's switches
 * @param env - the environment
 * @param policyWord - a switch like it is meant as a policy's, however it is spelt further on
 * @returns `off` where `FORGE_RESUME` switches the hand-over off
 * @throws PolicyWordError
 */
export function agentPolicies(args: readonly string[], env: NodeJS.ProcessEnv, policyWord: RegExp): Policies | 'off' {
  const main = (env['FORGE_RESUME'] ?? '').trim();
  if (main === 'off') return 'off';
  if (main !== '' && main !== 'on') {
    throw new PolicyWordError(`FORGE_RESUME takes off or on; it is ${JSON.stringify(main.slice(0, 80))}`);
  }
  const wrong = args.find(
    (arg) => arg.startsWith('--') && policyWord.test(arg) && !flags.includes(arg.split('=')[0] ?? ''),
  );
  if (wrong !== undefined) {
    throw new PolicyWordError(`${wrong.slice(0, 80)} is no policy; those that are: ${flags.join(', ')}`);
  }
  const said: { -readonly [Name in keyof Policies]: string | boolean } = {};
  for (const name of names) {
    const { flag, takes } = policySwitches[name];
    const at = args.findIndex((arg) => arg === flag || arg.startsWith(`${flag}=`));
    if (at < 0) continue;
    const [, given] = /=(.*)$/s.exec(args[at] ?? '') ?? [];
    said[name] = takes === '' && given === undefined ? true : (given ?? args[at + 1] ?? '');
  }
  return readPolicies(said, env);
}
