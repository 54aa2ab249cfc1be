import { hookNames } from '../../machines/guards.ts';
import { isSessionId } from '../rules/session-id.ts';
import type { ReconcileOptions } from './options.ts';

type Kind =
  | 'a string'
  | 'a boolean'
  | 'a function'
  | 'an object'
  | 'an AbortSignal'
  | "'carry'"
  | "'pointer'"
  | 'a positive number of milliseconds'
  | 'a list of session ids';

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const kinds: Readonly<Record<Kind, (value: unknown) => boolean>> = {
  'a string': (value) => typeof value === 'string',
  'a boolean': (value) => typeof value === 'boolean',
  'a function': (value) => typeof value === 'function',
  'an object': isObject,
  // By what is asked of it: one of another realm or library serves as well.
  'an AbortSignal': (value) =>
    isObject(value) && typeof value['throwIfAborted'] === 'function' && typeof value['addEventListener'] === 'function',
  "'carry'": (value) => value === 'carry',
  "'pointer'": (value) => value === 'pointer',
  'a positive number of milliseconds': (value) => Number.isFinite(value) && Number(value) > 0,
  'a list of session ids': (value) => Array.isArray(value) && value.every(isSessionId),
};

const typeOf = (value: unknown): string => {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'string') return `the string ${JSON.stringify(value.slice(0, 40))}`;
  return Array.isArray(value) ? 'an array' : `of type ${typeof value}`;
};

function check(name: string, value: unknown, ...allowed: readonly Kind[]): void {
  if (allowed.some((kind) => kinds[kind](value))) return;
  throw new TypeError(`reconcileForgeSessionResume: ${name} must be ${allowed.join(' or ')}, but is ${typeOf(value)}`);
}

/**
 * Refuses options of a wrong type by their names, before anything is looked at. Payload ids are read as text, whatever
 * they are.
 *
 * @param options - the caller's
 * @throws TypeError
 */
export function checkOptions(options: ReconcileOptions): void {
  check('its argument', options, 'an object');
  check('stateDir', options.stateDir, 'a string');
  const given = (name: string, value: unknown, ...allowed: readonly Kind[]): void => {
    if (value !== undefined) check(name, value, ...allowed);
  };
  given('env', options.env, 'an object');
  given('comeHome', options.comeHome, 'a boolean');
  given('companions', options.companions, "'carry'");
  given('staleAfter', options.staleAfter, 'a positive number of milliseconds');
  given('requireDeadOwner', options.requireDeadOwner, 'a boolean');
  given('refuseForeignOwner', options.refuseForeignOwner, 'a boolean');
  given('sessionFrom', options.sessionFrom, "'pointer'");
  given('allowedSessions', options.allowedSessions, 'a list of session ids');
  given('signal', options.signal, 'an AbortSignal');
  given('inspect', options.inspect, 'a function', 'an object');
  given('record', options.record, 'a string', 'a function', 'an object');
  if (typeof options.record === 'object') {
    check('record.to', options.record.to, 'a string', 'a function');
    given('record.full', options.record.full, 'a boolean');
  }
  given('hooks', options.hooks, 'an object');
  for (const name of hookNames) {
    given(`hooks.${name}`, options.hooks?.[name], 'a function');
  }
}
