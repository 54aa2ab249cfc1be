import { afterAll, beforeAll, expect, it } from 'vitest';
import { makePatient } from '../support/doctor/patient.ts';
import { lookBesideWriters } from '../support/doctor/rounds.ts';
import { Crew } from '../support/race/crew.ts';

let crew: Crew;
beforeAll(async () => {
  crew = await Crew.open();
});
afterAll(() => crew?.close());

it('doctor finds nothing in a healthy directory, however often it looks while eight processes write', async () => {
  const { found, sessions } = await lookBesideWriters(crew, makePatient(), 60);
  // They did hand the run over meanwhile.
  expect(sessions).toBeGreaterThan(10);
  expect(found).toEqual([]);
}, 120_000);
