import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { forgeSessionResumeMachine } from '../../../machines/forge-session-resume.ts';
import { chartHash } from '../../../src/graph/chart-hash.ts';
import { type RecordingHeader, recordingFormat, recordingVersion } from '../../../src/inspect/recording/format.ts';
import { knownChart } from '../../../src/inspect/recording/known-chart.ts';
import { packageVersion } from '../../../src/inspect/recording/package-version.ts';
import { commandReasons, policyReasons, reasons } from '../../../src/rules/protocol.ts';
import { problemsOf, schema, unnamedIn } from './validate.ts';

const header: RecordingHeader = {
  kind: 'header',
  format: recordingFormat,
  version: recordingVersion,
  package: '0.1.0',
  chart: chartHash(forgeSessionResumeMachine),
  at: '2026-01-02T03:04:05.678Z',
  by: 'hook',
  event: 'Stop',
  host: { node: '20.19.0', platform: 'linux', arch: 'x64', pid: 1 },
  store: 'file',
  full: false,
  omitted: ['message texts'],
  input: { payloadSessionId: 's', payloadThreadId: '' },
};

it('the published schema takes a header, and refuses one that lacks something or lies', () => {
  expect(unnamedIn(header)).toEqual([]);
  for (const key of Object.keys(header)) {
    const { [key as keyof RecordingHeader]: _, ...rest } = header;
    expect(problemsOf(rest).length, key).toBe(key === 'event' ? 0 : 1);
  }
  expect(problemsOf({ ...header, version: 2 })).not.toEqual([]);
  expect(problemsOf({ ...header, chart: 'x' })).not.toEqual([]);
  expect(problemsOf({ ...header, later: 1 })).toEqual([]);
  expect(unnamedIn({ ...header, later: 1 })).not.toEqual([]);
});

it('the chart that recordings name is the chart, and the package is this one', () => {
  // After a change of the chart: put the new hash into known-chart.ts.
  expect(knownChart).toBe(chartHash(forgeSessionResumeMachine));
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8'));
  expect(packageVersion).toBe(version);
});

it('knows all reasons', () => {
  const { $defs } = schema as { $defs: { reason: { enum: unknown[] } } };
  expect(new Set($defs.reason.enum)).toEqual(
    new Set([...Object.values(reasons), ...Object.values(policyReasons), ...Object.values(commandReasons), null]),
  );
});
