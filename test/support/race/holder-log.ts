/** The log that proves who held the lock when: one line by each holder, written under the lock. */
import fs from 'node:fs';

/** A line's first word: came in, went out, about to kill itself. */
export type LogWord = 'enter' | 'leave' | 'dying';

/** A stretch of time in which a process held the lock, by the clock that all processes of a host share. */
export interface Holding {
  readonly pid: number;
  readonly from: bigint;
  readonly to: bigint;
}

/**
 * Appends one line; a single write in append mode, so that lines of many processes never mix.
 *
 * @param path - the log
 * @param word - what happened
 */
export function logHolder(path: string, word: LogWord): void {
  const fd = fs.openSync(path, 'a');
  fs.writeSync(fd, `${word} ${process.pid} ${process.hrtime.bigint()}\n`);
  fs.closeSync(fd);
}

/**
 * Reads the log.
 *
 * @param path - the log
 * @param deaths - instants at which processes were sent SIGKILL; none can have held the lock for less long than that
 * @returns every holding, in order; one whose holder neither left nor died has no end
 */
export function readHoldings(path: string, deaths: ReadonlyMap<number, bigint>): readonly Holding[] {
  const open = new Map<number, bigint>();
  const holdings: Holding[] = [];
  const end = (pid: number, to: bigint): void => {
    const from = open.get(pid);
    if (from !== undefined) holdings.push({ pid, from, to });
    open.delete(pid);
  };
  for (const line of fs.readFileSync(path, 'utf8').split('\n')) {
    const [word, pidText, time] = line.split(' ');
    const pid = Number(pidText);
    if (time === undefined) continue;
    if (word === 'enter') open.set(pid, BigInt(time));
    else end(pid, BigInt(time));
  }
  for (const pid of [...open.keys()]) end(pid, deaths.get(pid) ?? BigInt(Number.MAX_SAFE_INTEGER) ** 2n);
  return holdings.sort((a, b) => (a.from < b.from ? -1 : 1));
}

/**
 * The pairs of holders that were in at the same time.
 *
 * @param holdings - in order of their start
 */
export function overlaps(holdings: readonly Holding[]): readonly string[] {
  const found: string[] = [];
  let last: Holding | undefined;
  for (const next of holdings) {
    if (last !== undefined && next.from < last.to) {
      found.push(`${next.pid} came in ${Number(last.to - next.from) / 1e6} ms before ${last.pid} was out`);
    }
    if (last === undefined || next.to > last.to) last = next;
  }
  return found;
}
