import { codeOf } from '../../../machines/guards.ts';
import { messageOf } from '../../errors.ts';
import { type ConfiguredStore, StoreConfigurationError } from './configured-store.ts';

/** What may be wrong with a store. */
export type TroubleKind = 'away' | 'tables' | 'rights' | 'driver' | 'configuration';

/** What failed on a store, with what to do next. */
export class StoreTrouble extends Error {
  override readonly name = 'StoreTrouble';
  /** The code of what failed. */
  readonly code: string;
  readonly kind: TroubleKind;
  /** What failed, without what to do. */
  readonly evidence: string;

  constructor(kind: TroubleKind, code: string, evidence: string, advice: string) {
    super(`${evidence}. ${advice}`);
    this.kind = kind;
    this.code = code;
    this.evidence = evidence;
  }
}

const advice: Readonly<Record<TroubleKind, (shown: string) => string>> = {
  away: (shown) => `Nothing was changed. See that ${shown} answers and knows the user; forge-resume doctor looks again`,
  tables: () => 'Who may create the schema runs: forge-resume db migrate',
  rights: () => 'The rights that are needed: forge-resume db --help',
  driver: () => 'Install it where forge-session-resume is installed',
  configuration: () => 'No call is made until that is mended',
};

/**
 * Says of a failure on a store what to do next.
 *
 * @param error - what was thrown
 * @param store - for people, without a password; undefined where it could not even be named
 */
export function troubleOf(error: unknown, store: Pick<ConfiguredStore, 'shown'> | undefined): StoreTrouble {
  const kind = kindOf(error);
  return new StoreTrouble(kind, codeOf(error), evidenceOf(error), advice[kind](store?.shown ?? 'the database'));
}

/** Rights that are missing, as SQLSTATE. */
const noRights = '42501';
/** Tables, columns or schema that are not there. */
const noTables: readonly unknown[] = ['42P01', '42703', '3F000'];

function kindOf(error: unknown): TroubleKind {
  if (error instanceof StoreConfigurationError) return 'configuration';
  const { cause } = error as { cause?: { code?: unknown } };
  if (cause?.code === 'MODULE_NOT_FOUND' || cause?.code === 'ERR_MODULE_NOT_FOUND') return 'driver';
  if (codeOf(error) === 'JOURNAL_VERSION' || noTables.includes(cause?.code)) return 'tables';
  return cause?.code === noRights ? 'rights' : 'away';
}

/** A host with several addresses fails with a list of errors, whose own message is empty. */
function evidenceOf(error: unknown): string {
  const message = messageOf(error).trim();
  const { cause } = error as { cause?: { code?: unknown } };
  return message.endsWith(':') ? `${message} ${String(cause?.code ?? 'no answer')}` : message.replace(/\.$/, '');
}
