/** Somebody who never saw the package: a clone, an empty home, and the README. */
import { type ExecFileException, execFile } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { clone } from '../package/install.ts';
import { startRegistry } from '../support/registry.ts';
import { fencesOf } from './markdown.ts';

/** What a command said. */
export interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Lines of the README's shell blocks under a heading, one list a block, without their comments. */
export const shellOf = (heading: string): string[][] =>
  fencesOf('README.md')
    .filter((fence) => fence.language === 'sh' && fence.heading === heading)
    .map(({ text }) => text.split('\n').map((line) => line.replace(/\s+# .*$/, '')));

/** A folder with a clone, and with all that its owner installs. */
export class Newcomer {
  readonly clone: string;
  readonly #folder: string;
  readonly #env: Record<string, string>;
  readonly #close: () => void;

  private constructor(folder: string, registry: string, close: () => void) {
    this.#folder = folder;
    this.#close = close;
    this.clone = join(folder, 'clone');
    const [home, prefix] = [join(folder, 'home'), join(folder, 'global')];
    fs.mkdirSync(home);
    this.#env = {
      PATH: [join(prefix, 'bin'), dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter),
      HOME: home,
      TMPDIR: tmpdir(),
      npm_config_prefix: prefix,
      npm_config_cache: join(folder, 'cache'),
      npm_config_registry: registry,
    };
  }

  /** A newcomer with a fresh clone; nothing is installed. */
  static async arrive(): Promise<Newcomer> {
    const { server, url } = await startRegistry();
    const newcomer = new Newcomer(fs.mkdtempSync(join(tmpdir(), 'fn-')), url, () => void server.close());
    clone(newcomer.clone);
    return newcomer;
  }

  /** An empty folder. */
  folder(): string {
    return fs.mkdtempSync(join(this.#folder, 'p-'));
  }

  /** A project in which one conversation has a live run in each of the sessions. */
  project(run: object, ...sessions: readonly string[]): string {
    const project = this.folder();
    fs.mkdirSync(join(project, '.rcs', 'state', 'sessions', 'launch-2'), { recursive: true });
    for (const session of sessions) {
      const folder = join(project, '.rcs', 'state', 'sessions', session);
      fs.mkdirSync(folder, { recursive: true });
      fs.writeFileSync(join(folder, 'forge-state.json'), JSON.stringify(run, null, 2));
    }
    return project;
  }

  /** A session's run. */
  run(project: string, session: string): Record<string, unknown> {
    const file = join(project, '.rcs', 'state', 'sessions', session, 'forge-state.json');
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  }

  /** Types a command. */
  type(command: string, cwd: string, given: { input?: string; env?: Record<string, string> } = {}): Promise<Said> {
    return new Promise((resolve) => {
      const ended = (error: ExecFileException | null, stdout: string, stderr: string): void =>
        resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr });
      const env = { ...this.#env, ...given.env };
      const child = execFile('/bin/sh', ['-c', command], { cwd, env, timeout: 120_000 }, ended);
      // The command may rightly read nothing.
      child.stdin?.on('error', () => {});
      child.stdin?.end(given.input ?? '');
    });
  }

  /** Removes everything. */
  leave(): void {
    this.#close();
    fs.rmSync(this.#folder, { recursive: true, force: true });
  }
}
