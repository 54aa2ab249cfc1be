/** `npm run bench:readme`: puts what a full run measured, `figures.json` beside this file, into the README. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withFigures } from './readme-figures.ts';
import type { Report } from './report.ts';

const file = join(process.cwd(), 'README.md');
const figures = readFileSync(join(process.cwd(), 'test', 'bench', 'figures.json'), 'utf8');
writeFileSync(file, withFigures(readFileSync(file, 'utf8'), JSON.parse(figures) as Report));
