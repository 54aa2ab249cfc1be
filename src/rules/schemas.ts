import { z } from 'zod';
import { isForgeState, isTerminalPhase } from './forge-state.ts';
import { protocol } from './protocol.ts';
import { isSessionId } from './session-id.ts';

/** An RCS session id: 1 to 64 letters, digits, `_` or `-` (spec.md, "Files"). */
export const sessionIdSchema: z.ZodType<string> = z
  .string()
  .refine(isSessionId, 'an RCS session id has 1 to 64 letters, digits, _ or -');

/**
 * A run. Every field passes, whatever its type: no odd type makes a run unreadable. The schema judges; what is
 * written is always the raw `JSON.parse` value, since parsing through a schema drops `__proto__` and reorders keys.
 */
export const forgeStateSchema: z.ZodType<Readonly<Record<string, unknown>>> = z.custom<
  Readonly<Record<string, unknown>>
>(isForgeState, 'a run is a JSON object');

/** A phase that ends a run, after trim and lower-casing. */
export const terminalPhaseSchema: z.ZodType<string> = z
  .string()
  .refine(isTerminalPhase, `a terminal phase is one of ${protocol.terminalPhases.join(', ')}`);

/** `session.json`, as far as its shape goes; whether it is usable depends on the project and the process too. */
export const sessionRecordSchema: z.ZodType<Readonly<Record<string, unknown>>> = z.looseObject({
  [protocol.sessionRecordFields.sessionId]: sessionIdSchema,
});

/** The two ids that an agent's payload may carry, as free text. */
export const payloadIdentitySchema: z.ZodType<{ sessionId: string; threadId: string }> = z.object({
  sessionId: z.string().trim().default(''),
  threadId: z.string().trim().default(''),
});
