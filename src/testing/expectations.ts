import type { MachineOutput } from '../../machines/contract.ts';
import { isTransfer } from '../../machines/guards.ts';
import { samplePane } from '../graph/alphabet/samples.ts';
import { type Outcome, outcomeText } from '../graph/outcome-events.ts';
import type { ResumePath } from '../graph/paths.ts';
import { stopReasons } from '../rules/protocol.ts';
import type { MachineEnd } from './run-machine.ts';
import type { Observation } from './world.ts';

/**
 * Compares what a run ended with, and what it left, with its path.
 *
 * @param path - what was expected
 * @param end - how the machine ended
 * @param seen - what the world found
 * @returns one sentence for each difference
 */
export function brokenExpectations(path: ResumePath, end: MachineEnd, seen: Observation): readonly string[] {
  return [
    ...brokenResult(path, end),
    ...brokenRuns(path, seen),
    ...brokenPromises(seen),
    ...(seen.unfinished && !mayStayUnfinished(path) ? ['a transfer is left unfinished'] : []),
    ...(!seen.unfinished && commitFailed(path) ? ['the transfer is not left for the next call to finish'] : []),
  ];
}

/**
 * What must hold after every call that was not killed.
 *
 * @param seen - what the world found
 */
export function brokenPromises(seen: Observation): readonly string[] {
  const written = seen.runs.filter(({ live, by, identity }) => live && by === 'call' && identity !== '');
  const identities = written.map(({ identity }) => identity);
  return [
    ...seen.problems,
    ...(seen.locked ? ['promise 6: the lock is still held'] : []),
    ...seen.leftovers.map((name) => `promise 6: ${name} is left over`),
    ...identities
      .filter((identity, index) => identities.indexOf(identity) !== index)
      .map((identity) => `promise 1: the call made ${identity} live twice`),
  ];
}

function brokenResult({ output: expected }: ResumePath, end: MachineEnd): string[] {
  if (end.kind === 'stopped') return [end.why];
  const [want, got] = [facts(expected), facts(end.output)];
  return Object.entries(want)
    .filter(([name, value]) => got[name] !== value)
    .map(([name, value]) => `${name}: expected ${value}, got ${got[name]}`);
}

/** What of an output does not depend on how a store names things. */
function facts(output: MachineOutput) {
  const { failure, reason, currentId, updatedOwner, source, target, recovered, owner, ended = [] } = output;
  const known: Record<string, string> = {
    failure: failure === null ? 'none' : `${failure.actor} ${failure.code}`,
    reason: reason ?? 'none',
    'current session': currentId === '' ? 'unknown' : 'known',
    'owner updated': String(updatedOwner),
    source: source === null ? 'none' : 'given',
    target: target === null ? 'none' : 'given',
    recovered: recovered.map(({ outcome }) => outcome).join(', '),
    owner: owner?.state ?? 'not looked at',
    ended: ended.map(({ stopReason }) => stopReason).join(', '),
  };
  return known;
}

const outcomeTexts = ({ steps }: ResumePath): string[] => steps.map(({ outcome }) => outcomeText(outcome));
const writers: readonly string[] = ['updateOwner', 'retireCopies', 'endStale', 'writeTarget', 'endNamed'];

/** Whether nothing on the path could have changed a run. */
function changesNothing({ steps }: ResumePath): boolean {
  return steps.every(({ outcome }) => {
    if (outcome.kind === 'delay') return true;
    if (outcome.actor === 'recover') return isAnswer(outcome, 'nothing');
    return !writers.includes(outcome.actor) || isAnswer(outcome, 'unchanged', 'changed', 'taken', 'goneOn');
  });
}

const isAnswer = (outcome: Outcome, ...names: readonly string[]): boolean =>
  outcome.kind === 'answer' && names.includes(outcome.name);

function brokenRuns(path: ResumePath, { runs }: Observation): string[] {
  const texts = outcomeTexts(path);
  const current = runs.find(({ role }) => role === 'current');
  const source = runs.find(({ role }) => role === 'source');
  const wrong: string[] = [];
  const expect = (holds: boolean | undefined, what: string): void => {
    if (holds !== true) wrong.push(what);
  };
  if (changesNothing(path)) expect(!runs.some(({ by }) => by === 'call'), 'a run was changed where none must be');
  if (texts.includes('updateOwner: updated')) {
    expect(current?.by === 'call', 'the refreshed run was not written');
    expect(current?.pane === paneFound(texts), 'the pane that was found is not bound to the refreshed run');
  }
  if (isTransfer(path.output.reason) && path.output.failure === null) {
    expect(current?.live === true && current.by === 'call', 'the run is not live in the current session');
    // What is given back has the pane again that it had.
    const pane = path.input.command?.kind === 'undo' ? current?.pane : paneFound(texts);
    expect(current?.pane === pane, 'the pane that was found is not bound to the run');
    expect(source?.live === false && source.by === 'call', 'the run was not ended in the prior session');
  }
  if (texts.includes('endNamed: ended')) {
    expect(source?.live === false && source.by === 'call', 'the run was not ended');
  }
  if (path.output.ended?.some(({ stopReason }) => stopReason === stopReasons.stale)) {
    expect(
      runs.some(({ role, live, by }) => role === 'other' && !live && by === 'call'),
      'the stale run was not ended',
    );
  }
  if (texts.includes('rollback: rolledBack')) {
    expect(current?.by !== 'call', 'the run is still in the current session after a rollback');
    expect(source?.by === 'world', 'the run in the prior session was changed before the commit point');
  }
  if (texts.includes('rollback: wentForward')) {
    expect(current?.live, 'the run that went forward is not live in the current session');
  }
  return wrong;
}

const findings = ['findPane: found', 'look: unquiet active', 'look: doubtful active'];
const paneFound = (texts: readonly string[]): string =>
  texts.some((text) => findings.includes(text)) ? samplePane : '';

const commitFailed = (path: ResumePath): boolean => outcomeTexts(path).some((text) => text.startsWith('commit fails'));

function mayStayUnfinished(path: ResumePath): boolean {
  const lost = outcomeTexts(path).some((text) => text.endsWith('LOCK_LOST'));
  const left = outcomeTexts(path).includes('rollback: left');
  const failed = outcomeTexts(path).some((text) => /^(rollback|recover) fails/.test(text));
  return lost || left || failed || commitFailed(path);
}
