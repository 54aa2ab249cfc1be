import { spawn } from 'node:child_process';

const mend = 'or take --then out of "notify" in Codex\'s config.toml';

/**
 * Starts the notification program behind `--then`, as the agent would: by its words and the payload, nobody waiting for it.
 *
 * @param words - the program, its arguments and the payload
 * @param say - told of one that is not named, or cannot be started
 */
export function startChained([program = '', ...args]: readonly string[], say: (text: string) => void): void {
  // The agent puts the payload last: alone it is no program, and holds texts that are the user's.
  if (args.length === 0) {
    say(`no program is named behind --then; name one, ${mend}`);
    return;
  }
  const child = spawn(program, args, { stdio: 'inherit' });
  // The event comes too late: we may have left by then.
  child.once('error', () => {});
  if (child.pid === undefined)
    say(`${program}, the program behind --then, cannot be started; see that it is there and may be run, ${mend}`);
  child.unref();
}
