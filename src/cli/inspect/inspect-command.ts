import { messageOf } from '../../errors.ts';
import { serve } from '../../inspect/server/serve.ts';
import { exitCodes } from '../exit-codes.ts';
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
  const { shown, isMissing, root } = shownBy(options, process.env);
  if (options.export !== undefined) {
    if (shown.kind !== 'file') {
      complain('forge-resume inspect: --export takes one recording: name its file');
      return exitCodes.usage;
    }
    const { exportRun, isExported } = await import('./export-run.ts');
    if (!isExported(options.export)) {
      complain(`forge-resume inspect: ${options.export} ends neither in .html nor in .svg; name a file that does`);
      return exitCodes.usage;
    }
    try {
      await exportRun(shown.path, options.export);
      return exitCodes.ok;
    } catch (error) {
      complain(`forge-resume inspect: ${messageOf(error)}`);
      return exitCodes.failure;
    }
  }
  if (root !== undefined) {
    const { stateDir, others } = root;
    complain(`forge-resume inspect: in ${[stateDir, ...others.map((other) => `not in ${other}`)].join(', ')}`);
  }
  if (isMissing && shown.kind !== 'nothing') complain(`forge-resume inspect: ${shown.path} is not there yet`);
  const inspector = await serve({ shown, template: readTemplate(), port: options.port });
  // Whoever reads the address may end it at once.
  const interrupted = interruption();
  writeText(output.stdout, `${inspector.url}\n`);
  if (options.open) openBrowser(inspector.url, () => complain('forge-resume inspect: no browser could be opened'));
  await interrupted;
  await inspector.close();
  return exitCodes.ok;
}
