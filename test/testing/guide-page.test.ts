import { describe, expect, it } from 'vitest';
import { graphCoverage, resumePaths, runPath } from '../../src/testing/index.ts';
import { createMemoryWorld } from './example/memory-world.ts';
import { renderGuidePage } from './guide-page.ts';

describe('the page about the kit', () => {
  it('is as it would be written now', async () => {
    await expect(renderGuidePage()).toMatchFileSnapshot('../../src/testing/README.md');
  });

  it('shows how to run some paths, and that works', async () => {
    const paths = resumePaths({ to: 'resumed_same_codex_session', through: 'writeSource: changed' });
    expect(paths).not.toHaveLength(0);
    for (const path of paths) {
      const world = createMemoryWorld();
      await runPath(path, world);
      world.dispose();
    }
    expect(graphCoverage(paths).transitions.covered).toBeGreaterThan(10);
  });
});
