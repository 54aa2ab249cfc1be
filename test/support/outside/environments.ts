/** Environments in which file systems and kernels refuse what ours usually allow. Whatever the machine lacks is named. */
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import type { Sandbox } from '../sandbox.ts';

/** Whether tests may mount file systems and make namespaces. */
export const mayMount: boolean =
  process.getuid?.() === 0 && spawnSync('unshare', ['--mount', 'true'], { stdio: 'ignore' }).status === 0;

/**
 * Whether the launcher `restrict` can do something here.
 *
 * @param program - the compiled launcher
 * @param what - its arguments
 */
export function canRestrict(program: string, ...what: readonly string[]): boolean {
  const works = spawnSync(program, [...what, '--', 'true'], { stdio: 'ignore' }).status === 0;
  if (!works) console.warn(`left out: ${what.join(' ')} (the kernel has no such filter)`);
  return works;
}

/** Arguments of `restrict` that let a system call fail. */
export function denying(call: 'link' | 'fsync' | 'fchown' | 'lock', error: keyof typeof constants.errno): string[] {
  return ['deny', call, String(constants.errno[error])];
}

/** Puts what stands in the project so far into the lower layer of an overlay; writes go to the upper one. */
export function overlayOver(sandbox: Sandbox): void {
  const layers = fs.mkdtempSync('/dev/shm/forge-overlay-');
  const [lower, upper, work] = ['lower', 'upper', 'work'].map((name) => join(layers, name));
  for (const made of [upper, work]) fs.mkdirSync(made ?? '');
  // With every time as it is: the age of a lock folder decides.
  execFileSync('cp', ['-a', sandbox.project, lower ?? '']);
  const options = `lowerdir=${lower},upperdir=${upper},workdir=${work}`;
  onTestFinished(() => {
    fs.rmSync(layers, { recursive: true, force: true });
    // What lay below has not changed and is nothing to be judged.
    fs.rmSync(sandbox.path('sessions'), { recursive: true, force: true });
    fs.rmSync(sandbox.path('.lock.forge-session-resume'), { recursive: true, force: true });
    fs.rmSync(sandbox.path('.forge-resume'), { recursive: true, force: true });
  });
  mount(sandbox.project, '-t', 'overlay', 'overlay', '-o', options);
  onTestFinished(() => expect(sandbox.violations()).toEqual([]));
}

/** Mounts a folder of the project on its own, so that nothing can be renamed into it or out of it. */
export function mountOfItsOwn(path: string): void {
  fs.mkdirSync(path, { recursive: true });
  mount(path, '-t', 'tmpfs', 'tmpfs');
}

/**
 * Mounts something until the test is over.
 *
 * @param path - where
 * @param args - of mount(8), without the place
 */
export function mount(path: string, ...args: readonly string[]): void {
  execFileSync('mount', [...args, path], { stdio: 'pipe' });
  onTestFinished(() => void execFileSync('umount', ['--lazy', path]));
}

/** Node's arguments for its permission model, with the project as all that may be written. */
export function permissionArgs(project: string, ...more: readonly string[]): string[] {
  const [major = 0] = process.versions.node.split('.').map(Number);
  const flag = major >= 24 ? '--permission' : '--experimental-permission';
  return ['--no-warnings', flag, '--allow-fs-read=*', `--allow-fs-write=${project}/*`, ...more];
}
