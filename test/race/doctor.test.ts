import fs from 'node:fs';
import os from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { projectFindings } from '../../src/cli/see/doctor/project-findings.ts';
import { runFindings } from '../../src/cli/see/doctor/run-findings.ts';
import { readJsonAt } from '../../src/store/file/files/json-file.ts';
import { statePaths } from '../../src/store/file/files/paths.ts';
import { Crew } from '../support/race/crew.ts';
import { liveRun } from '../support/runs.ts';

let crew: Crew;
let project: string;
beforeAll(async () => {
  crew = await Crew.open();
  project = fs.mkdtempSync(join(os.tmpdir(), 'forge-doctor-race-'));
});
afterAll(async () => {
  await crew.close();
  fs.rmSync(project, { recursive: true, force: true });
});

it('doctor finds nothing in a healthy directory, however often it looks while eight processes write', async () => {
  const paths = statePaths(join(project, '.rcs', 'state'));
  const file = paths.run('first');
  fs.mkdirSync(dirname(file), { recursive: true });
  fs.writeFileSync(file, JSON.stringify(liveRun({ owner_rcs_session_id: 'first', iteration: 100_000 }), null, 2));
  const log = join(project, 'calls.log');
  fs.writeFileSync(log, '');
  const writers = [
    ...Array.from({ length: 6 }, (_none, index) =>
      crew.start('caller', paths.stateDir, log, `p${index}`, 's1', String(index)),
    ),
    ...Array.from({ length: 2 }, () => crew.start('inPlace', paths.stateDir)),
  ];
  await Promise.all(writers.map((one) => one.ready()));
  const found: string[] = [];
  const seen = new Set<string>();
  for (let round = 0; round < 1_000; round += 1) {
    const now = Date.now();
    const record = await readJsonAt(paths.sessionRecord);
    const around = { record, panes: undefined, ownPane: '', now };
    for (const { id, evidence } of [...runFindings(paths, around), ...projectFindings(paths, record, now)]) {
      found.push(`round ${round}: ${id} ${evidence}`);
    }
    for (const id of fs.readdirSync(paths.sessions)) seen.add(id);
    // The writers' ends are told as messages.
    await new Promise((resolve) => setImmediate(resolve));
  }
  for (const one of writers) one.go();
  await Promise.all(writers.map((one) => one.ended));
  // They did hand the run over meanwhile.
  expect(seen.size).toBeGreaterThan(10);
  expect(found).toEqual([]);
}, 240_000);
