import { describe, expect, it, vi } from 'vitest';
import { type ProcessFacts, sessionIdFromRecord } from '../../src/rules/session-record.ts';

const live: ProcessFacts = { alive: true, startTicks: 77, cmdline: 'node\0agent\0', linux: true };
const idOf = (record: unknown, process: ProcessFacts = live, isProject = true): string | undefined =>
  sessionIdFromRecord(record, { isProject: () => isProject, processFacts: () => process });
const facts = { session_id: 'now', pid: 5, pid_start_ticks: 77, pid_cmdline: 'node agent' };

describe('sessionIdFromRecord (rule 2)', () => {
  it.each([
    ['an id alone', { session_id: 'now' }, 'now'],
    ['null', null, undefined],
    ['a list', ['now'], undefined],
    ['a text', 'now', undefined],
    ['no id', {}, undefined],
    ['an id with white space', { session_id: ' now' }, undefined],
    ['an id with a final line break', { session_id: 'now\n' }, undefined],
    ['a number', { session_id: 7 }, '7'],
    ['a number that is no id as text', { session_id: 1.5 }, undefined],
    ['a truth value', { session_id: true }, 'true'],
    ['an id that points elsewhere', { session_id: '../now' }, undefined],
    ['65 characters', { session_id: 'x'.repeat(65) }, undefined],
    ['an id behind __proto__', JSON.parse('{"__proto__":{"session_id":"now"}}'), undefined],
  ])('rule 2: %s', (_name, record, id) => {
    expect(idOf(record)).toBe(id);
  });

  it.each([
    ['/elsewhere', undefined],
    ['  ', 'now'],
    ['', 'now'],
    [7, 'now'],
    [null, 'now'],
  ])('rule 2: with cwd %j of another project', (cwd, id) => {
    expect(idOf({ session_id: 'now', cwd }, live, false)).toBe(id);
  });

  it('rule 2: asks for the project and the process only where the record does', () => {
    const isProject = vi.fn(() => true);
    const processFacts = vi.fn(() => live);
    expect(sessionIdFromRecord({ session_id: 'now', pid: 0, cwd: ' ' }, { isProject, processFacts })).toBe('now');
    expect(isProject).not.toHaveBeenCalled();
    expect(processFacts).not.toHaveBeenCalled();
    sessionIdFromRecord({ ...facts, cwd: '/p' }, { isProject, processFacts });
    expect([isProject.mock.calls, processFacts.mock.calls]).toEqual([[['/p']], [[5]]]);
  });

  it.each([
    ['all facts right', {}, 'now'],
    ['white space and NULs folded', { pid_cmdline: '  node\t agent\0' }, 'now'],
    ['a blank command line', { pid_cmdline: ' ' }, 'now'],
    ['no command line', { pid_cmdline: undefined }, 'now'],
    ['other ticks', { pid_start_ticks: 78 }, undefined],
    ['ticks as text', { pid_start_ticks: '77' }, undefined],
    ['no ticks', { pid_start_ticks: undefined }, undefined],
    ['another command line', { pid_cmdline: 'node other' }, undefined],
    ['ticks without a pid', { pid: undefined }, undefined],
    ['a command line without a pid', { pid: null, pid_start_ticks: null }, undefined],
    ['a pid of 0, with ticks', { pid: 0 }, undefined],
    ['a pid as text, with ticks', { pid: '5' }, undefined],
    ['a fraction as pid, with ticks', { pid: 5.5 }, undefined],
    ['nothing that counts as a fact', { pid: -1, pid_start_ticks: '7', pid_cmdline: 7 }, 'now'],
  ])('rule 2: with %s', (_name, fields, id) => {
    expect(idOf({ ...facts, ...fields })).toBe(id);
  });

  it('rule 2: a process that does not answer is dead; off Linux an answer is enough', () => {
    expect(idOf(facts, { ...live, alive: false })).toBeUndefined();
    expect(idOf({ ...facts, pid_start_ticks: 1 }, { ...live, linux: false })).toBe('now');
    expect(idOf(facts, { ...live, startTicks: undefined })).toBeUndefined();
    expect(idOf({ ...facts, pid_start_ticks: undefined }, { ...live, startTicks: undefined })).toBeUndefined();
    expect(idOf(facts, { ...live, cmdline: undefined })).toBeUndefined();
  });
});
