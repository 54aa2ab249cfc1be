/**
 * Would an index of files that cannot match pay? Compares a full scan (open, look, read, close of every run file) with
 * a second call that only looks at each file's inode, size and time and reads what is new: `start.mjs index-prototype`.
 */
import fs from 'node:fs';
import { join } from 'node:path';
import { makeCouldMatch } from '../../src/rules/could-match.ts';
import { peekStateFile } from '../../src/store/file/files/state-file.ts';
import { timeInTurn } from './measure.ts';
import { formatSpread } from './report.ts';
import { agentSession, finishedTree, removeStateDirs } from './trees.ts';

const couldMatch = makeCouldMatch({ sessionId: agentSession, threadId: '' });
const runFile = (sessions: string, name: string): string => join(sessions, name, 'forge-state.json');

function* names(sessions: string): Generator<string> {
  const folder = fs.opendirSync(sessions, { bufferSize: 1_024 });
  try {
    for (let entry = folder.readSync(); entry !== null; entry = folder.readSync()) yield entry.name;
  } finally {
    folder.closeSync();
  }
}

function fullScan(sessions: string): number {
  let hits = 0;
  for (const name of names(sessions)) {
    const read = peekStateFile(runFile(sessions, name));
    if (read.kind === 'file' && couldMatch(read.bytes)) hits += 1;
  }
  return hits;
}

/** What the index would keep of a file: enough to see that it is still the one that could not match. */
const mark = (stat: fs.Stats): string => `${stat.ino} ${stat.size} ${stat.mtimeMs} ${stat.ctimeMs}`;

function buildIndex(sessions: string): Map<string, string> {
  const index = new Map<string, string>();
  for (const name of names(sessions)) {
    const stat = fs.lstatSync(runFile(sessions, name), { throwIfNoEntry: false });
    if (stat !== undefined) index.set(name, mark(stat));
  }
  return index;
}

function indexedScan(sessions: string, index: ReadonlyMap<string, string>): number {
  let unknown = 0;
  for (const name of names(sessions)) {
    const stat = fs.lstatSync(runFile(sessions, name), { throwIfNoEntry: false });
    if (stat !== undefined && index.get(name) !== mark(stat)) unknown += 1;
  }
  return unknown;
}

async function main(): Promise<void> {
  for (const count of [10_000, 100_000]) {
    const stateDir = finishedTree(count);
    const sessions = join(stateDir, 'sessions');
    const indexFile = join(stateDir, 'index.json');
    const index = buildIndex(sessions);
    fs.writeFileSync(indexFile, JSON.stringify([...index]));
    const load = (): Map<string, string> => new Map(JSON.parse(fs.readFileSync(indexFile, 'utf8')));
    const times = await timeInTurn(
      {
        'full scan': { run: () => fullScan(sessions) },
        'index in memory': { run: () => indexedScan(sessions, index) },
        'index from a file': { run: () => indexedScan(sessions, load()) },
        'listing alone': { run: () => [...names(sessions)].length },
      },
      { rounds: count > 10_000 ? 5 : 15, block: 1, warmup: 1 },
    );
    for (const [name, spread] of Object.entries(times)) {
      const gain = times['full scan'].median / spread.median;
      console.log(`${count}  ${name.padEnd(18)} ${formatSpread(spread)} ms  full scan is ${gain.toFixed(2)} x`);
    }
  }
}

main().finally(removeStateDirs);
