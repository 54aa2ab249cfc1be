import fs from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ForgeResumeError } from '../../src/errors.ts';
import { liveRun, thrownBy } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';

describe('rule 10: linked folders', () => {
  const linkFolder = (sandbox: Sandbox, path: string): void => {
    const elsewhere = join(sandbox.project, 'elsewhere');
    fs.mkdirSync(elsewhere);
    fs.mkdirSync(dirname(path), { recursive: true });
    fs.symlinkSync(elsewhere, path);
  };

  it.each([
    ['sessions/', ['sessions'], true],
    ['sessions/', ['sessions'], false],
    ['sessions/<current>', ['sessions', 'now'], true],
    ['sessions/<current>', ['sessions', 'now'], false],
  ])('rule 10: a symlinked %s throws STATE_UNSAFE', async (_name, path, isRecorded) => {
    const sandbox = makeSandbox();
    if (isRecorded) sandbox.putRecord({ session_id: 'now' });
    linkFolder(sandbox, sandbox.path(...path));
    if (path.length === 1) fs.mkdirSync(join(sandbox.project, 'elsewhere', 'now'));
    const before = sandbox.snapshot();
    const error = await thrownBy(sandbox.call({ session: 's1' }));
    expect(error).toBeInstanceOf(ForgeResumeError);
    expect(error).toMatchObject({ code: 'STATE_UNSAFE' });
    expect(sandbox.snapshot()).toEqual(before);
  });

  it('rule 10: a dangling sessions/<current> throws STATE_UNSAFE', async () => {
    const sandbox = makeSandbox();
    sandbox.putRecord({ session_id: 'now' });
    sandbox.putRun('old', liveRun());
    fs.symlinkSync('nowhere', sandbox.path('sessions', 'now'));
    const before = sandbox.snapshot();
    expect(await thrownBy(sandbox.call({ session: 's1' }))).toMatchObject({ code: 'STATE_UNSAFE' });
    expect(sandbox.snapshot()).toEqual(before);
  });

  it('protocol: a symlinked folder of ours is refused, and nothing is put where it points to', async () => {
    const sandbox = makeSandbox();
    sandbox.putSessions('now');
    sandbox.putRun('old', liveRun());
    linkFolder(sandbox, sandbox.path('.forge-resume'));
    const error = await thrownBy(sandbox.call({ session: 's1' }));
    expect(error).toMatchObject({ code: 'STATE_UNSAFE' });
    expect(fs.readdirSync(join(sandbox.project, 'elsewhere'))).toEqual([]);
  });

  it.each(['project', '.rcs', 'stateDir'])('rule 10: a link at or above stateDir is followed: %s', async (where) => {
    const sandbox = makeSandbox();
    sandbox.putSessions('now');
    sandbox.putRun('old', liveRun());
    const other = join(sandbox.project, 'other');
    const below = { project: '', '.rcs': '.rcs', stateDir: join('.rcs', 'state') }[where] ?? '';
    const [link, target] = [join(other, below), join(sandbox.project, below)];
    fs.mkdirSync(dirname(link), { recursive: true });
    fs.symlinkSync(target, link);
    const stateDir = join(other, '.rcs', 'state');
    const result = await sandbox.call({ session: 's1', stateDir });
    expect(result).toMatchObject({
      resumed: true,
      sourcePath: join(stateDir, 'sessions', 'old', 'forge-state.json'),
      targetPath: join(stateDir, 'sessions', 'now', 'forge-state.json'),
    });
    expect(sandbox.run('now')['active']).toBe(true);
  });
});
