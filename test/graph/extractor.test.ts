import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { forgeSessionResumeMachine } from '../../machines/forge-session-resume.ts';
import { readChart } from '../../src/graph/chart.ts';
import { renderGraph } from '../../src/graph/render.ts';
import { bundleLibrary } from '../tools/build-library.mjs';
import { install } from '../tools/installed.mjs';
import { writtenStates } from './configuration.ts';

/** Stately's extractor reads code without running it; it works only beside xstate 4, so it has a folder of its own. */
const folder = join(import.meta.dirname, 'extractor');

interface Extractor {
  extractMachinesFromFile(code: string): { machines: { toConfig(): unknown }[] } | null;
}

const machinesIn = (code: string): unknown[] => {
  const extractor: Extractor = createRequire(join(folder, 'package.json'))('@xstate/machine-extractor');
  return extractor.extractMachinesFromFile(code)?.machines.map((machine) => machine.toConfig()) ?? [];
};

/** The files in dist that Stately's tools would see a machine in. */
const shippedCode = async (): Promise<string> => {
  const texts = [...(await bundleLibrary()).files].map(([name, bytes]) => [name, new TextDecoder().decode(bytes)]);
  const [code = '', ...others] = texts.flatMap(([name = '', text = '']) =>
    name.endsWith('.js') && text.includes('id:"forgeSessionResume"') ? [text] : [],
  );
  expect(others).toEqual([]);
  return code;
};

const source = async (): Promise<string> =>
  readFileSync(join(import.meta.dirname, '../../machines/forge-session-resume.ts'), 'utf8');

const written = writtenStates(forgeSessionResumeMachine.config);

describe("Stately's extractor", () => {
  beforeAll(() => install(folder), 120_000);

  it('is judged by every transition of the chart', () => {
    const transitions = Object.values(written).flatMap((state) => Object.values(state.transitions).flat());
    expect(transitions).toHaveLength(readChart(forgeSessionResumeMachine).transitions.length);
  });

  it.each([
    ['the source', source],
    ['what is shipped', shippedCode],
    ['what graph --format xstate prints', () => renderGraph('xstate')],
  ])('reads the whole machine from %s', async (_name, text) => {
    const found = machinesIn(await text());
    expect(found).toHaveLength(1);
    expect(writtenStates(found[0])).toEqual(written);
  });
});
