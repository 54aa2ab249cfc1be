import { codeOf } from '../../../machines/guards.ts';
import { messageOf } from '../../errors.ts';
import { type ConfiguredStore, StoreConfigurationError } from './configured-store.ts';

/** What may be wrong with a store. */
export type TroubleKind = 'away' | 'tables' | 'rights' | 'driver' | 'configuration' | 'call';

/** What failed on a store, with what to do next. */
export class StoreTrouble extends Error {
  override readonly name = 'StoreTrouble';
  /** The code of what failed. */
  readonly code: string;
  readonly kind: TroubleKind;
  /** What failed, without what to do. */
  readonly evidence: string;

  constructor(kind: TroubleKind, code: string, evidence: string, advice: string) {
    super(advice === '' ? evidence : `${evidence}. ${advice}`);
    this.kind = kind;
    this.code = code;
    this.evidence = evidence;
  }
}

/** Where the answer to a COMMIT may be what was lost, nobody here knows. */
const unknown = (shown: string): string =>
  `Whether the call changed anything, the next one finds out. See that ${shown} answers; forge-resume doctor looks again`;

const advice: Readonly<Record<TroubleKind, (shown: string) => string>> = {
  away: (shown) => `See that ${shown} answers and knows the user; forge-resume doctor looks again`,
  tables: () => 'Who may create the schema runs: forge-resume db migrate',
  rights: () => 'The rights that are needed: forge-resume db --help',
  driver: () => 'Install it where forge-session-resume is installed',
  configuration: () => 'No call is made until that is mended',
  // The database is well; what the call met says itself what to do.
  call: () => '',
};

const another = 'or name another one: forge-resume store use <url>';
const nextCall = 'The next call tries again';
const password = 'See the user and the password, which stand in the address or in ~/.pgpass';
const itsOwn = (shown: string): string => `That is for who runs ${shown} to mend; the next call tries again`;
const primary = 'Calls need one that takes writes: forge-resume store use <url>';

/** What helps more than the advice of a kind, by the server's SQLSTATE. */
const closer: Readonly<Record<string, string>> = {
  '28P01': password,
  '28000': password,
  '3D000': `Create that database, ${another}`,
  '53300': nextCall,
  '55P03': nextCall,
  '25006': primary,
  '55000': primary,
  '0A000': primary,
  '57014': "Its user's statement_timeout may be too short; calls need 2 s",
};

/**
 * Says of a failure on a store what to do next.
 *
 * @param error - what was thrown
 * @param store - for people, without a password; undefined where it could not even be named
 */
export function troubleOf(error: unknown, store: Pick<ConfiguredStore, 'shown'> | undefined): StoreTrouble {
  const kind = kindOf(error);
  const code = codeOf(error);
  const evidence = evidenceOf(error);
  const isNewer = kind === 'tables' && code === 'JOURNAL_VERSION';
  const usual = code === 'LOCK_LOST' ? unknown : refused.test(evidence) ? itsOwn : advice[kind];
  const next = closer[String(causeOf(error)?.code)] ?? usual(store?.shown ?? 'the database');
  return new StoreTrouble(kind, code, evidence, isNewer ? '' : next);
}

/** Rights that are missing, as SQLSTATE. */
const noRights = '42501';
/** Tables, columns, functions or schema that are not there. */
const noTables: readonly unknown[] = ['42P01', '42703', '42883', '3F000'];
/** How all that begins which is said of a database, and not of this host's files or of the run. */
const ofDatabase = /^(the (connection to the )?database|another client) /;
/** How what begins that a server answered, but would not do. */
const refused = /^the database refused a statement/;

const causeOf = (error: unknown): { code?: unknown } | undefined => (error as { cause?: { code?: unknown } }).cause;

function kindOf(error: unknown): TroubleKind {
  if (error instanceof StoreConfigurationError) return 'configuration';
  const cause = causeOf(error);
  if (cause?.code === 'MODULE_NOT_FOUND' || cause?.code === 'ERR_MODULE_NOT_FOUND') return 'driver';
  if (codeOf(error) === 'JOURNAL_VERSION' || noTables.includes(cause?.code)) return 'tables';
  if (cause?.code === noRights) return 'rights';
  return ofDatabase.test(messageOf(error)) ? 'away' : 'call';
}

/** A host with several addresses fails with a list of errors, whose own message is empty. */
function evidenceOf(error: unknown): string {
  const message = messageOf(error).trim();
  return message.endsWith(':')
    ? `${message} ${String(causeOf(error)?.code ?? 'no answer')}`
    : message.replace(/\.$/, '');
}
