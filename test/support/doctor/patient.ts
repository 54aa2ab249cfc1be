/** A project and its surroundings, which doctor looks at as a program. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { hookEvents } from '../../../src/cli/install/hook-events.ts';
import type { Finding } from '../../../src/cli/see/doctor/finding.ts';
import type { Mended, Unmended } from '../../../src/cli/see/doctor/mend-findings.ts';
import { type Ended, type RunOptions, runProgram } from '../program.ts';
import { makeSandbox, type Sandbox } from '../sandbox.ts';

/** What doctor said, parsed. */
export interface Told {
  readonly code: number | null;
  readonly stderr: string;
  readonly findings: readonly Omit<Finding, 'mend'>[];
  readonly mended: readonly (Pick<Mended, 'kept' | 'undo'> & { readonly id: string; readonly file: string })[];
  readonly unmended: readonly (Pick<Unmended, 'message'> & { readonly id: string })[];
}

/** A project that is healthy at first: an agent's hooks are installed, nothing else of the name stands in `PATH`. */
export class Patient {
  readonly box: Sandbox;
  readonly home: string;
  readonly bin: string;
  /** How the program is started; an illness may change it. */
  options: RunOptions = {};

  constructor(box: Sandbox, root: string) {
    this.box = box;
    this.home = join(root, 'home');
    this.bin = join(root, 'bin');
    for (const folder of [this.home, this.bin, join(this.home, '.claude')]) fs.mkdirSync(folder);
    this.putHook('forge-resume hook');
  }

  /** The agent's configuration. */
  get settings(): string {
    return join(this.home, '.claude', 'settings.json');
  }

  /** Writes the agent's configuration, with one command for every event. */
  putHook(command: string): void {
    const hooks = Object.fromEntries(hookEvents.map((event) => [event, [{ hooks: [{ type: 'command', command }] }]]));
    fs.writeFileSync(this.settings, JSON.stringify({ hooks }, null, 2));
    age(this.settings, 100);
  }

  /** Puts a program into `PATH`. */
  putProgram(name: string, text: string): string {
    const file = join(this.bin, name);
    fs.writeFileSync(file, text, { mode: 0o755 });
    return file;
  }

  /** Runs the program in these surroundings. */
  run(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
    const PATH = [this.bin, dirname(process.execPath), '/usr/bin', '/bin'].join(':');
    const env = { HOME: this.home, PATH, ...this.options.env, ...options.env };
    return runProgram(args, { cwd: this.home, ...this.options, ...options, env });
  }

  /** Asks doctor. */
  async doctor(...args: readonly string[]): Promise<Told> {
    const { code, stdout, stderr } = await this.run(['doctor', '--state-dir', this.box.stateDir, '--json', ...args]);
    const { schema, findings, mended = [], unmended = [] } = JSON.parse(stdout);
    expect(schema).toBe(1);
    return { code, stderr, findings, mended, unmended };
  }

  /** Runs what doctor printed: its own program by the built one, all else as it is. */
  async follow(argv: readonly string[]): Promise<void> {
    const [program = '', ...args] = argv;
    if (program === 'forge-resume') expect(await this.run(args)).toMatchObject({ code: 0 });
    else execFileSync(program, args);
  }
}

/** Makes a {@link Patient}; after the test it is gone. */
export function makePatient(): Patient {
  const root = fs.realpathSync(fs.mkdtempSync(join(os.tmpdir(), 'forge-doctor-')));
  onTestFinished(() => fs.rmSync(root, { recursive: true, force: true }));
  return new Patient(makeSandbox(), root);
}

/** A program in tmux's place that has one pane, in which an agent runs. */
export const paneOfAgent = (id: string): string =>
  `#!/bin/sh
for format; do :; done
printf '%s\\n' "$format" |
  sed 's/#{pane_id}/${id}/; s/#{pane_pid}/1/; s/#{pane_current_command}/codex/; s/#{pane_start_command}/sh/'
`;

/** Makes a file look as if nobody had changed it for long; a link itself, where it is one. */
export function age(path: string, epochSeconds = 1): void {
  fs.lutimesSync(path, epochSeconds, epochSeconds);
}

/** What stands at a path, all that can be put back of it; undefined where nothing does. */
export function contentAt(path: string): string | undefined {
  const stat = fs.lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return undefined;
  if (stat.isSymbolicLink()) return `link ${fs.readlinkSync(path)}`;
  if (stat.isDirectory())
    return `folder ${fs.readdirSync(path).map((name) => `${name}: ${contentAt(join(path, name))}`)}`;
  return stat.isFile() ? `file ${(stat.mode & 0o777).toString(8)} ${fs.readFileSync(path, 'latin1')}` : 'special';
}
