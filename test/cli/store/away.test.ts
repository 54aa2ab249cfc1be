import fs from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { notification, stopEvent } from '../../support/payloads.ts';
import { logOf, oneLine, runProgram, silent } from '../../support/program.ts';
import { liveRun } from '../../support/runs.ts';
import { makeSandbox, type Sandbox } from '../../support/sandbox.ts';
import { openDeafServer } from '../../support/store/deaf-server.ts';
import { installWithoutDriver } from '../../support/store/without-driver.ts';

const password = 'gehe1m';
/** Start of the program, on a machine that is busy. */
const slackMs = 2_500;

/** A project with a run that files alone would hand over. */
function makeProject(): Sandbox {
  const box = makeSandbox();
  box.putSessions('now');
  box.putRun('old', liveRun());
  return box;
}

/** Ways in which a database is away. */
const aways: readonly [what: string, url: () => string | Promise<string>, says: RegExp][] = [
  [
    'refuses',
    () => `postgres://me:${password}@127.0.0.1:1/runs`,
    /the database cannot be reached: connect ECONNREFUSED/,
  ],
  ['has no host', () => `postgres://me:${password}@nowhere.invalid/runs`, /cannot be reached: getaddrinfo /],
  [
    'is silent',
    async () => `postgres://me:${password}@127.0.0.1:${(await openDeafServer()).port}/runs`,
    /(did not|no) answer within 2 s|connection timeout/,
  ],
];

describe('store away: the agent is never blocked, nothing is changed', () => {
  it.each(aways)(
    'where the database %s: hook and notify say one line, exit 0, within 2 s',
    async (_what, url, says) => {
      const box = makeProject();
      const env = { FORGE_RESUME_STORE: await url(), RCS_SESSION_ID: 'now' };
      const before = box.snapshot();
      const ways = [
        [['hook'], { env, input: stopEvent(box.project) }],
        [['notify', notification(box.project, { session_id: 's1' })], { env }],
      ] as const;
      for (const [args, options] of ways) {
        const since = performance.now();
        const ended = await runProgram(args, options);
        expect(performance.now() - since).toBeLessThan(2_000 + slackMs);
        expect(ended).toEqual(oneLine(says));
        expect(ended.stderr).not.toContain(password);
      }
      const logged = logOf(box.project);
      expect(logged).toMatchObject([{ error: { code: 'IO' } }, { error: { code: 'IO' } }]);
      expect(JSON.stringify(logged)).not.toContain(password);
      fs.rmSync(join(box.project, '.rcs', 'logs'), { recursive: true });
      expect(box.snapshot()).toEqual(before);
    },
  );

  it.each(aways)(
    'where the database %s: commands exit with 1 and say what to do; doctor names it',
    async (_what, url, says) => {
      const box = makeProject();
      const env = { FORGE_RESUME_STORE: await url(), RCS_SESSION_ID: 'now' };
      const before = box.snapshot();
      const commands = [
        ['reconcile', '--session-id', 's1'],
        ['reconcile', '--session-id', 's1', '--record', join(box.project, '..', 'no-recording')],
        ['reconcile', '--dry-run'],
        ['status'],
        ['why', '--session-id', 's1'],
        ['adopt', 'old', '--yes'],
        ['end', 'old', '--yes'],
        ['undo', '--yes'],
        ['db', 'migrate'],
      ];
      const ended = await Promise.all(commands.map((args) => runProgram(args, { cwd: box.project, env })));
      for (const one of ended) {
        expect(one).toMatchObject({ code: 1, stderr: expect.stringMatching(says) });
        expect(one.stderr).toMatch(
          /See that postgres:\/\/me@\S+ answers and knows the user; forge-resume doctor looks again\n$/,
        );
      }
      const doctor = await runProgram(['doctor', '--json', '--only', 'FR022'], { cwd: box.project, env });
      expect(JSON.parse(doctor.stdout).findings).toMatchObject([
        { id: 'FR022', evidence: expect.stringMatching(says) },
      ]);
      const told = await Promise.all(
        [
          ['doctor'],
          ['doctor', '--fix'],
          ['store', 'show'],
          ['store', 'show', '--json'],
          ['report'],
          ['report', '--json'],
          ['history'],
        ].map((args) => runProgram(args, { cwd: box.project, env })),
      );
      expect(JSON.stringify([...ended, doctor, ...told])).not.toContain(password);
      // A report names no host of the user's.
      expect(JSON.stringify(told.slice(4, 6).map(({ stdout }) => stdout))).not.toMatch(/postgres:\/\//);
      expect(box.snapshot()).toEqual(before);
    },
  );
});

describe('store driver: pg is loaded only where a store is named', () => {
  it('without it, one line says what to install; nothing is changed', async () => {
    const box = makeProject();
    const folder = installWithoutDriver();
    const env = { FORGE_RESUME_STORE: 'postgres://127.0.0.1:1/runs', RCS_SESSION_ID: 'now' };
    const says = /needs the package pg: npm install pg\. Install it where forge-session-resume is installed\n$/;
    expect(await runProgram(['hook'], { env, folder, input: stopEvent(box.project) })).toEqual(oneLine(says));
    const options = { cwd: box.project, env, folder };
    expect(await runProgram(['status'], options)).toMatchObject({ code: 1, stderr: expect.stringMatching(says) });
    const { stdout } = await runProgram(['doctor', '--json', '--only', 'FR024'], options);
    expect(JSON.parse(stdout).findings).toMatchObject([{ id: 'FR024', file: 'postgres://127.0.0.1:1/runs' }]);
    expect(box.run('old')).toEqual(liveRun());
    // On files nobody misses it, nor any part of ours that knows it.
    fs.rmSync(join(folder, 'on-postgres.cjs'));
    const home = makeSandbox({ stateDir: false }).project;
    const list = join(home, 'forge-resume', 'stores.json');
    fs.mkdirSync(join(home, 'forge-resume'), { mode: 0o700 });
    fs.writeFileSync(list, '{"schema":1,"stores":{"/elsewhere":{"url":"postgres://db/x","project":"x"}}}', {
      mode: 0o600,
    });
    const plain = { RCS_SESSION_ID: 'now', XDG_CONFIG_HOME: home };
    expect(await runProgram(['hook'], { env: plain, folder, input: stopEvent(box.project) })).toEqual(silent);
    expect(box.run('now')).toMatchObject({ active: true });
  });
});
