/** The build under test as strangers meet it: the public call in one file, and the program. */
import fs from 'node:fs';
import os from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll } from 'vitest';

const root = resolve(import.meta.dirname, '../../..');

/** Root of the checkout whose build is attacked: this one, unless `FORGE_RESUME_SUBJECT` names another. */
export const subjectRoot = resolve(process.env['FORGE_RESUME_SUBJECT'] ?? root);

/** The built program of that checkout. */
export const subjectProgram = join(subjectRoot, 'dist/cli/forge-resume.cjs');

/** What a hook of a call is told. */
export type HookFacts = Readonly<Record<string, string>>;

/** Options of the public call, as far as these tests use them. */
export interface Ask {
  readonly stateDir: string;
  readonly payloadSessionId?: string;
  readonly payloadThreadId?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly comeHome?: boolean;
  readonly companions?: 'carry';
  readonly signal?: AbortSignal;
  readonly hooks?: Readonly<Record<string, (facts?: HookFacts) => unknown>>;
}

/** What a call resolves to. */
export interface Told {
  readonly currentRcsSessionId: string;
  readonly resumed: boolean;
  readonly updatedCurrentOwner: boolean;
  readonly reason: string;
  readonly sourcePath?: string;
  readonly targetPath?: string;
}

/** The public call. */
export type PublicCall = (options: Ask) => Promise<Told>;

/** The subject, bundled. */
export interface Subject {
  readonly call: PublicCall;
  /** An ES module with the public call, which finds the addon. */
  readonly module: string;
  /** The same module at a place from which the addon cannot be found. */
  readonly lonely: string;
  /** Removes both. */
  readonly close: () => void;
}

/** The addon and what it asks for at run time. */
const addonNeeds = [
  'fs-native-extensions',
  'require-addon',
  'which-runtime',
  'bare-addon-resolve',
  'bare-module-resolve',
  'bare-semver',
];

/** Bundles the subject into folders that every user of the machine may read. */
export async function openSubject(): Promise<Subject> {
  const folder = fs.mkdtempSync(join(os.tmpdir(), 'forge-subject-'));
  fs.chmodSync(folder, 0o755);
  const module = join(folder, 'with-addon', 'subject.mjs');
  const lonely = join(folder, 'lonely', 'subject.mjs');
  await build({
    entryPoints: [join(subjectRoot, 'src/index.ts')],
    absWorkingDir: subjectRoot,
    outfile: module,
    bundle: true,
    external: ['fs-native-extensions'],
    platform: 'node',
    format: 'esm',
    target: 'node20',
    // What is bundled of CommonJS asks for Node's own modules by `require`.
    banner: {
      js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);",
    },
    logLevel: 'error',
  });
  fs.mkdirSync(join(folder, 'lonely'));
  fs.copyFileSync(module, lonely);
  for (const name of addonNeeds) {
    const from = join(subjectRoot, 'node_modules', name);
    if (fs.existsSync(from)) fs.cpSync(from, join(folder, 'with-addon/node_modules', name), { recursive: true });
  }
  const { reconcileForgeSessionResume } = await import(pathToFileURL(module).href);
  return {
    call: reconcileForgeSessionResume,
    module,
    lonely,
    close: () => fs.rmSync(folder, { recursive: true, force: true }),
  };
}

/**
 * Opens the subject for all tests of a file and closes it after them.
 *
 * @returns a function that gives the subject once the tests run
 */
export function useSubject(): () => Subject {
  let opened: Subject | undefined;
  beforeAll(async () => {
    opened = await openSubject();
  });
  afterAll(() => opened?.close());
  return () => {
    if (opened === undefined) throw new Error('the subject is open while tests run');
    return opened;
  };
}
