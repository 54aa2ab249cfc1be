import * as z from 'zod/mini';
import { isForgeState, isTerminalPhase } from './forge-state.ts';
import { protocol } from './protocol.ts';
import { isSessionId } from './session-id.ts';
import { asText } from './text.ts';

/** An RCS session id: 1 to 64 letters, digits, `_` or `-` (src/rules/README.md#files). */
export const sessionIdSchema: z.ZodMiniType<string> = z
  .string()
  .check(z.refine(isSessionId, 'an RCS session id has 1 to 64 letters, digits, _ or -'));

/**
 * A run. Every field passes, whatever its type: no odd type makes a run unreadable. The schema judges; what is
 * written is always the raw `JSON.parse` value, since parsing through a schema drops `__proto__` and reorders keys.
 */
export const forgeStateSchema: z.ZodMiniType<Readonly<Record<string, unknown>>> = z.custom<
  Readonly<Record<string, unknown>>
>(isForgeState, 'a run is a JSON object');

/** A phase that ends a run, after trim and lower-casing. */
export const terminalPhaseSchema: z.ZodMiniType<string> = z
  .string()
  .check(z.refine(isTerminalPhase, `a terminal phase is one of ${protocol.terminalPhases.join(', ')}`));

/** `session.json`, as far as its shape goes; whether it is usable depends on the project and the process too. */
export const sessionRecordSchema: z.ZodMiniType<Readonly<Record<string, unknown>>> = z.looseObject({
  [protocol.sessionRecordFields.sessionId]: z
    .unknown()
    .check(z.refine((id) => isSessionId(asText(id)), 'read as text, it is an RCS session id')),
});

/** The two ids that an agent's payload may carry, as free text. */
export const payloadIdentitySchema: z.ZodMiniType<{ sessionId: string; threadId: string }> = z.object({
  sessionId: z._default(z.string().check(z.trim()), ''),
  threadId: z._default(z.string().check(z.trim()), ''),
});
