import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const program = join(root, 'dist/cli/forge-resume.cjs');
const stamp = join(root, 'node_modules/.cache/forge-session-resume/cli');

const filesIn = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** What the bundle is made of; contents, since a checkout changes times and a deletion leaves none. */
const fingerprint = (): string => {
  const hash = createHash('sha256');
  const lock = join(root, 'package-lock.json');
  for (const file of [lock, ...filesIn('src'), ...filesIn('machines'), ...filesIn('test/tools')].sort()) {
    hash.update(file).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
};

const isCurrent = (wanted: string): boolean =>
  existsSync(program) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;

/**
 * Vitest's global setup: bundles the command line, unless the one in dist is made of the same sources. Two runs at
 * once may both build; each file is put in place whole, and both put the same there.
 */
export default async function buildOnce(): Promise<void> {
  const wanted = fingerprint();
  if (isCurrent(wanted)) return;
  const { buildCli } = await import('../tools/build-cli.mjs');
  await buildCli();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
}
