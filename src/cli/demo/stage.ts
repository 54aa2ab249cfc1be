import { constants } from 'node:os';
import { PrivateTmux } from './private-tmux.ts';
import { ScratchProject } from './scratch-project.ts';

const endings = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** What the demo plays on, and the promise that nothing of it stays. */
export interface Stage {
  readonly project: ScratchProject;
  /** Undefined where tmux is not installed or does not start. */
  readonly tmux: PrivateTmux | undefined;
}

/**
 * Plays on a fresh stage and removes it on every way out, signals included.
 *
 * @param play - what happens on the stage
 */
export async function onStage(play: (stage: Stage) => Promise<void>): Promise<void> {
  let project: ScratchProject | undefined;
  let tmux: PrivateTmux | undefined;
  const clear = (): void => {
    tmux?.stop();
    project?.remove();
    tmux = project = undefined;
  };
  const interrupt = (signal: (typeof endings)[number]): never => {
    clear();
    return process.exit(128 + constants.signals[signal]);
  };
  // Before there is anything to remove: a signal in between would leave it behind.
  for (const signal of endings) process.on(signal, interrupt);
  try {
    project = new ScratchProject();
    tmux = PrivateTmux.start(project.root);
    await play({ project, tmux });
  } finally {
    clear();
    for (const signal of endings) process.off(signal, interrupt);
  }
}
