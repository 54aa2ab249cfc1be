import { describe, expect, it } from 'vitest';
import { openPostgresStore } from '../../../src/store/postgres/index.ts';

const good = { project: 'shop', connectionString: 'postgres://127.0.0.1:1/x' };

describe('openPostgresStore refuses by name what the server could not make sense of', () => {
  it.each<[option: string, given: object]>([
    ['project', { ...good, project: undefined }],
    ['project', { ...good, project: '' }],
    ['project', { ...good, project: 'a\0b' }],
    ['project', { ...good, project: 'x'.repeat(201) }],
    ['connectionString', { project: 'shop' }],
    ['connectionString', { ...good, connectionString: undefined }],
    ['connectionString', { ...good, connectionString: ' ' }],
    ['connectionString', { ...good, connectionString: {} }],
    ['pool', { project: 'shop', pool: undefined }],
    ...[0, 99, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, '5000'].map((lockLimitMs): [string, object] => [
      'lockLimitMs',
      { ...good, lockLimitMs },
    ]),
  ])('%s, %j', async (option, given) => {
    const says = new RegExp(`^openPostgresStore: .*${option}`);
    await expect(openPostgresStore(given as never)).rejects.toThrow(says);
    await expect(openPostgresStore(given as never)).rejects.toThrow(TypeError);
  });

  it('and takes what makes sense', async () => {
    for (const lockLimitMs of [undefined, 100, 2 ** 31 - 1])
      await (await openPostgresStore({ ...good, lockLimitMs })).close();
  });
});
