import { existsSync, mkdirSync, rmdirSync, unlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readRegular } from './config-file.ts';
import type { AgentPlan, FilePlan } from './plan.ts';
import { backupOf, type Receipt, receiptName, receiptText, sha256 } from './receipt.ts';
import { inFile, Refusal } from './refusal.ts';
import { replaceConfig } from './replace-config.ts';

/** Mode of what is private, and of what others share. */
const modes = { private: 0o600, shared: 0o666 } as const;

/**
 * Carries out what {@link planInstall} planned: backup and receipt first, then the files.
 *
 * @param plan - for one agent
 * @param isShared - whether the files belong to a project, which others read
 * @throws Refusal where a file has changed meanwhile; the system's error where one cannot be written
 */
export function applyInstall({ place, files, receipt }: AgentPlan, isShared: boolean): void {
  if (files.length === 0) return;
  const mode = isShared ? modes.shared : modes.private;
  const madeFolder = !existsSync(place.folder);
  if (madeFolder) mkdirSync(place.folder, isShared ? 0o777 : 0o700);
  for (const { file } of files) mustBeUnchanged({ file });
  const noted: Record<string, Receipt['files'][string]> = { ...receipt?.files };
  for (const { file, after } of files) {
    const [name, bytes] = [basename(file.path), file.bytes];
    const known = noted[name];
    const isOurs = known !== undefined && bytes !== undefined && sha256(bytes) === known.after;
    const before = isOurs ? known.before : bytes === undefined ? null : sha256(bytes);
    noted[name] = { before, after: sha256(after ?? Buffer.alloc(0)) };
    if (!isOurs && bytes !== undefined) replaceConfig(backupOf(file.path), bytes, file.stat, mode);
  }
  const text = receiptText({ schema: 1, madeFolder: receipt?.madeFolder ?? madeFolder, files: noted });
  replaceConfig(join(place.folder, receiptName), Buffer.from(text), undefined, mode);
  for (const { file, after } of files) {
    mustBeUnchanged({ file });
    if (after !== undefined) replaceConfig(file.target, after, file.stat, mode);
  }
}

/**
 * Carries out what {@link planUninstall} planned, and removes what `install` had put beside the files.
 *
 * @param plan - for one agent
 * @throws Refusal where a file has changed meanwhile; the system's error where one cannot be written
 */
export function applyUninstall({ place, files, receipt, leftovers }: AgentPlan): void {
  for (const { file, after } of files) {
    mustBeUnchanged({ file });
    if (after === undefined) unlinkSync(file.target);
    else replaceConfig(file.target, after, file.stat, modes.private);
  }
  for (const path of leftovers) unlinkSync(path);
  if (receipt?.madeFolder !== true) return;
  try {
    rmdirSync(place.folder);
  } catch {
    // Somebody else keeps something there now.
  }
}

function mustBeUnchanged({ file }: Pick<FilePlan, 'file'>): void {
  inFile(file.path, () => {
    const now = readRegular(file.target)?.bytes;
    const isSame = now === undefined ? file.bytes === undefined : file.bytes !== undefined && now.equals(file.bytes);
    if (!isSame) throw new Refusal('has changed meanwhile; it is left as it is, try again');
  });
}
