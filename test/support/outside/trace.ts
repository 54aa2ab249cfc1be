/** System calls of single calls, seen by strace. */
import fs from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { CallOrder } from './call-order.ts';
import { Caller } from './caller.ts';

/** The lines of one call. */
export type Trace = readonly string[];

/** What the engine asks of the kernel for itself, at moments of its own. */
const ofTheEngine =
  /^(futex|m(un)?map|mprotect|madvise|brk|epoll_|sched_|rt_sig|clock_|gettimeofday|get(pid|tid|uid|euid|egid)|tgkill|restart_)/;

/**
 * Traces calls of one process, one after another; a call in no directory comes first and is not counted.
 *
 * @returns a function that gives the lines of each call, without the engine's own
 */
export function useTraces(): (module: string, orders: readonly CallOrder[]) => Promise<Trace[]> {
  const folder = fs.mkdtempSync(join(os.tmpdir(), 'forge-trace-'));
  afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));
  return async (module, orders) => {
    const file = join(folder, 'trace');
    const caller = new Caller(module, { launcher: ['strace', '-f', '-qq', '-s', '300', '-o', file] });
    const traces: Trace[] = [];
    try {
      await caller.ready();
      for (const order of orders) {
        // The first of each pair loads what this kind of call needs.
        await caller.call({ ...order, stateDir: join(folder, 'none') });
        const marked = { ...order, mark: `mark-${traces.length}` };
        await caller.call(marked);
        traces.push(between(fs.readFileSync(file, 'utf8'), marked.mark));
      }
    } finally {
      await caller.kill();
    }
    return traces;
  };
}

/**
 * The calls of all threads, each in one line where it began: strace cuts those in two during which another thread had its turn.
 *
 * @param text - as strace wrote it
 */
export function wholeCalls(text: string): readonly string[] {
  const calls: string[] = [];
  const open = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [, thread = '', call = line] = /^(\d+) +(.*)$/.exec(line) ?? [];
    const [, begun] = /^(.*) <unfinished \.\.\.>$/.exec(call) ?? [];
    const [, rest] = /^<\.\.\. \w+ resumed>(.*)$/.exec(call) ?? [];
    const at = open.get(thread);
    if (rest !== undefined && at !== undefined) calls[at] += rest;
    else calls.push(begun ?? call);
    if (begun === undefined) open.delete(thread);
    else open.set(thread, calls.length - 1);
  }
  return calls;
}

function between(text: string, mark: string): Trace {
  const lines = wholeCalls(text);
  const [from, to] = ['begin', 'end'].map((word) => lines.findIndex((line) => line.includes(`/${word}-${mark}"`)));
  return lines
    .slice((from ?? 0) + 1, to)
    .filter((line) => !ofTheEngine.test(line) && /^\w+\(/.test(line) && !/^(read|write)\(\d+, "\\\d/.test(line));
}

/** How many lines of a call match. */
export function callsOf(trace: Trace | undefined, pattern: RegExp): number {
  return (trace ?? []).filter((line) => pattern.test(line)).length;
}
