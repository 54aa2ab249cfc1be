/** The built program where the package `pg` is not installed beside it. */
import fs from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { builtCli } from '../program.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Puts it into a scratch folder, which is gone after the test; returns the folder of its files. */
export function installWithoutDriver(): string {
  const folder = fs.mkdtempSync(join(os.tmpdir(), 'forge-installed-'));
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }));
  const cli = join(folder, 'dist', 'cli');
  fs.cpSync(builtCli, cli, { recursive: true });
  fs.copyFileSync(join(root, 'package.json'), join(folder, 'package.json'));
  fs.mkdirSync(join(folder, 'node_modules'));
  const addon = 'fs-native-extensions';
  fs.symlinkSync(join(root, 'node_modules', addon), join(folder, 'node_modules', addon));
  return cli;
}
