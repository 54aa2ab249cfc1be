import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { readRegular } from './config-file.ts';

/** What stands in an agent's folder about what `install` did there, so that `uninstall` can leave it as it was. */
export interface Receipt {
  readonly schema: 1;
  /** Whether the folder itself is ours. */
  readonly madeFolder: boolean;
  /** By name: sha256 of a file before (null: there was none) and after. */
  readonly files: Readonly<Record<string, { readonly before: string | null; readonly after: string }>>;
}

/** Names in an agent's folder. */
export const receiptName = '.forge-resume-install.json';

/**
 * Where the bytes of a configuration before the installation are kept.
 *
 * @param path - the configuration
 */
export const backupOf = (path: string): string => `${path}.before-forge-resume`;

/** Sha256 of bytes, hexadecimal. */
export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const isHash = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);

/**
 * Reads the receipt of an agent's folder. One that is damaged counts as none: then the entries are taken out one by one.
 *
 * @param folder - the agent's folder
 */
export function readReceipt(folder: string): Receipt | undefined {
  try {
    const found = readRegular(join(folder, receiptName));
    if (found === undefined) return undefined;
    const { schema, madeFolder, files } = JSON.parse(found.bytes.toString()) as Receipt;
    const isSound = Object.values(files).every(
      ({ before, after }) => (before === null || isHash(before)) && isHash(after),
    );
    return schema === 1 && typeof madeFolder === 'boolean' && isSound ? { schema, madeFolder, files } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * A receipt as it is written.
 *
 * @param receipt - what it says
 */
export const receiptText = (receipt: Receipt): string => `${JSON.stringify(receipt, null, 2)}\n`;
