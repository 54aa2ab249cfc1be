import fs from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { leastRights } from '../../src/cli/store/least-rights.ts';
import { stopEvent } from '../support/payloads.ts';
import { needsPostgres } from '../support/postgres-server.ts';
import { oneLine, runProgram, silent } from '../support/program.ts';
import { liveRun } from '../support/runs.ts';
import { makeSandbox } from '../support/sandbox.ts';
import { useStoreServer } from '../support/store/store-server.ts';
import { fencesOf } from './markdown.ts';
import { shellOf } from './newcomer.ts';

const heading = 'Beyond one machine: PostgreSQL';
const rights = fencesOf('README.md').find((fence) => fence.heading === heading && fence.language === 'sql')?.text ?? '';

describe.runIf(needsPostgres())('README, "Beyond one machine"', () => {
  const store = useStoreServer();

  it('the set-up in five lines leads to a store that doctor finds nothing wrong with', async () => {
    const [lines = []] = shellOf(heading);
    expect(lines).toHaveLength(5);
    const [install, enter, ...commands] = lines;
    expect([install, enter]).toEqual(['npm install --global pg', 'cd project']);
    const box = makeSandbox();
    const home = makeSandbox({ stateDir: false }).project;
    const words = commands.map((line) => line.replace(/postgres:\S+/, store.url()).split(' '));
    expect(words.map(([program]) => program)).toEqual(['forge-resume', 'forge-resume', 'forge-resume']);
    const ended = [];
    for (const [, ...args] of words) ended.push(await runProgram(args, { cwd: box.project, env: { HOME: home } }));
    expect(ended.map(({ code }) => code)).toEqual([0, 0, 3]);
    // Of hooks the five lines say nothing.
    expect(ended.at(-1)?.stdout).not.toMatch(/FR02[2-6]/);
    expect(ended.at(-1)?.stdout).toMatch(/^1 finding: /m);
    expect(fs.readdirSync(join(home, '.config', 'forge-resume'))).toEqual(['stores.json']);
  });

  it('the rights that it grants are enough for a call, and none of them is too many', async () => {
    expect(rights.split('\n')).toEqual(leastRights('caller'));
    await runProgram(['db', 'migrate'], { env: { FORGE_RESUME_STORE: store.url() } });
    const grants = rights.split('\n');
    const poor = grants.map((_grant, index) => `without${index}`);
    for (const role of ['caller', ...poor]) await store.ask(`CREATE ROLE ${role} LOGIN`);
    for (const grant of grants) await store.ask(grant);
    for (const [index, role] of poor.entries()) {
      for (const grant of grants) if (grant !== grants[index]) await store.ask(grant.replace('caller', role));
    }
    const call = async (role: string): Promise<string> => {
      const box = makeSandbox();
      box.putSessions('now');
      box.putRun('old', liveRun());
      fs.writeFileSync(join(box.stateDir, 'sessions', 'old', 'run-state.json'), '{}');
      const env = { FORGE_RESUME_STORE: store.url(role), FORGE_RESUME_PROJECT: role, RCS_SESSION_ID: 'now' };
      const ended = await runProgram(['hook'], { env, input: stopEvent(box.project) });
      if (ended.stderr !== '') {
        expect(ended).toEqual(oneLine(/permission denied for .*The rights that are needed: forge-resume db --help/));
        return 'refused';
      }
      expect(ended).toEqual(silent);
      // Its undo takes the rest of the rights.
      expect(await runProgram(['undo', '--yes'], { cwd: box.project, env })).toMatchObject({ code: 0 });
      return 'moved';
    };
    expect(await call('caller')).toBe('moved');
    for (const role of poor) expect([role, await call(role)]).toEqual([role, 'refused']);
  }, 120_000);
});
