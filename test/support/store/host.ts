/** One of several hosts: a clone of the project and a user's home of its own. */
import fs from 'node:fs';
import { dirname } from 'node:path';
import { type Ended, runProgram } from '../program.ts';
import { makeSandbox, type Sandbox } from '../sandbox.ts';

/** A host of a test; it is gone when the test is over. */
export class StoreHost {
  readonly box: Sandbox = makeSandbox();
  readonly home: string = makeSandbox({ stateDir: false }).project;
  /** The project's name in the database. */
  readonly project: string;
  readonly #store: Readonly<Record<string, string>>;
  readonly #inside: readonly string[];

  /**
   * @param url - of the database
   * @param project - the project's name there
   * @param inside - what stands before a command that is to run on it
   */
  constructor(url: string, project: string, inside: readonly string[] = []) {
    this.project = project;
    this.#store = { FORGE_RESUME_STORE: url, FORGE_RESUME_PROJECT: project };
    this.#inside = inside;
  }

  /** Runs the program here, in a session if one is named. */
  run(args: readonly string[], session = '', input = '', added: Readonly<Record<string, string>> = {}): Promise<Ended> {
    const env = { HOME: this.home, ...this.#store, ...(session === '' ? {} : { RCS_SESSION_ID: session }), ...added };
    return runProgram(args, { cwd: this.box.project, env, input, inside: this.#inside });
  }

  /** An agent's hook in a session, on another address of the database if one is given. */
  hook(session: string, event = 'Stop', conversation = 's1', url?: string): Promise<Ended> {
    const payload = { hook_event_name: event, session_id: conversation, cwd: this.box.project, source: 'resume' };
    const added = url === undefined ? {} : { FORGE_RESUME_STORE: url };
    return this.run(['hook'], session, JSON.stringify(payload), added);
  }

  /** What a runtime does in place: some fields of a run, beside what is there. */
  write(session: string, fields: Readonly<Record<string, unknown>>): void {
    const file = this.box.runFile(session);
    const before = fs.existsSync(file) ? this.box.run(session) : {};
    fs.mkdirSync(dirname(file), { recursive: true });
    fs.writeFileSync(file, JSON.stringify({ ...before, ...fields }, null, 2));
  }
}
