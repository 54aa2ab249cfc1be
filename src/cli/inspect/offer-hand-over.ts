import type { RecordingRecord } from '../../inspect/recording/format.ts';
import { serve } from '../../inspect/server/serve.ts';
import { complain } from '../write-line.ts';
import { interruption } from './interruption.ts';
import { openBrowser } from './open-browser.ts';
import { readTemplate } from './template.ts';

/**
 * Opens a page on loopback that offers to hand a call over to Stately's hosted inspector, which it does only when somebody
 * agrees there. Standard output is the call's; the address goes to standard error.
 *
 * @param records - the call's
 * @returns when it is interrupted
 */
export async function offerHandOver(records: readonly RecordingRecord[]): Promise<void> {
  const text = records.map((record) => `${JSON.stringify(record)}\n`).join('');
  const inspector = await serve({
    shown: { kind: 'nothing' },
    template: readTemplate(),
    data: { mode: 'file', runs: [{ name: 'reconcile', text }], handOver: true },
  });
  complain(`forge-resume reconcile: state leaves this machine if you hand it over there: ${inspector.url}`);
  openBrowser(inspector.urlOnce, () => complain('forge-resume reconcile: no browser could be opened'));
  await interruption();
  await inspector.close();
}
