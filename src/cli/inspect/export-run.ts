import { closeSync, fchmodSync, openSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, extname } from 'node:path';
import type { ChartGeometry } from '../../graph/layout/chart-geometry.ts';
import { chartOf } from '../../inspect/lay-out-chart.ts';
import { fillPage } from '../../inspect/page-file.ts';
import { knownChart } from '../../inspect/recording/known-chart.ts';
import { readRecording } from '../../inspect/recording/read-recording.ts';
import { readTemplate } from './template.ts';

/** What is written, by the ending of the file's name. */
const formats = {
  '.html': async (name: string, text: string): Promise<string> =>
    fillPage(readTemplate(), { mode: 'file', runs: [{ name, text }], chart: await chartIfOther(text) }),
  '.svg': async (name: string, text: string): Promise<string> => {
    const { runSvg } = await import('../../inspect/run-svg.ts');
    const { chartGeometry } = await import('../../graph/layout/chart-geometry.ts');
    const read = readRecording(text);
    if (read.kind === 'refused') throw new Error(`${name}: ${read.why}`);
    return runSvg(read.recording, (await chartIfOther(text)) ?? (await chartGeometry()));
  },
} as const;

/** Whether a file's name says what is to be written into it: it ends in `.html` or `.svg`. */
export const canBeExported = (to: string): boolean => Object.hasOwn(formats, endingOf(to));

const endingOf = (to: string): string => extname(to).toLowerCase();

/** The chart of a recording that was made with another one than ours. */
const chartIfOther = async (text: string): Promise<ChartGeometry | undefined> => {
  const [header = ''] = text.split('\n', 1);
  return header.includes(`"chart":"${knownChart}"`) ? undefined : await chartOf(text);
};

/**
 * Writes a recording as one file that needs nothing else: the page with the recording in it, or a picture.
 *
 * @param from - the recording
 * @param to - one that {@link canBeExported}; what is there is replaced
 * @throws Error where the recording cannot be read; the operating system's error
 */
export async function exportRun(from: string, to: string): Promise<void> {
  const write = formats[endingOf(to) as keyof typeof formats];
  // A FIFO would be waited for.
  if (!statSync(from).isFile()) throw new Error(`${from} is no file`);
  const text = readFileSync(from, 'utf8');
  const read = readRecording(text);
  if (read.kind === 'refused') throw new Error(`${from}: ${read.why}`);
  writePrivately(to, await write(basename(from), text));
}

/** Writes a file that is as private as the recording itself, whatever stood there. */
function writePrivately(path: string, text: string): void {
  const fd = openSync(path, 'w', 0o600);
  try {
    // Before the first byte: a file that is there keeps its mode.
    fchmodSync(fd, 0o600);
    writeFileSync(fd, text);
  } finally {
    closeSync(fd);
  }
}
