/**
 * The SHA-256 of bytes, as hexadecimal digits. The module is loaded where it is needed first: most calls hash nothing.
 *
 * @param bytes - a file's content
 */
export function sha256(bytes: Buffer): string {
  const { createHash } = process.getBuiltinModule('node:crypto');
  return createHash('sha256').update(bytes).digest('hex');
}
