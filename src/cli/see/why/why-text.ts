import { printable } from '../../printable.ts';
import { shellWords } from '../shell-words.ts';
import { tableLines } from '../table.ts';
import { answers, type CallReason } from './causes.ts';
import { type Exclusion, exclusions } from './excluded-by.ts';
import type { Why } from './why-facts.ts';

/** Most candidates that are shown one by one. */
const mostRows = 20;

/**
 * The answer for a person: what a call would come to, why, and the one command that would change it.
 *
 * @param why - what was found out
 */
export function whyText(why: Why): string {
  const { reason, error, cause, command, wouldResumeIf, candidates, root, others, store } = why;
  const answer =
    reason === null ? `A call now would fail: ${error?.code}.` : answers[reason as CallReason](why.session);
  // What else fails says itself what to do.
  const none = reason === null ? [] : ['No command changes that.'];
  const does = command?.[1] === 'doctor' ? 'To look into it' : 'To change it';
  const change = command === null ? none : [`${does}: ${shellWords(command)}`];
  return [
    answer,
    cause,
    ...(reason === 'resumed_same_codex_session' ? [] : change),
    ...(wouldResumeIf === null ? [] : [`It would resume if ${wouldResumeIf}.`]),
    '',
    ...candidateLines(candidates),
    ...(store === undefined ? [] : [`The runs are in ${store.url}, project ${store.project}`]),
    `Asked in ${root}${others.length === 0 ? '' : `; not in ${others.join(', ')}`}`,
  ]
    .map((line) => `${printable(line)}\n`)
    .join('');
}

function candidateLines(candidates: Why['candidates']): string[] {
  if (candidates.length === 0) return ['No other session has a run.', ''];
  const words = (by: Exclusion | null): string => (by === null ? 'this one would be taken' : exclusions[by]);
  if (candidates.length <= mostRows) {
    const rows = candidates.map(({ session, excludedBy }) => [session, words(excludedBy)]);
    return [
      ...tableLines(
        [
          { name: 'SESSION', most: 64 },
          { name: 'RULED OUT, SINCE', most: 90 },
        ],
        rows,
      ),
      '',
    ];
  }
  const counts = new Map<string, number>();
  for (const { excludedBy } of candidates) counts.set(words(excludedBy), (counts.get(words(excludedBy)) ?? 0) + 1);
  const lines = [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([what, count]) => `${String(count).padStart(7)}  ${what}`);
  return [`${candidates.length} other sessions have a run:`, ...lines, ''];
}
