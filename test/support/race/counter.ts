/**
 * A runtime's turn counter: reads the live run, adds one, writes it back in place, without any lock, as fast as it
 * can, every other time without truncating first. Arguments: state directory, rest after every fifth turn in
 * milliseconds. Ends on `go` with what it saw.
 */
import fs from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises';

/** What the counter tells in the end. */
export interface CounterReport {
  readonly turns: number;
  /** Highest number that it wrote and then read back. */
  readonly confirmed: number;
  /** How often it found a lower number than one that it had read back before: until late writes are carried over. */
  readonly dips: number;
  /** Longest time for which the number stayed lower, milliseconds. */
  readonly longestDipMs: number;
  /** How many turns it made on the way back up, at most. */
  readonly longestDipTurns: number;
  /** How often a file did not parse. */
  readonly torn: number;
}

const [, , stateDir = '', pauseMs = '0'] = process.argv;
const sessions = join(stateDir, 'sessions');
let stopped = false;
let turns = 0;
let confirmed = 0;
let dips = 0;
let dip: { readonly since: number; readonly turn: number } | undefined;
let longestDipMs = 0;
let longestDipTurns = 0;
let torn = 0;
let file: string | undefined;

process.on('message', () => {
  stopped = true;
});
process.on('disconnect', () => process.exit());
process.send?.({ kind: 'ready' });
while (!stopped) {
  file ??= liveFile();
  const run = read(file);
  if (run?.['active'] !== true) {
    file = undefined;
  } else {
    watch(Number(run['iteration']));
    const next = Number(run['iteration']) + 1;
    writeInPlace(file as string, JSON.stringify({ ...run, iteration: next }, null, 2));
    turns += 1;
    if (read(file)?.['iteration'] === next) confirmed = Math.max(confirmed, next);
  }
  await (pauseMs === '0' || turns % 5 > 0 ? turn() : pause(Number(pauseMs)));
}
const report: CounterReport = { turns, confirmed, dips, longestDipMs, longestDipTurns, torn };
process.send?.({ kind: 'answer', answer: report }, () => process.exit());

function watch(found: number): void {
  if (found < confirmed) {
    if (dip === undefined) {
      dip = { since: performance.now(), turn: turns };
      dips += 1;
    }
  } else if (dip !== undefined) {
    longestDipMs = Math.max(longestDipMs, performance.now() - dip.since);
    longestDipTurns = Math.max(longestDipTurns, turns - dip.turn);
    dip = undefined;
  }
}

function liveFile(): string | undefined {
  const files = fs.readdirSync(sessions).map((id) => join(sessions, id, 'forge-state.json'));
  return files.find((path) => fs.existsSync(path) && read(path)?.['active'] === true);
}

function writeInPlace(path: string, text: string): void {
  if (turns % 2 === 0) {
    fs.writeFileSync(path, text);
    return;
  }
  const fd = fs.openSync(path, 'r+');
  fs.writeSync(fd, text, 0);
  fs.ftruncateSync(fd, Buffer.byteLength(text));
  fs.closeSync(fd);
}

function read(path: string | undefined): Record<string, unknown> | undefined {
  if (path === undefined) return undefined;
  try {
    return JSON.parse(fs.readFileSync(path, 'utf8')) as Record<string, unknown>;
  } catch (error) {
    if (error instanceof SyntaxError) torn += 1;
    return undefined;
  }
}
