import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { deadPid, endProcess, liveProcess, processNamed, startTicksOf } from '../support/processes.ts';
import { makeSandbox } from '../support/sandbox.ts';

/** Whether `session.json` with these fields beside its id is usable. */
async function usable(facts: Readonly<Record<string, unknown>>): Promise<boolean> {
  const sandbox = makeSandbox();
  sandbox.putRecord({ session_id: 'recorded', ...facts });
  return (await sandbox.call()).currentRcsSessionId === 'recorded';
}

describe('rule 2: no process facts', () => {
  it.each([
    { pid: 0 },
    { pid: -1 },
    { pid: 1.5 },
    { pid: String(process.pid) },
    { pid: null },
    { pid: [process.pid] },
    { pid_start_ticks: '7' },
    { pid_start_ticks: null },
    { pid_cmdline: null },
    { pid_cmdline: 7 },
    { pid: 0, pid_start_ticks: '7', pid_cmdline: ['x'] },
  ])('rule 2: %j is none, so the record is usable', async (facts) => {
    expect(await usable(facts)).toBe(true);
  });
});

describe('rule 2: process facts without a pid that is a positive integer', () => {
  it.each([
    { pid_start_ticks: 7 },
    { pid_start_ticks: 0 },
    { pid_cmdline: 'sleep 300' },
    { pid_cmdline: '' },
    { pid: 0, pid_start_ticks: 7 },
    { pid: String(process.pid), pid_start_ticks: startTicksOf(process.pid) },
    { pid: null, pid_cmdline: ' ' },
    { pid: -process.pid, pid_start_ticks: startTicksOf(process.pid) },
    { pid: process.pid + 0.5, pid_start_ticks: startTicksOf(process.pid) },
  ])('rule 2: %j names no live process', async (facts) => {
    expect(await usable(facts)).toBe(false);
  });
});

describe('rule 2: a live process', () => {
  it.each([
    ['its start ticks', (ticks: number) => ({ pid_start_ticks: ticks }), true],
    ['ticks and the command line', (ticks: number) => ({ pid_start_ticks: ticks, pid_cmdline: 'sleep 300' }), true],
    ['ticks and a blank command line', (ticks: number) => ({ pid_start_ticks: ticks, pid_cmdline: ' \n' }), true],
    ['ticks and an empty command line', (ticks: number) => ({ pid_start_ticks: ticks, pid_cmdline: '' }), true],
    ['ticks and no command line', (ticks: number) => ({ pid_start_ticks: ticks, pid_cmdline: null }), true],
    ['no ticks', () => ({}), false],
    ['null ticks', () => ({ pid_start_ticks: null }), false],
    ['the command line alone', () => ({ pid_cmdline: 'sleep 300' }), false],
    ['later ticks', (ticks: number) => ({ pid_start_ticks: ticks + 1 }), false],
    ['zero ticks', () => ({ pid_start_ticks: 0 }), false],
    ['another command', (ticks: number) => ({ pid_start_ticks: ticks, pid_cmdline: 'sleep 3' }), false],
    ['a longer command', (ticks: number) => ({ pid_start_ticks: ticks, pid_cmdline: 'sleep 300 x' }), false],
  ])('rule 2: with %s', async (_name, facts, expected) => {
    const { pid, startTicks } = liveProcess();
    expect(await usable({ pid, ...facts(startTicks) })).toBe(expected);
  });

  it.each([') 1 (', 'a b) S 0 0', '))) ((( 7', 'x\ny) 1'])(
    'rule 2: start ticks are field 22 of stat whatever the name, such as %j',
    async (name) => {
      const folder = makeSandbox().project;
      const { pid, startTicks } = processNamed(name, folder);
      expect(fs.readFileSync(`/proc/${pid}/stat`, 'utf8')).toContain(`(${name})`);
      expect(await usable({ pid, pid_start_ticks: startTicks })).toBe(true);
      expect(await usable({ pid, pid_start_ticks: startTicks + 1 })).toBe(false);
    },
  );

  it.each(['odd name 300', '  odd \t name\n300 ', 'odd\u0000name\u0000300\u0000', 'odd\u00a0name 300'])(
    'rule 2: command lines are compared with NULs as spaces, folded and trimmed: %j',
    async (cmdline) => {
      const { pid, startTicks } = liveProcess({ argv0: ' odd\t\n  name ' });
      expect(await usable({ pid, pid_start_ticks: startTicks, pid_cmdline: cmdline })).toBe(true);
    },
  );

  it('rule 2: command lines keep their case and their order', async () => {
    const { pid, startTicks } = liveProcess({ argv0: 'odd name' });
    for (const cmdline of ['Odd name 300', 'name odd 300', 'oddname 300']) {
      expect(await usable({ pid, pid_start_ticks: startTicks, pid_cmdline: cmdline })).toBe(false);
    }
  });
});

describe('rule 2: a dead process', () => {
  it('rule 2: names no live process, whatever else is recorded', async () => {
    const pid = await deadPid();
    for (const facts of [
      {},
      { pid_start_ticks: 7 },
      { pid_cmdline: 'true' },
      { pid_start_ticks: 0, pid_cmdline: '' },
    ]) {
      expect(await usable({ pid, ...facts })).toBe(false);
    }
    expect(await usable({ pid: 2 ** 31 + 7, pid_start_ticks: 7 })).toBe(false);
    expect(await usable({ pid: 2 ** 53, pid_start_ticks: 7 })).toBe(false);
  });

  it('rule 2: is noticed once the process has ended', async () => {
    const { pid, startTicks, child } = liveProcess();
    const record = { pid, pid_start_ticks: startTicks, pid_cmdline: 'sleep 300' };
    expect(await usable(record)).toBe(true);
    await endProcess(child);
    expect(await usable(record)).toBe(false);
  });
});
