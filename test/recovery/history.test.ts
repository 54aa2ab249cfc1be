import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { liveRun } from '../support/runs.ts';
import { makeSandbox } from '../support/sandbox.ts';

describe('protocol "Transfer": the history', () => {
  it('gains one line for each hand-over, and half a line that a dead call left stands alone', async () => {
    const sandbox = makeSandbox();
    const file = sandbox.path('.forge-resume', 'history.jsonl');
    sandbox.putSessions('b', 'c');
    sandbox.putRun('a', liveRun({ owner_rcs_session_id: 'a' }));
    expect(await sandbox.call({ current: 'b', session: 's1' })).toMatchObject({ resumed: true });
    fs.appendFileSync(file, '{"at":"2026-0');
    expect(await sandbox.call({ current: 'c', session: 's1' })).toMatchObject({ resumed: true });
    const [first = '', torn, second = '', ...rest] = fs.readFileSync(file, 'utf8').split('\n');
    expect(JSON.parse(first)).toMatchObject({ source: 'a', target: 'b', outcome: 'committed' });
    expect(torn).toBe('{"at":"2026-0');
    expect(JSON.parse(second)).toMatchObject({ source: 'b', target: 'c', outcome: 'committed' });
    expect(rest).toEqual(['']);
  });
});
