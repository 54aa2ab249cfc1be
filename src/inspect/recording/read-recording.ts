import { type FlatRecord, type Recording, type RecordingHeader, recordingFormat, recordingVersion } from './format.ts';
import { isChart } from './judge-chart.ts';

/** What reading a recording gave. */
export type ReadRecording =
  | { readonly kind: 'recording'; readonly recording: Recording; readonly notes: readonly string[] }
  /** Not one that can be read; `why` is a sentence for people. */
  | { readonly kind: 'refused'; readonly why: string };

const kinds = ['chart', 'step', 'actor', 'run', 'end'];

/**
 * Reads a recording. A torn last line is left out, and so is what a later version of the format may have added; a line
 * in the middle that is no record is left out and noted.
 *
 * @param text - the file
 */
export function readRecording(text: string): ReadRecording {
  const [first = '', ...rest] = text.replace(/^\uFEFF/, '').split('\n');
  const header = parse(first);
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
    const record = parse(line);
    if (isRecord(record)) records.push(record);
    else if (index < lines.length - 1 && !isLater(record)) notes.push(`line ${index + 2} is no record`);
  });
  if (records.at(-1)?.kind !== 'end') notes.push('the recording was cut off: it has no end');
  return { recording: { header, records }, notes };
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

type Fields = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string';
const isTextOrNull = (value: unknown): boolean => value === null || isText(value);
const isList = (value: unknown, isItem: (item: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every(isItem);

const isHeader = (value: Fields): value is Fields & RecordingHeader => {
  const { input, host, omitted } = value;
  return (
    ['package', 'chart', 'at', 'by', 'store'].every((name) => isText(value[name])) &&
    typeof value['full'] === 'boolean' &&
    isList(omitted, isText) &&
    isObject(host) &&
    ['node', 'platform', 'arch'].every((name) => isText(host[name])) &&
    isObject(input) &&
    isText(input['payloadSessionId']) &&
    isText(input['payloadThreadId'])
  );
};

/** A record of a kind that a later package has added. */
const isLater = (value: unknown): boolean =>
  isObject(value) && isText(value['kind']) && ![...kinds, 'header'].includes(value['kind']);

function isRecord(value: unknown): value is FlatRecord {
  if (!isObject(value) || !Number.isInteger(value['n']) || !Number.isFinite(value['t'])) return false;
  if (value['kind'] === 'chart') return isChart(value['states']);
  if (value['kind'] === 'step') return isStep(value);
  if (value['kind'] === 'run') return isText(value['session']) && (value['state'] === null || isObject(value['state']));
  if (value['kind'] === 'end')
    return isTextOrNull(value['reason']) && (value['output'] === null || isObject(value['output']));
  if (value['kind'] !== 'actor' || !isText(value['actor'])) return false;
  return value['phase'] === 'started' || (isText(value['phase']) && Number.isFinite(value['duration']));
}

const isStep = (value: Fields): boolean =>
  isText(value['event']) &&
  isText(value['to']) &&
  [value['actor'], value['from'], value['transition']].every(isTextOrNull) &&
  isList(value['actions'], isText) &&
  isList(
    value['guards'],
    (guard) => isObject(guard) && isText(guard['name']) && typeof guard['passed'] === 'boolean',
  ) &&
  isObject(value['changes']) &&
  Object.values(value['changes']).every(isObject);
