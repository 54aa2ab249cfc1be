import type { Root } from '../../find-root.ts';
import { printable } from '../../printable.ts';
import type { painter } from '../paint.ts';
import { shellWords } from '../shell-words.ts';
import type { Finding } from './finding.ts';
import type { Mended, Mending } from './mend-findings.ts';

/** All that `forge-resume doctor` shows. */
export interface Shown {
  readonly root: Root;
  /** With `--fix`, those that are left. */
  readonly findings: readonly Finding[];
  /** What `--fix` did; undefined without it. */
  readonly mending: Mending | undefined;
}

const colours = { error: 'red', warning: 'yellow', note: 'dim' } as const;

/**
 * What `doctor` found and did, for people.
 *
 * @param shown - that
 * @param paint - emphasises
 */
export function doctorText({ root, findings, mending }: Shown, paint: ReturnType<typeof painter>): string {
  const done = (mending?.mended ?? []).map(({ finding: { id, name, file, evidence }, kept, undo }) => [
    paint('green', `Mended: ${id} ${name}`),
    `  ${printable(file)}: ${printable(evidence)}`,
    ...(kept === null ? [] : [`  Kept: ${printable(kept)}`]),
    ...(undo === null ? [] : [`  Back: ${printable(shellWords(undo))}`]),
    '',
  ]);
  const left = findings.map(({ id, name, severity, file, evidence, meaning, fixes, undo }) => [
    paint(colours[severity], `${id} ${name} (${severity})`),
    `  ${printable(file)}: ${printable(evidence)}`,
    `  ${meaning}`,
    ...fixes.map((argv, index) => `  ${index === 0 ? 'Mend' : 'Or'}: ${printable(shellWords(argv))}`),
    ...(undo === null ? [] : [`  Back: ${printable(shellWords(undo))}`]),
    '',
  ]);
  const noun = `finding${findings.length === 1 ? '' : 's'}${mending === undefined ? '' : ' left'}`;
  const count = findings.length === 0 ? 'Healthy' : `${findings.length} ${noun}`;
  return [...done.flat(), ...left.flat(), `${count}: ${printable(root.stateDir)}`, ''].join('\n');
}

/**
 * What `doctor` found and did, for programs: one line, without its end.
 *
 * @param shown - that
 */
export function doctorJson({ root, findings, mending }: Shown): string {
  const told = mending && {
    mended: mending.mended.map(({ finding, kept, undo }: Mended) => ({
      id: finding.id,
      file: finding.file,
      kept,
      undo,
    })),
    unmended: mending.unmended.map(({ finding, message }) => ({ id: finding.id, file: finding.file, message })),
  };
  // What `--fix` does is no command, and nobody else's.
  const plain = findings.map(({ mend: _ours, ...rest }) => rest);
  return JSON.stringify({ schema: 1, root: root.stateDir, others: root.others, findings: plain, ...told });
}
