/**
 * The bench: `npm run bench [-- --json FILE] [--only TEXT] [--short]`. `--json` writes all figures into a file,
 * `--only` takes the works whose name holds the text (`footprint`: none of them). With `--short`, which CI runs, each
 * work gets a third of the turns, the footprint is left out, and a bar may be passed by 25 %. `--node MAJOR:PROGRAM`
 * names another Node, without a program one that has not been fetched. Exits with 1 where a bar is missed.
 */
import { writeFileSync } from 'node:fs';
import { arch, cpus, release, type } from 'node:os';
import { parseArgs } from 'node:util';
import { measureFootprint } from './footprint.ts';
import { ratioOf, timeInTurn } from './measure.ts';
import { isInstalled } from './processes.ts';
import { type Comparison, type Footprint, formatFootprint, formatTable, keepsBar, type Report } from './report.ts';
import { allWorks } from './rows.ts';
import { measureThreadHop } from './thread-hop.ts';
import { removeStateDirs } from './trees.ts';
import type { Work } from './work.ts';

const { values } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    json: { type: 'string' },
    only: { type: 'string', default: '' },
    node: { type: 'string', multiple: true, default: [] },
  },
});
const tolerance = values.short ? 1.25 : 1;
const nodes = values.node.map((named) => {
  const [major = '', ...program] = named.split(':');
  return { major, program: program.join(':') };
});

async function compare(work: Work): Promise<Comparison[]> {
  const rounds = values.short ? Math.max(3, Math.ceil(work.pace.rounds / 3)) : work.pace.rounds;
  const pace = { ...work.pace, rounds };
  const hop = work.barsOnSlowThreads === undefined ? undefined : await measureThreadHop();
  const { ours, ...others } = await timeInTurn(await work.contenders(pace), pace);
  removeStateDirs();
  if (ours === undefined) throw new Error(`${work.name} does not measure ours`);
  const bars = { ...work.bars, ...(hop?.isSlow ? work.barsOnSlowThreads : {}) };
  return Object.entries(others).map(([against, theirs]) => {
    const bar = bars[against];
    const ratio = ratioOf(ours, theirs);
    const spreads = { ours: ours.spread, theirs: theirs.spread };
    return { work: work.name, against, ...spreads, ratio, ...(bar === undefined ? {} : { bar }) };
  });
}

async function main(): Promise<void> {
  const machine = `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, ${type()} ${release()} ${arch()}`;
  const { micros, isSlow } = await measureThreadHop();
  const threads = `an answer of the thread pool takes ${micros.toFixed(0)} µs${isSlow ? ', which is slow' : ''}`;
  console.log(`Node ${process.version}, ${machine}; ${threads}; medians with quartiles\n`);
  const missing = [
    ...(isInstalled('rg') ? [] : ['rg (ripgrep) is not installed']),
    ...nodes.filter(({ program }) => program === '').map(({ major }) => `Node ${major} has not been fetched`),
  ];
  if (missing.length > 0) console.log(`Left out: ${missing.join(', ')}\n`);
  const comparisons: Comparison[] = [];
  const footprint: Footprint[] = [];
  const works = allWorks(nodes.filter(({ program }) => program !== ''));
  for (const work of works.filter(({ name }) => name.includes(values.only))) {
    process.stderr.write(`${work.name} ...\n`);
    comparisons.push(...(await compare(work)));
    footprint.push(...(work.figures?.() ?? []));
  }
  console.log(`${formatTable(comparisons, tolerance)}\n`);
  if (!values.short && 'footprint'.includes(values.only)) footprint.push(...(await measureFootprint()));
  if (footprint.length > 0) console.log(`${formatFootprint(footprint)}\n`);
  const report: Report = { node: process.version, machine, threads, missing, comparisons, footprint };
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
  const missed =
    comparisons.filter((comparison) => !keepsBar(comparison, tolerance)).length +
    footprint.filter(({ value, bar }) => value > bar).length;
  if (missed > 0) console.log(`${missed} missed`);
  process.exitCode = missed > 0 ? 1 : 0;
}

main().finally(removeStateDirs);
