import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

// Lives as long as the demo at most, so that even a killed demo leaves no server behind: without panes tmux exits.
const standIn = (demo: number): string =>
  `setInterval(() => { try { process.kill(${demo}, 0) } catch { process.exit() } }, 5000)`;

/** A tmux server with its own socket and without the user's configuration. */
export class PrivateTmux {
  readonly version: string;
  readonly #socket: string;

  private constructor(folder: string, version: string) {
    this.version = version;
    this.#socket = join(folder, 'tmux');
  }

  /**
   * Starts a server with one idle pane.
   *
   * @param folder - an existing folder for the socket
   * @returns the server, or undefined where tmux is not installed or does not start
   */
  static start(folder: string): PrivateTmux | undefined {
    const { status, stdout } = spawnSync('tmux', ['-V'], { encoding: 'utf8' });
    if (status !== 0) return undefined;
    const tmux = new PrivateTmux(folder, stdout.trim());
    try {
      tmux.#run('new-session', '-d', '-s', 'demo', process.execPath, '-e', standIn(process.pid));
      return tmux;
    } catch {
      tmux.stop();
      return undefined;
    }
  }

  /** Opens a pane with a stand-in for the agent; returns the pane's id, such as `%1`. */
  openAgent(): string {
    const command = [process.execPath, '-e', standIn(process.pid)];
    return this.#run('new-window', '-d', '-P', '-F', '#{pane_id}', '-t', 'demo', ...command);
  }

  /** Kills a pane's agent without a chance to clean up, as a crash does. */
  crash(pane: string): void {
    process.kill(Number(this.#run('display-message', '-p', '-t', pane, '#{pane_pid}')), 'SIGKILL');
  }

  /** The environment of a process in a pane. */
  environment(pane: string): { readonly TMUX: string; readonly TMUX_PANE: string } {
    return { TMUX: `${this.#socket},${this.#run('display-message', '-p', '#{pid}')},0`, TMUX_PANE: pane };
  }

  /** Ends the server and all its panes. */
  stop(): void {
    spawnSync('tmux', ['-S', this.#socket, 'kill-server'], { stdio: 'ignore' });
  }

  #run(...args: string[]): string {
    const argv = ['-S', this.#socket, '-f', '/dev/null', ...args];
    const { status, stdout, stderr } = spawnSync('tmux', argv, { encoding: 'utf8', timeout: 5_000 });
    if (status !== 0) throw new Error(`tmux ${args[0]}: ${stderr?.trim()}`);
    return stdout.trim();
  }
}
