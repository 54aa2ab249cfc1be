import { accessSync, constants, statSync } from 'node:fs';
import { codeOf } from '../../../machines/guards.ts';
import { readRecording } from '../../inspect/recording/read-recording.ts';
import { readEnds } from '../../inspect/server/recording-file.ts';
import type { Shown } from '../../inspect/server/recordings.ts';
import { serve } from '../../inspect/server/serve.ts';
import { exitCodes } from '../exit-codes.ts';
import { fail, refuseUse } from '../fail.ts';
import { failureText } from '../failure-text.ts';
import { complain, output, writeText } from '../write-line.ts';
import { interruption } from './interruption.ts';
import { openBrowser } from './open-browser.ts';
import { type ShownOptions, shownBy } from './shown.ts';
import { readTemplate } from './template.ts';

/** Options of `forge-resume inspect`. */
export interface InspectOptions extends ShownOptions {
  readonly port?: number | undefined;
  readonly open?: boolean | undefined;
  /** A file to write instead of serving. */
  readonly export?: string | undefined;
}

/**
 * Serves recordings on loopback until it is interrupted (`forge-resume inspect`), or writes one of them as a file.
 *
 * @param options - what the command line said
 * @returns the exit code
 */
export async function inspectCommand(options: InspectOptions): Promise<number> {
  try {
    return await (options.export === undefined ? serveRuns(options) : exportTo(options.export, options));
  } catch (error) {
    return fail('inspect', failureText(error));
  }
}

async function exportTo(to: string, options: InspectOptions): Promise<number> {
  const { shown, isMissing } = shownBy(options, process.env);
  if (shown.kind !== 'file') return refuseUse('inspect', '--export takes one recording: name its file');
  const { canBeExported, exportRun } = await import('./export-run.ts');
  if (!canBeExported(to)) return refuseUse('inspect', `--export takes a name that ends in .html or .svg; it is ${to}`);
  if (isMissing) return fail('inspect', `${shown.path} is not there; name a recording`);
  await exportRun(shown.path, to);
  return exitCodes.ok;
}

/** Why what is there cannot be shown; a file that is empty may still be written. */
function troubleWith(shown: Shown): string | undefined {
  if (shown.kind === 'nothing') return undefined;
  accessSync(shown.path, constants.R_OK);
  if (shown.kind === 'folder') return undefined;
  if (!statSync(shown.path).isFile()) return `${shown.path} is no file; name a recording, or a folder of them`;
  const ends = readEnds(shown.path);
  const read = ends && readRecording(`${ends.first}\n`);
  return read?.kind === 'refused' ? `${shown.path}: ${read.why}` : undefined;
}

async function serveRuns(options: InspectOptions): Promise<number> {
  const { shown, isMissing, root } = shownBy(options, process.env);
  if (root !== undefined) {
    const { stateDir, others } = root;
    complain(`forge-resume inspect: in ${[stateDir, ...others.map((other) => `not in ${other}`)].join(', ')}`);
  }
  if (isMissing && shown.kind !== 'nothing') complain(`forge-resume inspect: ${shown.path} is not there yet`);
  const trouble = isMissing ? undefined : troubleWith(shown);
  if (trouble !== undefined) return fail('inspect', trouble);
  const inspector = await serve({ shown, template: readTemplate(), port: options.port }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).syscall !== 'listen') throw error;
    throw new Error(`port ${options.port} cannot be had (${codeOf(error)}); name another one, or leave --port out`);
  });
  // Whoever reads the address may end it at once.
  const interrupted = interruption();
  writeText(output.stdout, `${inspector.url}\n`);
  if (options.open) openBrowser(inspector.urlOnce, () => complain('forge-resume inspect: no browser could be opened'));
  await interrupted;
  await inspector.close();
  return exitCodes.ok;
}
