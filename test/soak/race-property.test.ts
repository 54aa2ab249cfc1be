import { describe, it } from 'vitest';
import { runProperty } from '../property/run-property.ts';

describe('whatever happens in whatever order, many times', () => {
  it('promises 1, 2, 3 and 6 hold after every step', { timeout: 7_200_000 }, async () => {
    await runProperty(Number(process.env['FORGE_RESUME_SOAK_RUNS'] ?? 3_000));
  });
});
