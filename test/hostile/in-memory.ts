import fs from 'node:fs';

/**
 * Puts a test file's sandboxes into memory where the host has a folder for that: hundreds of calls would otherwise
 * wait for a disk to sync what no test will look at after a power cut. To be called before the first test.
 */
export function useMemory(): void {
  const folder = '/dev/shm';
  if (fs.existsSync(folder)) process.env['TMPDIR'] = folder;
}
