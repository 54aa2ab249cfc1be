import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { AnyStateMachine } from 'xstate';
import { forgeSessionResumeMachine } from '../../machines/forge-session-resume.ts';
import { definitionOf } from '../../src/graph/layout/definition.ts';
import { printLiteral } from '../../src/graph/literal.ts';
import { renderGraph } from '../../src/graph/render.ts';

const withoutInputs = (machine: AnyStateMachine): unknown =>
  JSON.parse(JSON.stringify(definitionOf(machine), (key, value) => (key === 'input' ? undefined : value)));

const root = join(import.meta.dirname, '../..');

describe('graph --format xstate', () => {
  it('is a module that makes the same machine: states, transitions, guards, actions, invokes', async () => {
    // Inside the project, so that XState is found from there.
    const file = join(root, 'node_modules', `.printed-machine-${process.pid}.mjs`);
    writeFileSync(file, await renderGraph('xstate'));
    try {
      const { forgeSessionResume }: { forgeSessionResume: AnyStateMachine } = await import(
        /* @vite-ignore */ pathToFileURL(file).href
      );
      expect(definitionOf(forgeSessionResume)).toEqual(withoutInputs(forgeSessionResumeMachine));
    } finally {
      rmSync(file);
    }
  });

  it('holds no code and no inputs, which would look like all of them', async () => {
    expect(await renderGraph('xstate')).not.toMatch(/=>|function|input|context/);
  });
});

describe('printLiteral', () => {
  it('writes what JavaScript reads back', () => {
    const odd = {
      'a-b': ["it's", 'say "so"', 'back\\slash\\"', 'line\nbreak'],
      $ok: [],
      none: {},
      deep: { list: [{ on: true }, 1, null] },
    };
    expect(new Function(`return ${printLiteral(odd)}`)()).toEqual(odd);
  });
});
