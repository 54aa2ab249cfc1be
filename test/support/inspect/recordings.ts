/** Recordings as tests need them: small, whole, and made up. */
import type { FlatRecord, RecordingHeader } from '../../../src/inspect/recording/format.ts';

/** A header, with what a test wants otherwise. */
export const header = (fields: Partial<RecordingHeader> = {}): RecordingHeader => ({
  kind: 'header',
  format: 'forge-session-resume-recording',
  version: 1,
  package: '0.1.0',
  chart: '0123456789abcdef',
  at: '2026-11-26T10:00:00.000Z',
  by: 'hook',
  event: 'Stop',
  host: { node: '20.20.2', platform: 'linux', arch: 'x64', pid: 4711 },
  store: 'file',
  full: false,
  omitted: ['message texts'],
  input: { payloadSessionId: 's1', payloadThreadId: 't1' },
  ...fields,
});

/** A header's line, without its end. */
export const headerLine = (fields: Partial<RecordingHeader> = {}): string => JSON.stringify(header(fields));

const end: FlatRecord = {
  kind: 'end',
  n: 1,
  t: 3.5,
  reason: 'resumed_same_codex_session',
  output: null,
};

const start: FlatRecord = {
  kind: 'step',
  n: 0,
  t: 0,
  event: 'xstate.init',
  actor: null,
  from: null,
  to: 'look',
  transition: null,
  guards: [],
  actions: [],
  changes: {},
};

/** A whole recording as text. */
export const recordingText = (
  fields: Partial<RecordingHeader> = {},
  records: readonly FlatRecord[] = [start, end],
): string => `${[header(fields), ...records].map((one) => JSON.stringify(one)).join('\n')}\n`;
