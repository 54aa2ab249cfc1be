/**
 * The bench: `npm run bench [-- --json FILE] [--only TEXT] [--short]`. `--json` writes all figures into a file,
 * `--only` takes the works whose name holds the text (`footprint`: none of them). With `--short`, which CI runs, each
 * work gets a third of the turns, the footprint is left out, and a bar may be passed by 25 %. Exits with 1 where a bar
 * is missed.
 */
import { writeFileSync } from 'node:fs';
import { arch, cpus, release, type } from 'node:os';
import { parseArgs } from 'node:util';
import { measureFootprint } from './footprint.ts';
import { timeInTurn } from './measure.ts';
import { isInstalled } from './processes.ts';
import { type Comparison, type Footprint, formatFootprint, formatTable, keepsBar, type Report } from './report.ts';
import { type Work, works } from './rows.ts';
import { removeStateDirs } from './trees.ts';

const { values } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    json: { type: 'string' },
    only: { type: 'string', default: '' },
  },
});
const tolerance = values.short ? 1.25 : 1;

async function compare(work: Work): Promise<Comparison[]> {
  const rounds = values.short ? Math.max(3, Math.ceil(work.pace.rounds / 3)) : work.pace.rounds;
  const pace = { ...work.pace, rounds };
  const { ours, ...others } = await timeInTurn(work.contenders(pace), pace);
  removeStateDirs();
  if (ours === undefined) throw new Error(`${work.name} does not measure ours`);
  return Object.entries(others).map(([against, theirs]) => {
    const bar = work.bars[against];
    const ratio = ours.median / theirs.median;
    return { work: work.name, against, ours, theirs, ratio, ...(bar === undefined ? {} : { bar }) };
  });
}

async function main(): Promise<void> {
  const machine = `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, ${type()} ${release()} ${arch()}`;
  console.log(`Node ${process.version}, ${machine}; medians with quartiles\n`);
  const missing = isInstalled('rg') ? [] : ['rg (ripgrep)'];
  if (missing.length > 0) console.log(`Left out, 1 comparison: ${missing.join(', ')} is not installed\n`);
  const comparisons: Comparison[] = [];
  const footprint: Footprint[] = [];
  for (const work of works.filter(({ name }) => name.includes(values.only))) {
    process.stderr.write(`${work.name} ...\n`);
    comparisons.push(...(await compare(work)));
    footprint.push(...(work.figures?.() ?? []));
  }
  console.log(`${formatTable(comparisons, tolerance)}\n`);
  if (!values.short && 'footprint'.includes(values.only)) footprint.push(...(await measureFootprint()));
  if (footprint.length > 0) console.log(`${formatFootprint(footprint)}\n`);
  const report: Report = { node: process.version, machine, missing, comparisons, footprint };
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
  const missed =
    comparisons.filter((comparison) => !keepsBar(comparison, tolerance)).length +
    footprint.filter(({ value, bar }) => value > bar).length;
  if (missed > 0) console.log(`${missed} missed`);
  process.exitCode = missed > 0 ? 1 : 0;
}

main().finally(removeStateDirs);
