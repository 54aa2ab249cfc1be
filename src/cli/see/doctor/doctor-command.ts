import { messageOf } from '../../../errors.ts';
import { statePaths } from '../../../store/file/files/paths.ts';
import { exitCodes } from '../../exit-codes.ts';
import { fail } from '../../fail.ts';
import { findRoot, type Root } from '../../find-root.ts';
import { printable } from '../../printable.ts';
import { type NamedStore, namedStore, onStore } from '../../store/store-of.ts';
import { writeAll } from '../../write-all.ts';
import { complain, output, writeText } from '../../write-line.ts';
import { painter } from '../paint.ts';
import { refuseMissing } from '../refuse-missing.ts';
import { asOnStore } from './as-on-store.ts';
import { findingsIn } from './doctor-facts.ts';
import { doctorJson, doctorText } from './doctor-text.ts';
import { bySeverity, type Finding } from './finding.ts';
import { type IllnessId, illnesses } from './illnesses.ts';
import { machineFindings } from './machine-findings.ts';
import type { Mending } from './mend-findings.ts';
import { storeFindings } from './store-findings.ts';

/** Options of `forge-resume doctor`. */
export interface DoctorOptions {
  readonly stateDir?: string;
  readonly fix?: boolean;
  readonly only?: IllnessId;
  readonly explain?: IllnessId;
  readonly json?: boolean;
}

/**
 * Looks for every known illness, and mends those that need no person (`forge-resume doctor`).
 *
 * @param options - what the command line said
 * @returns the exit code
 */
export async function doctorCommand(options: DoctorOptions): Promise<number> {
  const { only, explain, fix = false, json = false } = options;
  if (explain !== undefined) {
    const { name, severity, meaning } = illnesses[explain];
    writeText(output.stdout, `${explain} ${name} (${severity})\n${meaning}\n`);
    return exitCodes.ok;
  }
  try {
    const root = findRoot(options.stateDir);
    refuseMissing(root.stateDir);
    const isWanted = ({ id }: Finding): boolean => only === undefined || id === only;
    const named = await namedStore(root.stateDir);
    const machine = await machineFindings(root.stateDir, process.env, process.argv[1] ?? '');
    const beside = [...machine, ...(await storeFindings(root.stateDir, process.env))].filter(isWanted);
    const paths = statePaths(root.stateDir);
    const look = async (): Promise<Finding[]> => {
      const found = (await findingsIn(root, process.env)).filter(isWanted);
      return named === undefined ? found : found.map((one) => asOnStore(paths, one));
    };
    const inside = await look();
    const mending = fix ? await mend(root, inside, named) : undefined;
    const left = mending === undefined ? inside : await look();
    const findings = bySeverity([...left, ...beside]);
    const shown = { root, findings, mending };
    const paint = painter(process.stdout.isTTY === true, process.env);
    await writeAll(json ? `${printable(doctorJson(shown))}\n` : doctorText(shown, paint));
    for (const { finding, message } of mending?.unmended ?? []) {
      complain(`forge-resume doctor: ${finding.id} was not mended: ${message}`);
    }
    if (findings.length === 0) return exitCodes.ok;
    return fix ? exitCodes.findingsLeft : exitCodes.findings;
  } catch (error) {
    return fail('doctor', messageOf(error), json);
  }
}

async function mend(root: Root, findings: readonly Finding[], named: NamedStore | undefined): Promise<Mending> {
  const { mendFindings } = await import('./mend-findings.ts');
  const changes = named && (await import('./store-changes.ts')).storeChanges(statePaths(root.stateDir), named.store);
  if (process.geteuid?.() === 0) {
    // The owner may not reach the package's files.
    if (named?.store) await onStore(named.store, ({ loadAhead }) => loadAhead()).catch(() => undefined);
    // What is written is the owner's, in whose project it lies.
    await (await import('../../become-owner.ts')).becomeOwner(root.stateDir, { isAgentChild: false });
  }
  return await mendFindings(root.stateDir, findings, changes);
}
