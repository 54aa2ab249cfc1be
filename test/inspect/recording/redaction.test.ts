import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RecordingRecord } from '../../../src/inspect/recording/format.ts';
import { longestText } from '../../../src/inspect/recording/plain-copy.ts';
import { protocol } from '../../../src/rules/protocol.ts';
import { liveRun } from '../../support/runs.ts';
import { makeSandbox } from '../../support/sandbox.ts';

const known = new Set<string>(Object.values(protocol.fields));
/** Marks what must not be found again: as a text, as a name, or deep in something. */
const mark = 'private-';
const marked = fc.string({ maxLength: 12 }).map((text) => `${mark}${text}`);
const foreignValue = fc.oneof(
  marked,
  fc.array(marked),
  fc.dictionary(marked, marked),
  fc.constant({ a: [{ b: mark }] }),
);
/** Fields that the rules do not know, `__proto__` among them, and known ones that hold what they never should. */
const foreignFields = fc.dictionary(
  fc.oneof(marked, fc.constantFrom('__proto__', 'constructor', 'task', 'prompt', 'Active')),
  foreignValue,
  { minKeys: 1, maxKeys: 6 },
);
const oddKnown = fc.dictionary(
  fc.constantFrom('iteration', 'completed_at', 'stop_reason', 'tmux_pane_set_at'),
  fc.oneof(fc.array(marked, { minLength: 1 }), fc.dictionary(marked, marked, { minKeys: 1 })),
);

/** A hand-over or a no-op on such a run, recorded; the records as they would stand in a file. */
async function recorded(session: string, fields: object, full: boolean): Promise<string> {
  const sandbox = makeSandbox();
  const lines: string[] = [];
  sandbox.putSessions('now');
  // As text: an object's own `__proto__` must get there.
  const entries = [...Object.entries(liveRun({ owner_rcs_session_id: session })), ...Object.entries(fields)];
  const members = entries.map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`);
  sandbox.putRun(session, `{${members.join(', ')}}`);
  const hooks = {
    afterCommit: () => {
      throw new Error(`${mark}message`);
    },
  };
  const to = (record: RecordingRecord): unknown => lines.push(JSON.stringify(record));
  await sandbox.call({ session: 's1', record: { to, full }, hooks });
  return lines.join('\n');
}

describe('what is left out', () => {
  it('promise of privacy: unknown fields, their names, and foreign messages are in no recording unless all is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('old', 'now'), foreignFields, oddKnown, async (session, foreign, odd) => {
        const fields = { ...foreign, ...odd };
        const text = await recorded(session, fields, false);
        expect(text).not.toContain(mark);
        for (const name of Object.keys(foreign)) expect(text).not.toContain(`${JSON.stringify(name)}:`);
        const omitted = Object.keys(fields).filter((name) => !known.has(name) || name in odd).length;
        expect(
          JSON.parse(
            text.split('\n').find((line) => line.includes('"kind":"run"') && !line.includes('"state":null')) ?? '',
          ),
        ).toMatchObject({ omitted });
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  it('full: all of it is there, and the header says so', async () => {
    const text = await recorded('old', { task: [`${mark}task`], prompt: mark.repeat(500) }, true);
    const [header] = text.split('\n').map((line) => JSON.parse(line));
    expect(header).toMatchObject({ full: true, omitted: [] });
    for (const part of [`"task":["${mark}task"]`, mark.repeat(500), `${mark}message`]) expect(text).toContain(part);
    expect(text).toContain('"omitted":0');
  });

  it('the header names what was left out', async () => {
    const [header] = (await recorded('old', {}, false)).split('\n').map((line) => JSON.parse(line));
    expect(header).toMatchObject({
      full: false,
      omitted: [
        'message texts',
        'fields of runs that the rules do not know',
        'messages of errors that are not ours',
        `what texts have beyond ${longestText} characters`,
      ],
    });
  });

  it('ids of any length are cut, so that a recording stays small', async () => {
    const sandbox = makeSandbox();
    sandbox.putSessions('now');
    const lines: string[] = [];
    const record = (one: RecordingRecord): unknown => lines.push(JSON.stringify(one));
    await sandbox.call({ session: 's'.repeat(1_000_000), thread: 't'.repeat(1_000_000), record });
    expect(lines.join('').length).toBeLessThan(50_000);
  });

  it('full: a run nested too deep to be written, or over 1 MiB, is shown by its known fields', async () => {
    const deep = '['.repeat(50_000) + ']'.repeat(50_000);
    for (const more of [`"deep": ${deep}`, `"large": "${'x'.repeat(1_100_000)}"`]) {
      const sandbox = makeSandbox();
      sandbox.putRun('now', `{"active": false, ${more}}`);
      const lines: string[] = [];
      const to = (one: RecordingRecord): unknown => lines.push(JSON.stringify(one));
      await sandbox.call({ session: 's1', record: { to, full: true } });
      expect(lines.some((line) => line.includes('"state":{"active":false},"omitted":1'))).toBe(true);
    }
  });
});
