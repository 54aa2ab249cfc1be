/** Doctor beside eight processes that write in one healthy project. */
import fs from 'node:fs';
import { dirname, join } from 'node:path';
import { findingsIn } from '../../../src/cli/see/doctor/doctor-facts.ts';
import { statePaths } from '../../../src/store/file/files/paths.ts';
import type { Crew } from '../race/crew.ts';
import { liveRun } from '../runs.ts';
import type { Patient } from './patient.ts';

/** What was seen meanwhile. */
export interface Rounds {
  /** Every finding: none should be. */
  readonly found: readonly string[];
  /** Sessions in which the run has been. */
  readonly sessions: number;
}

/**
 * Looks again and again, in this process and, every 20th time, as the program.
 *
 * @param crew - gives the writers
 * @param patient - the project
 * @param rounds - how often it looks
 */
export async function lookBesideWriters(crew: Crew, patient: Patient, rounds: number): Promise<Rounds> {
  const { stateDir, project } = patient.box;
  const paths = statePaths(stateDir);
  const file = paths.run('first');
  fs.mkdirSync(dirname(file), { recursive: true });
  fs.writeFileSync(file, JSON.stringify(liveRun({ owner_rcs_session_id: 'first', iteration: 100_000 }), null, 2));
  const log = join(project, 'calls.log');
  fs.writeFileSync(log, '');
  const writers = [
    ...Array.from({ length: 6 }, (_none, index) =>
      crew.start('caller', stateDir, log, `p${index}`, 's1', String(index)),
    ),
    ...Array.from({ length: 2 }, () => crew.start('inPlace', stateDir)),
  ];
  await Promise.all(writers.map((one) => one.ready()));
  const found: string[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const inProcess = await findingsIn({ stateDir, isFound: false, others: [] }, {});
    const asProgram = round % 20 === 0 ? (await patient.doctor()).findings : [];
    for (const { id, file: at, evidence } of [...inProcess, ...asProgram]) {
      found.push(`round ${round}: ${id} ${at} ${evidence}`);
    }
  }
  for (const one of writers) one.go();
  await Promise.all(writers.map((one) => one.ended));
  return { found, sessions: fs.readdirSync(paths.sessions).length };
}
