import { describe, it } from 'vitest';
import { runProperty } from './run-property.ts';

describe('whatever happens in whatever order', () => {
  it('promises 1, 2, 3 and 6 hold after every step', { timeout: 120_000 }, async () => {
    await runProperty(50);
  });
});
