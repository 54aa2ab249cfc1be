import { describe, expect, it } from 'vitest';
import {
  forgeStateSchema,
  payloadIdentitySchema,
  sessionIdSchema,
  sessionRecordSchema,
  terminalPhaseSchema,
} from '../../src/rules/schemas.ts';

const accepts = (schema: { safeParse: (value: unknown) => { success: boolean } }, value: unknown): boolean =>
  schema.safeParse(value).success;

describe('the schemas judge as the rules do', () => {
  it.each(['a', 'A-z_09', 'x'.repeat(64)])('session id %j', (id) => expect(accepts(sessionIdSchema, id)).toBe(true));
  it.each(['', 'a b', '../a', 'ä', 'x'.repeat(65), 7, null])('no session id: %j', (id) =>
    expect(accepts(sessionIdSchema, id)).toBe(false),
  );

  it('a run is any object, whatever its fields', () => {
    expect(accepts(forgeStateSchema, { active: 'odd', iteration: [] })).toBe(true);
    expect([null, [], 'text', 7].filter((value) => accepts(forgeStateSchema, value))).toEqual([]);
  });

  it('a phase ends a run after trimming and lower-casing', () => {
    expect(accepts(terminalPhaseSchema, ' Cancelled ')).toBe(true);
    expect(accepts(terminalPhaseSchema, 'running')).toBe(false);
  });

  it('rule 2: session.json needs a valid id, read as text, and keeps its other fields', () => {
    expect(sessionRecordSchema.parse({ session_id: 'now', cwd: 7 })).toEqual({ session_id: 'now', cwd: 7 });
    expect(accepts(sessionRecordSchema, { session_id: 7 })).toBe(true);
    expect([{}, { session_id: ' now ' }, { session_id: null }].filter((v) => accepts(sessionRecordSchema, v))).toEqual(
      [],
    );
  });

  it('payload ids are trimmed, and empty where they are absent', () => {
    expect(payloadIdentitySchema.parse({ sessionId: ' s1 ' })).toEqual({ sessionId: 's1', threadId: '' });
  });
});
