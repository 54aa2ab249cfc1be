import * as z from 'zod/mini';
import { type Journal, journalVersion, restoreRun, type StoredBytes } from './journal.ts';
import { isSessionId } from './session-id.ts';

const sessionIdSchema = z.string().check(z.refine(isSessionId, 'must match ^[A-Za-z0-9_-]{1,64}$'));
const storedBytesSchema: z.ZodMiniType<StoredBytes> = z.union([
  z.strictObject({ utf8: z.string() }),
  z.strictObject({ base64: z.base64() }),
]);
const storedRunSchema = storedBytesSchema.check(
  z.refine((stored) => restoreRun(stored) !== undefined, 'must hold a run'),
);

/** What a journal or receipt of this version must look like; ids that could point elsewhere fail it. */
export const journalSchema: z.ZodMiniType<Journal> = z
  .object({
    version: z.literal(journalVersion),
    transferId: sessionIdSchema,
    currentId: sessionIdSchema,
    priorId: sessionIdSchema,
    createdAt: z.iso.datetime(),
    target: z.object({ before: z.null(), after: storedRunSchema }),
    source: z.object({
      before: storedRunSchema,
      mode: z.int().check(z.minimum(0), z.maximum(0o7777)),
      after: storedRunSchema,
    }),
    outcome: z.exactOptional(z.enum(['committed', 'rolled_back'])),
    voided: z.exactOptional(z.boolean()),
  })
  .check(z.refine((journal) => journal.currentId !== journal.priorId, 'a run moves between two sessions'));

/** What became of an attempt to understand a journal. */
export type JournalVerdict =
  | { readonly kind: 'journal'; readonly journal: Journal }
  | { readonly kind: 'otherVersion'; readonly version: unknown }
  | { readonly kind: 'broken' };

/**
 * Judges a journal's or receipt's text (protocol.md, "Recover"): only one that fails the schema of its own version is
 * broken; a version that we do not know is somebody's property.
 *
 * @param text - the whole file
 */
export function judgeJournal(text: string): JournalVerdict {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: 'broken' };
  }
  const version = typeof value === 'object' && value !== null ? (value as { version?: unknown }).version : undefined;
  if (version !== undefined && version !== journalVersion) return { kind: 'otherVersion', version };
  const parsed = journalSchema.safeParse(value);
  return parsed.success ? { kind: 'journal', journal: value as Journal } : { kind: 'broken' };
}
