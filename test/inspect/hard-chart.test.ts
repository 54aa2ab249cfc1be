import { describe, expect, it } from 'vitest';
import { forgeSessionResumeMachine } from '../../machines/forge-session-resume.ts';
import { chartGeometry } from '../../src/graph/layout/chart-geometry.ts';
import { chartOf } from '../../src/inspect/lay-out-chart.ts';
import type { RecordedState, RecordedTransition } from '../../src/inspect/recording/format.ts';
import { isChart } from '../../src/inspect/recording/judge-chart.ts';
import { statesJson } from '../../src/inspect/recording/recorded-chart.ts';
import { firstLine, folderOf, serveFolder } from '../support/inspect/inspector.ts';
import { readEvents } from '../support/inspect/read-events.ts';
import { recordingText } from '../support/inspect/recordings.ts';
import { startProgram } from '../support/program.ts';

/** A chart that is read, and that takes elkjs most of a minute: every state leads to five others, anywhere. */
const hard: readonly RecordedState[] = Array.from({ length: 100 }, (_, at) => ({
  name: `s${at}`,
  transitions: [7, 11, 13, 17, 19].map(
    (stride, nth): RecordedTransition => ({ event: `e${nth}`, target: `s${(at * stride + nth) % 100}` }),
  ),
}));

const textWith = (states: readonly RecordedState[]): string =>
  recordingText({}, [{ kind: 'chart', n: 0, t: 0, states }]);

/** Asks a server that holds one recording. */
async function oneOf(url: string) {
  const { origin, port, searchParams } = new URL(url);
  const headers = { cookie: `forge-resume-${port}=${searchParams.get('token')}` };
  const { runs } = await readEvents(url, headers.cookie).next();
  return (what: 'charts' | 'recordings') => fetch(`${origin}/${what}/${runs[0]?.id}`, { headers });
}

describe('a chart that takes too long to lay out', () => {
  it('is one that is read', () => {
    expect(isChart(hard)).toBe(true);
  });

  it('is given up', async () => {
    expect(await chartOf(textWith(hard), { limit: 500 })).toBeUndefined();
  });

  it('holds up nobody who asks for something else, and ends with the server', async () => {
    const inspector = await serveFolder(folderOf({ hard: textWith(hard) }));
    const ask = await oneOf(inspector.url);
    let isLaidOut = false;
    const chart = ask('charts').then(
      () => {
        isLaidOut = true;
      },
      () => undefined,
    );
    for (let times = 0; times < 20; times += 1) expect((await ask('recordings')).status).toBe(200);
    expect(isLaidOut).toBe(false);
    await inspector.close();
    await chart;
  });

  it('does not keep the program from being interrupted', async () => {
    const child = startProgram(['inspect', folderOf({ hard: textWith(hard) })]);
    const ask = await oneOf(await firstLine(child));
    const chart = ask('charts').catch(() => undefined);
    expect((await ask('recordings')).status).toBe(200);
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGINT');
    expect(await ended).toBe(0);
    await chart;
  });
});

it('a recorded chart is laid out beside the server as the build lays out ours', async () => {
  const { all, withoutFailures } = (await chartOf(textWith(JSON.parse(statesJson(forgeSessionResumeMachine))))) ?? {};
  const ours = await chartGeometry();
  const places = (geometry = all) => geometry?.states.map(({ id, x, y, width, height }) => [id, x, y, width, height]);
  expect(places(all)).toEqual(places(ours.all));
  expect(places(withoutFailures)).toEqual(places(ours.withoutFailures));
});
