import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type IllnessId, illnesses } from '../../src/cli/see/doctor/illnesses.ts';
import { ills } from '../support/doctor/ills.ts';
import { age, contentAt, makePatient, type Patient, type Told } from '../support/doctor/patient.ts';

const healthy = { code: 0, stderr: '', findings: [], mended: [], unmended: [] };

/** All that stands in the project, our own folder with it. */
const everything = ({ box }: Patient): object => ({
  ...box.snapshot(),
  own: fs.existsSync(box.path('.forge-resume')) ? fs.readdirSync(box.path('.forge-resume'), { recursive: true }) : [],
});

async function expectBack(patient: Patient, undo: Told['findings'][number]['undo'], file: string, before?: string) {
  if (undo === null) throw new Error(`nothing says how to put ${file} back`);
  await patient.follow(undo);
  if (before !== undefined) expect(contentAt(file)).toBe(before);
}

describe('doctor: every illness is found, mended, and put back', () => {
  it('the table has every id that the code knows', () => {
    expect([...new Set(ills.map(({ id }) => id))].sort()).toEqual(Object.keys(illnesses).sort());
  });

  it.each(ills.filter(({ needs = () => true }) => needs()))('$id: $what', async (ill) => {
    const { id, fall, mendedBy, byHand, evidence, back, isFinal = false } = ill;
    const patient = makePatient();
    expect(await patient.doctor()).toEqual(healthy);
    await fall(patient);
    const file = ill.file(patient);
    const before = contentAt(file);
    const [beforeAll, gives] = [everything(patient), ill.gives];
    const bytes = gives === undefined && mendedBy === 'fix' ? fs.readFileSync(file) : (gives?.(patient) ?? null);

    const found = await patient.doctor();
    expect(found).toMatchObject({ code: 3, stderr: '', findings: [{ id, ...illnesses[id], file }] });
    expect(found.findings).toHaveLength(1);
    const [finding] = found.findings as [Told['findings'][number]];
    expect(finding.evidence).toMatch(evidence);
    expect(Object.keys(finding).sort()).toEqual(
      ['id', 'name', 'severity', 'file', 'evidence', 'meaning', 'fixes', 'undo'].sort(),
    );
    expect(finding.fixes.length > 0).toBe(mendedBy !== 'hand');
    expect(everything(patient)).toEqual(beforeAll);

    // Of another illness, nothing is mended.
    const other: IllnessId = id === 'FR003' ? 'FR006' : 'FR003';
    expect(await patient.doctor('--fix', '--only', other)).toEqual(healthy);
    expect(everything(patient)).toEqual(beforeAll);

    const mending = await patient.doctor('--fix');
    if (mendedBy !== 'fix') {
      expect(mending).toMatchObject({ code: 4, findings: [finding], mended: [], unmended: [] });
      expect(everything(patient)).toEqual(beforeAll);
      if (mendedBy === 'hand') await byHand?.(patient);
      else await patient.follow(finding.fixes[0] ?? []);
      expect(await patient.doctor()).toEqual(healthy);
      ill.mended?.(patient);
      if (mendedBy === 'hand' || isFinal) {
        expect(finding.undo).toBe(null);
        return;
      }
      await expectBack(patient, finding.undo, file, id === 'FR017' ? undefined : before);
    } else {
      expect(mending).toMatchObject({ code: 0, stderr: '', findings: [], unmended: [], mended: [{ id, file }] });
      expect(await patient.doctor()).toEqual(healthy);
      const [{ kept, undo }] = mending.mended as [Told['mended'][number]];
      expect(kept === null).toBe(bytes === null);
      if (kept !== null) {
        expect(kept.startsWith(patient.box.path('.forge-resume', 'quarantine'))).toBe(true);
        expect(fs.readFileSync(kept).equals(bytes as Buffer)).toBe(true);
      }
      expect(undo).toEqual(finding.undo);
      await expectBack(patient, undo, file, back === undefined ? before : undefined);
      if (back !== undefined) {
        back(patient);
        return;
      }
    }
    if (fs.lstatSync(file, { throwIfNoEntry: false })) age(file);
    const again = await patient.doctor();
    expect(again).toMatchObject({ code: 3, findings: [{ id, file }] });
    // Promise 8: what the test put there goes with the test.
    if (id === 'FR005') fs.unlinkSync(file);
    if (id === 'FR012') fs.rmSync(file, { recursive: true });
  });
});
