import { describe, it } from 'vitest';
import { storeConformance } from '../../../src/testing/index.ts';
import { createMemoryWorld } from './memory-world.ts';

describe('the memory store', () => {
  for (const { name, run } of storeConformance(createMemoryWorld)) it(name, run);
});
