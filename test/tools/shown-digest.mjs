/** What the README's screenshots show, as a digest: the sources of the page and of the chart. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** `known-chart.ts` names the chart; the alphabet makes the number of its paths. */
const shown = [
  'src/inspect/page',
  'src/inspect/model',
  'src/graph/layout',
  'src/graph/svg',
  'src/graph/alphabet',
  'src/inspect/recording/known-chart.ts',
];

const filesIn = (path) =>
  /\.\w+$/.test(path)
    ? [path]
    : readdirSync(join(root, path))
        .sort()
        .flatMap((name) => filesIn(`${path}/${name}`));

/** Where the digest of the pictures that were taken last stands. */
export const digestFile = join(root, 'test', 'tools', 'screenshots.sha256');

/** The digest of what pictures would show now. */
export function shownDigest() {
  const hash = createHash('sha256');
  for (const path of shown.flatMap(filesIn)) {
    hash.update(`${path}\n${readFileSync(join(root, path), 'utf8')}\n`);
  }
  return hash.digest('hex');
}
