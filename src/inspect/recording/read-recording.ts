import {
  type EndRecord,
  type FlatRecord,
  type Recording,
  type RecordingHeader,
  recordingFormat,
  recordingVersion,
} from './format.ts';
import { isChart } from './judge-chart.ts';
import { parseLine } from './parse-line.ts';

/** What reading a recording gave. */
export type ReadRecording =
  | { readonly kind: 'recording'; readonly recording: Recording; readonly notes: readonly string[] }
  /** Not one that can be read; `why` is a sentence for people. */
  | { readonly kind: 'refused'; readonly why: string };

/** The note of a recording without an end. */
export const cutOff = 'the recording was cut off: it has no end';

const kinds = ['chart', 'step', 'actor', 'run', 'end'];

/**
 * Reads a recording. A torn last line is left out, and so is what a later version of the format may have added; a line
 * in the middle that is no record is left out and noted.
 *
 * @param text - the file
 */
export function readRecording(text: string): ReadRecording {
  const [first = '', ...rest] = text.split('\n');
  const header = parseLine(first);
  if (!isObject(header) || header['format'] !== recordingFormat) {
    return {
      kind: 'refused',
      why: 'This is no recording of forge-session-resume: its first line is no header of one.',
    };
  }
  const { version } = header;
  if (version !== recordingVersion) {
    const newer = typeof version === 'number' && version > recordingVersion;
    const why = newer
      ? `This recording has version ${version}, and this package reads version ${recordingVersion}: a newer package reads it.`
      : 'The version of this recording is not known.';
    return { kind: 'refused', why };
  }
  if (!isHeader(header)) return { kind: 'refused', why: 'The header of this recording lacks something.' };
  return { kind: 'recording', ...readRecords(header, rest) };
}

function readRecords(header: RecordingHeader, lines: readonly string[]) {
  const records: FlatRecord[] = [];
  const notes: string[] = [];
  lines.forEach((line, index) => {
    if (line === '') return;
    const record = parseLine(line);
    if (isRecord(record)) records.push(record);
    else if (index < lines.length - 1 && !isLater(record)) notes.push(`line ${index + 2} is no record`);
  });
  if (records.at(-1)?.kind !== 'end') notes.push(cutOff);
  return { recording: { header, records }, notes };
}

type Fields = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string';
const isTextOrNull = (value: unknown): boolean => value === null || isText(value);
const isList = (value: unknown, isItem: (item: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every(isItem);

const isAbsentOr = (value: unknown, isOne: (one: unknown) => boolean): boolean => value === undefined || isOne(value);

/**
 * Whether the first line of a recording has what is shown of it, whatever its version is.
 *
 * @param value - the line, parsed; anybody may have written it
 */
export const isHeader = (value: unknown): value is RecordingHeader => {
  if (!isObject(value) || value['kind'] !== 'header' || value['format'] !== recordingFormat) return false;
  const { input, host, omitted } = value;
  return (
    ['package', 'chart', 'at', 'by', 'store'].every((name) => isText(value[name])) &&
    isAbsentOr(value['event'], isText) &&
    typeof value['full'] === 'boolean' &&
    isList(omitted, isText) &&
    isObject(host) &&
    ['node', 'platform', 'arch'].every((name) => isText(host[name])) &&
    isObject(input) &&
    isText(input['payloadSessionId']) &&
    isText(input['payloadThreadId']) &&
    isAbsentOr(input['command'], (command) => isObject(command) && isText(command['kind'])) &&
    isAbsentOr(input['policies'], isObject) &&
    isAbsentOr(input['hooks'], (hooks) => isList(hooks, isText))
  );
};

/** A record of a kind that a later package has added. */
const isLater = (value: unknown): boolean =>
  isObject(value) && isText(value['kind']) && ![...kinds, 'header'].includes(value['kind']);

function isRecord(value: unknown): value is FlatRecord {
  if (!isObject(value) || !Number.isInteger(value['n']) || !Number.isFinite(value['t'])) return false;
  if (value['kind'] === 'chart') return isChart(value['states']);
  if (value['kind'] === 'step') return isStep(value);
  if (value['kind'] === 'run') return isRun(value);
  if (value['kind'] === 'end') return hasEnd(value);
  if (value['kind'] !== 'actor' || !isText(value['actor'])) return false;
  if (value['phase'] === 'started') return true;
  return isText(value['phase']) && Number.isFinite(value['duration']) && isAbsentOr(value['code'], isText);
}

/**
 * Whether a line of a recording says how the call ended.
 *
 * @param value - the line, parsed; anybody may have written it
 */
export const isEnd = (value: unknown): value is EndRecord => isRecord(value) && value.kind === 'end';

const hasEnd = ({ reason, output, error, warnings }: Fields): boolean =>
  isTextOrNull(reason) &&
  (output === null || isObject(output)) &&
  isAbsentOr(error, (one) => isObject(one) && isText(one['code']) && isText(one['message'])) &&
  isAbsentOr(warnings, (all) => isList(all, isText));

const isRun = ({ session, role, when, state }: Fields): boolean =>
  [session, role, when].every(isText) && (state === null || isObject(state));

const isStep = (value: Fields): boolean =>
  isText(value['event']) &&
  isText(value['to']) &&
  [value['actor'], value['from'], value['transition']].every(isTextOrNull) &&
  isAbsentOr(value['code'], isText) &&
  isList(value['actions'], isText) &&
  isList(
    value['guards'],
    (guard) => isObject(guard) && isText(guard['name']) && typeof guard['passed'] === 'boolean',
  ) &&
  isObject(value['changes']) &&
  Object.values(value['changes']).every(isObject);
