import fsExtra from 'fs-extra';
import { expect, it } from 'vitest';
import fs from '../../src/store/file/files/late-fs-extra.ts';

it('what ships in place of the import of fs-extra is fs-extra, where that is installed', () => {
  expect(fs).toBe(fsExtra);
});
