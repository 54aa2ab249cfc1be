import { afterAll, beforeAll, expect, it } from 'vitest';
import { makePatient } from '../support/doctor/patient.ts';
import { lookBesideWriters } from '../support/doctor/rounds.ts';
import { Crew } from '../support/race/crew.ts';

let crew: Crew;
beforeAll(async () => {
  crew = await Crew.open();
});
afterAll(() => crew?.close());

it('doctor finds nothing in a healthy directory in 1,000 looks while eight processes write', async () => {
  const { found, sessions } = await lookBesideWriters(crew, makePatient(), 1_000);
  expect(sessions).toBeGreaterThan(100);
  expect(found).toEqual([]);
});
