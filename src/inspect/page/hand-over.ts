import { forgeSessionResumeMachine } from '../../../machines/forge-session-resume.ts';
import type { OpenRun } from '../model/open-run.ts';
import { definitionText, statelyEvents } from '../model/stately-events.ts';

/** The hosted inspector. */
export const inspectorAddress = 'https://stately.ai/inspect';

/** What became of a run that is handed over. */
export type HandOver = 'blocked' | 'waiting' | 'sent';

/**
 * Opens the hosted inspector and tells it of a run as soon as it asks, by `@statelyai/inspect`'s protocol: messages from
 * window to window, to that address and to no other.
 *
 * @param run - what is told
 * @param onChange - hears how it goes
 * @returns what stops it
 */
export function handOver(run: OpenRun, onChange: (how: HandOver) => void): () => void {
  const target = window.open(inspectorAddress, 'xstateinspector');
  if (target === null) {
    onChange('blocked');
    return () => undefined;
  }
  const { origin } = new URL(inspectorAddress);
  const { id, config } = forgeSessionResumeMachine;
  const answer = ({ data, origin: from, source }: MessageEvent): void => {
    if (source !== target || from !== origin || data?.type !== '@statelyai.connected') return;
    for (const event of statelyEvents(run, { name: id, definition: definitionText(config) }))
      target.postMessage(event, origin);
    onChange('sent');
  };
  window.addEventListener('message', answer);
  onChange('waiting');
  return () => window.removeEventListener('message', answer);
}
