import { describe, expect, it } from 'vitest';
import { graphFormats } from '../../src/graph/formats.ts';
import { resumePaths } from '../../src/graph/paths.ts';
import { renderGraph } from '../../src/graph/render.ts';
import { runProgram } from '../support/program.ts';

describe('forge-resume graph', () => {
  it.each(graphFormats)(
    'prints the chart: %s',
    async (format) => {
      expect(await runProgram(['graph', '--format', format])).toMatchObject({
        code: 0,
        stdout: await renderGraph(format),
        stderr: '',
      });
    },
    120_000,
  );

  it('prints Mermaid unless it is told otherwise, and takes no other format', async () => {
    expect(await runProgram(['graph'])).toMatchObject({ code: 0, stdout: await renderGraph('mermaid') });
    expect(await runProgram(['graph', '--format', 'png'])).toMatchObject({ code: 2, stdout: '' });
  });
});

describe('forge-resume paths', () => {
  it('lists every path and what all of them cover', async () => {
    const { code, stdout } = await runProgram(['paths']);
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.slice(0, resumePaths().length)).toEqual(resumePaths().map((p) => `${p.id}  ${p.description}`));
    expect(lines.slice(-5)[0]).toBe(`${resumePaths().length} paths`);
    expect(lines.at(-3)).toMatch(/^transitions (\d+)\/\1$/);
  });

  it('--json prints one object for each', async () => {
    const { code, stdout } = await runProgram(['paths', '--json']);
    expect(code).toBe(0);
    const paths = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(paths.map(({ id, states }) => ({ id, states }))).toEqual(
      resumePaths().map(({ id, states }) => ({ id, states })),
    );
  });
});
