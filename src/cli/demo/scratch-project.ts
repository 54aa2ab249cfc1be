import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ForgeState, formatForgeState } from '../../rules/forge-state.ts';
import { protocol } from '../../rules/protocol.ts';

const { files, project } = protocol;

/** A project of our own in the system's temporary folder. */
export class ScratchProject {
  readonly root = mkdtempSync(join(tmpdir(), 'forge-demo-'));
  readonly stateDir = join(this.root, project.runtimeFolder, project.stateFolder);

  /** Does what the runtime does at a launch: makes the session's folder. */
  launch(sessionId: string): void {
    mkdirSync(join(this.stateDir, files.sessionsFolder, sessionId), { recursive: true });
  }

  /** Does what the runtime does when a run starts: writes its state. */
  startRun(sessionId: string, run: ForgeState): void {
    writeFileSync(this.#runFile(sessionId), formatForgeState(run));
  }

  /** The session's run as it stands on disk. */
  readRun(sessionId: string): ForgeState {
    return JSON.parse(readFileSync(this.#runFile(sessionId), 'utf8')) as ForgeState;
  }

  /** Removes everything. */
  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  #runFile(sessionId: string): string {
    return join(this.stateDir, files.sessionsFolder, sessionId, files.forgeState);
  }
}
