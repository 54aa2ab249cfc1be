import { messageOf } from '../../../errors.ts';
import { exitCodes } from '../../exit-codes.ts';
import { findRoot } from '../../find-root.ts';
import { printable } from '../../printable.ts';
import { writeAll } from '../../write-all.ts';
import { complain, output, writeText } from '../../write-line.ts';
import { painter } from '../paint.ts';
import { refuseMissing } from '../refuse-missing.ts';
import { shellWords } from '../shell-words.ts';
import { bySeverity, findingsIn } from './doctor-facts.ts';
import { type Finding, type IllnessId, illnesses } from './illnesses.ts';
import { machineFindings } from './machine-findings.ts';

/** Options of `forge-resume doctor`. */
export interface DoctorOptions {
  readonly stateDir?: string;
  readonly only?: IllnessId;
  readonly explain?: IllnessId;
  readonly json?: boolean;
}

/**
 * Looks for every known illness (`forge-resume doctor`).
 *
 * @param options - what the command line said
 * @returns the exit code
 */
export async function doctorCommand(options: DoctorOptions): Promise<number> {
  const { only, explain, json = false } = options;
  if (explain !== undefined) {
    const { name, severity, meaning } = illnesses[explain];
    writeText(output.stdout, `${explain} ${name} (${severity})\n${meaning}\n`);
    return exitCodes.ok;
  }
  try {
    const root = findRoot(options.stateDir);
    refuseMissing(root.stateDir);
    const all = bySeverity([
      ...(await findingsIn(root, process.env)),
      ...machineFindings(root.stateDir, process.env, process.argv[1] ?? ''),
    ]);
    const findings = all.filter(({ id }) => only === undefined || id === only);
    const text = json
      ? `${JSON.stringify({ schema: 1, root: root.stateDir, others: root.others, findings })}\n`
      : doctorText(root.stateDir, findings, painter(process.stdout.isTTY === true, process.env));
    await writeAll(json ? `${printable(text.trimEnd())}\n` : text);
    return findings.length === 0 ? exitCodes.ok : exitCodes.findings;
  } catch (error) {
    const message = messageOf(error);
    if (json) writeText(output.stdout, `${printable(JSON.stringify({ schema: 1, error: { message } }))}\n`);
    complain(`forge-resume doctor: ${message}`);
    return exitCodes.failure;
  }
}

function doctorText(root: string, findings: readonly Finding[], paint: ReturnType<typeof painter>): string {
  const colours = { error: 'red', warning: 'yellow', note: 'dim' } as const;
  const parts = findings.map(({ id, name, severity, file, evidence, meaning, fixes, undo }) => [
    paint(colours[severity], `${id} ${name} (${severity})`),
    `  ${printable(file)}: ${printable(evidence)}`,
    `  ${meaning}`,
    ...(fixes[0] === undefined ? [] : [`  Mend: ${printable(shellWords(fixes[0]))}`]),
    ...(undo === null ? [] : [`  Back: ${printable(shellWords(undo))}`]),
    '',
  ]);
  const count = findings.length === 0 ? 'Healthy' : `${findings.length} finding${findings.length === 1 ? '' : 's'}`;
  return [...parts.flat(), `${count}: ${printable(root)}`, ''].join('\n');
}
