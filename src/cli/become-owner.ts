import { closeSync, constants, fstatSync, openSync, statSync } from 'node:fs';
import { lookUpPane } from '../pane/tmux.ts';

/** What is known of a state directory before it is opened. */
interface Known {
  /** Whether this process is a child of the agent. */
  readonly isAgentChild: boolean;
  /** User id of whom it belonged to when it was found. */
  readonly owner?: number;
}

/**
 * Makes root the owner of a state directory for all that follows, so that nothing of root's is ever left there, read
 * for it or given away (src/store/file/README.md#reaching-files-safely). Effective ids only: a runtime of root's still
 * answers signal 0. The agent's pane is looked for before, since the owner cannot ask root's tmux. Where root may not
 * change its ids (in some user namespaces), it goes on as it is.
 *
 * @param stateDir - as it was given; links are followed
 * @param known - what is known of it
 * @returns the environment for the call, which names the pane
 * @throws Error where another folder was put in its place meanwhile, or its owner cannot reach it
 */
export async function becomeOwner(stateDir: string, { isAgentChild, owner }: Known): Promise<NodeJS.ProcessEnv> {
  const fd = openFolder(stateDir);
  if (fd === undefined) return process.env;
  try {
    const { uid, gid, dev, ino } = fstatSync(fd, { bigint: true });
    if (owner !== undefined && BigInt(owner) !== uid) throw new Error(`${stateDir} was exchanged for another folder`);
    if (uid === 0n) return process.env;
    const pane = await lookUpPane(process.env, { isAgentChild });
    // What is loaded later, while the package's files may be root's alone.
    const { loadAhead } = await import('../call/run-machine.ts');
    await Promise.all([
      loadAhead(),
      import('../call/record-call.ts'),
      import('../call/record-look.ts'),
      import('./log-call.ts'),
    ]);
    changeIds(Number(uid), Number(gid));
    const there = attempt(() => statSync(stateDir, { bigint: true }));
    if (there?.dev !== dev || there.ino !== ino) throw new Error(`${stateDir} is out of its owner's reach`);
    return pane === '' ? process.env : { ...process.env, TMUX_PANE: pane };
  } finally {
    closeSync(fd);
  }
}

/** What is wrong with a folder the call tells. */
const openFolder = (path: string): number | undefined =>
  attempt(() => openSync(path, constants.O_RDONLY | constants.O_DIRECTORY));

function changeIds(uid: number, gid: number): void {
  const before = { groups: process.getgroups?.() ?? [], gid: process.getegid?.() ?? 0 };
  try {
    process.setgroups?.([gid]);
    process.setegid?.(gid);
    process.seteuid?.(uid);
  } catch {
    attempt(() => process.setegid?.(before.gid));
    attempt(() => process.setgroups?.(before.groups));
  }
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
