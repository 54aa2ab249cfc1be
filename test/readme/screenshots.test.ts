import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { digestFile, shownDigest } from '../tools/shown-digest.mjs';

const root = join(import.meta.dirname, '../..');

it('the screenshots are of the page and the chart as they are', () => {
  // After a change of either: npm run build && npm run screenshots, and look at the pictures.
  expect(readFileSync(digestFile, 'utf8').trim()).toBe(shownDigest());
});

it('the README shows a transfer, a rollback and a recovery', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const pictures = [...readme.matchAll(/!\[[^\]]{30,}\]\((src\/inspect\/screenshots\/(\w+)\.webp)\)/g)];
  expect(pictures.map(([, , name]) => name)).toEqual(['transfer', 'rollback', 'recovery']);
  for (const [, path = ''] of pictures) expect(existsSync(join(root, path)), path).toBe(true);
});
