import { printable } from '../printable.ts';
import { exclusions } from '../see/why/excluded-by.ts';
import type { Report } from './report-facts.ts';

/**
 * A report as a page in Markdown.
 *
 * @param report - the report
 */
export function reportText(report: Report): string {
  const { at, versions } = report;
  return [
    '# forge-resume report',
    '',
    `Made ${at}. Sessions and conversations have other names here; folders, user and host are left out, and so`,
    'are all texts. Read it before you send it.',
    '',
    '## Versions',
    '',
    ...table(
      ['what', 'version'],
      Object.entries(versions).map(([what, version]) => [what, version]),
    ),
    '',
    '## Doctor',
    '',
    ...doctorLines(report.doctor),
    '',
    '## Why',
    '',
    ...whyLines(report.why),
    '',
    '## History',
    '',
    ...historyLines(report.history),
    '',
  ].join('\n');
}

function doctorLines(doctor: Report['doctor']): string[] {
  if ('error' in doctor) return [failed(doctor.error)];
  const { count, findings } = doctor;
  if (count === 0) return ['Healthy.'];
  return [
    ...findings.map(
      ({ id, name, severity, file, evidence }) => `- ${id} ${name} (${severity}) ${code(file)}: ${code(evidence)}`,
    ),
    ...(count > findings.length ? [`- and ${count - findings.length} more`] : []),
  ];
}

function whyLines(why: Report['why']): string[] {
  if ('candidates' in why) {
    const { reason, session, conversation, couldResume, candidates, error } = why;
    const what = error === null ? code(reason ?? '') : `${code(error.code)}, ${code(error.message)}`;
    return [
      `A call from ${session || 'no session'} for ${conversation.name || 'no conversation'} (by: ${conversation.by}):`,
      `${what}. Something would make it resume: ${couldResume ? 'yes' : 'no'}.`,
      '',
      ...table(
        ['session', 'ruled out, since'],
        candidates.map(({ session: id, excludedBy }) => [id, excludedBy === null ? '-' : exclusions[excludedBy]]),
      ),
    ];
  }
  return [failed(why.error)];
}

function historyLines(history: Report['history']): string[] {
  if ('error' in history) return [failed(history.error)];
  const { events, unreadable } = history;
  const rows = events.map(({ at, what, from, to, pid, transferId, reason, count }) =>
    [at, what, from, to, pid, transferId, reason, count].map((value) => String(value ?? '-')),
  );
  return [
    ...table(['when', 'what', 'from', 'to', 'pid', 'transfer', 'why', 'times'], rows),
    ...(unreadable === 0 ? [] : ['', `Lines and files that cannot be read: ${unreadable}`]),
  ];
}

const failed = (message: string): string => `Could not be found out: ${code(message)}`;

/** Foreign text, of which nothing is markup. */
const code = (text: string): string => `\`${printable(text, 500).replaceAll('`', "'")}\``;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return ['None.'];
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}
