import * as z from 'zod/mini';
import { type Journal, journalVersion, restoreBytes, runIn, type StoredBytes } from './journal.ts';
import { isSessionId } from './session-id.ts';
import { isCompanionName, isSha256 } from './trail.ts';

const sessionId = z.string().check(z.refine(isSessionId));
const sha256 = z.string().check(z.refine(isSha256));
const companionName = z.string().check(z.refine(isCompanionName));
const storedBytes: z.ZodMiniType<StoredBytes> = z.union([
  z.strictObject({ utf8: z.string() }),
  z.strictObject({ base64: z.base64() }),
]);
const storedRun = storedBytes.check(z.refine((stored) => runIn(restoreBytes(stored)) !== undefined));
/** Any time that a date can hold: ISO years may have a sign and six digits. */
const instant = z.string().check(z.refine((text) => !Number.isNaN(Date.parse(text))));

/** What a journal of this version must look like; ids that could point elsewhere fail it. */
export const journalSchema: z.ZodMiniType<Journal> = z.object({
  version: z.literal(journalVersion),
  transferId: sessionId,
  source: sessionId,
  target: sessionId,
  at: instant,
  command: z.optional(z.enum(['adopt', 'undo'])),
  startedAt: z.string(),
  sourceBefore: sha256,
  targetBefore: z.nullable(storedBytes),
  targetAfter: storedRun,
  companions: z.array(z.object({ name: companionName, sha256 })),
});

/** What became of an attempt to understand a journal. */
export type JournalVerdict =
  | { readonly kind: 'journal'; readonly journal: Journal }
  | { readonly kind: 'otherVersion'; readonly version: unknown }
  | { readonly kind: 'broken' };

/**
 * Judges a journal's text (src/store/file/README.md#recovery): only one that fails the schema of its own version is
 * broken; a version that we do not know is somebody's property.
 *
 * @param text - the whole file
 * @param sides - the sessions that its name speaks of; one that speaks of others is broken
 */
export function judgeJournal(
  text: string,
  sides: { readonly source: string; readonly target: string },
): JournalVerdict {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: 'broken' };
  }
  const version = typeof value === 'object' && value !== null ? (value as { version?: unknown }).version : undefined;
  if (version !== undefined && version !== journalVersion) return { kind: 'otherVersion', version };
  const parsed = journalSchema.safeParse(value);
  if (!parsed.success || parsed.data.source !== sides.source || parsed.data.target !== sides.target) {
    return { kind: 'broken' };
  }
  return { kind: 'journal', journal: parsed.data };
}
