import type { LineRecord } from '../json-lines.ts';
import { type HistoryEvent, pidIn, textIn, timeIn } from './event.ts';

/** What became of a transfer that its own call ended, by its outcome. */
const transfers: Readonly<Record<string, string>> = {
  undone: 'taken_back',
  dropped: 'given_up',
  quarantined: 'recovered',
};

const commands: Readonly<Record<string, string>> = { adopt: 'adopted', undo: 'given_back' };

/**
 * What a line of the history tells (src/store/file/README.md#our-folder).
 *
 * @param line - the line
 * @returns undefined where it is no line of a history
 */
export function eventOfLine(line: LineRecord): HistoryEvent | undefined {
  const [at, outcome] = [timeIn(line['at']), textIn(line['outcome'])];
  if (at === undefined || outcome === null) return undefined;
  const recovery = textIn(line['recovery']);
  return {
    at,
    what: recovery === null ? whatOf(outcome, textIn(line['command'])) : 'recovered',
    // Of a run that was idle for too long, "source" is what told it.
    from: textIn(line['session']) ?? textIn(line['source']),
    to: textIn(line['target']) ?? textIn(line['keeper']),
    pid: pidIn(line),
    transferId: textIn(line['transferId']),
    reason: recovery ?? textIn(line['stopReason']) ?? textIn(line['illness']),
    conversation: null,
    message: null,
  };
}

function whatOf(outcome: string, command: string | null): string {
  if (outcome !== 'committed') return own(transfers, outcome) ?? outcome;
  return own(commands, command ?? '') ?? 'resumed';
}

/** A name of a foreign line may be that of a method. */
const own = (names: Readonly<Record<string, string>>, name: string): string | undefined =>
  Object.hasOwn(names, name) ? names[name] : undefined;
