/** A home with the folders in which agents keep their configuration, for one test. */
import fs from 'node:fs';
import os from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Ended, type RunOptions, runProgram } from './program.ts';

/** What stands below a folder: mode and bytes of each file, modes of folders, targets of links. */
export type Snapshot = Readonly<Record<string, string>>;

/** A home, and a folder in which somebody works. */
export class AgentsHome {
  readonly home: string;
  readonly work: string;

  constructor(root: string) {
    this.home = join(root, 'home');
    this.work = join(root, 'work');
    fs.mkdirSync(this.home);
    fs.mkdirSync(this.work);
  }

  /** Writes a file below the home; returns its path. */
  put(name: string, content: string | Buffer, mode = 0o644): string {
    const path = join(this.home, name);
    fs.mkdirSync(dirname(path), { recursive: true });
    fs.writeFileSync(path, content);
    fs.chmodSync(path, mode);
    return path;
  }

  /** A file below the home, as text. */
  read(name: string): string {
    return fs.readFileSync(join(this.home, name), 'utf8');
  }

  /** A file below the home, as JSON. */
  json(name: string): Record<string, unknown> {
    return JSON.parse(this.read(name));
  }

  /** Runs the program with this home, in {@link work}. */
  run(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
    return runProgram(args, { cwd: this.work, ...options, env: this.env(options.env) });
  }

  /** The environment of {@link run}. */
  env(more: Readonly<Record<string, string>> = {}): Record<string, string> {
    return { HOME: this.home, ...more };
  }

  /** Everything below the home and the working folder. */
  snapshot(): Snapshot {
    return { ...snapshotOf(this.home), ...snapshotOf(this.work) };
  }
}

/** Makes an empty home with the folders of agents; it is removed when the test is over. */
export function makeAgentsHome(...folders: readonly string[]): AgentsHome {
  const root = fs.realpathSync(fs.mkdtempSync(join(os.tmpdir(), 'forge-home-')));
  onTestFinished(() => fs.rmSync(root, { recursive: true, force: true }));
  const home = new AgentsHome(root);
  for (const folder of folders) fs.mkdirSync(join(home.home, folder));
  return home;
}

function snapshotOf(folder: string): Record<string, string> {
  const entries = fs.readdirSync(folder, { recursive: true, withFileTypes: true });
  const paths = entries.map((entry) => join(entry.parentPath, entry.name)).sort();
  return Object.fromEntries(paths.map((path) => [path, describe(path)]));
}

function describe(path: string): string {
  const stat = fs.lstatSync(path);
  const mode = (stat.mode & 0o7777).toString(8);
  if (stat.isSymbolicLink()) return `link to ${fs.readlinkSync(path)}`;
  return stat.isDirectory() ? `folder ${mode}` : `file ${mode} ${fs.readFileSync(path).toString('latin1')}`;
}
