#!/usr/bin/env node
/** The program `forge-resume`: an agent's two ways in go the short way, everything else loads the command line. */
import { existsSync, writeSync } from 'node:fs';
import type { WayIn } from '../rules/payload.ts';
import { projectFolders } from '../rules/project.ts';
import { loadAgent } from './load-agent.ts';
import { readStdin } from './read-stdin.ts';

const [command, ...rest] = process.argv.slice(2);

const asksForHelp = rest.length === 1 && ['--help', '-h', '--version', '-V'].includes(rest[0] ?? '');

/** Whether a payload is of a project in which no runtime keeps state; anything odd is left to whoever can say so. */
const isElsewhere = (text: string): boolean => {
  try {
    const folders = projectFolders((JSON.parse(text) as { cwd?: unknown }).cwd);
    return folders !== undefined && !existsSync(folders.stateDir);
  } catch {
    return false;
  }
};

const answer = async (way: WayIn): Promise<void> => {
  let readPayload: () => string;
  try {
    // Read even where it will not be used: an agent may take a pipe that closes early for a failure.
    const text = way === 'hook' ? await readStdin() : (rest.at(-1) ?? '');
    if (isElsewhere(text)) process.exit(0);
    readPayload = () => text;
  } catch (error) {
    readPayload = () => {
      throw error;
    };
  }
  (await loadAgent())(way, readPayload);
};

/** A broken installation, which the agent must not notice either, even where nobody reads standard error. */
const sayBroken = (way: WayIn, error: unknown): void => {
  const { code = 'damaged' } = error as { code?: string };
  try {
    writeSync(2, `forge-resume ${way}: agent.cjs cannot be loaded (${code}); install the package again\n`);
  } catch {
    // Then there is nobody to tell.
  }
};

if ((command === 'notify' || command === 'hook') && !asksForHelp) {
  answer(command).catch((error: unknown) => sayBroken(command, error));
} else {
  import('./program.ts').then(async ({ runProgram }) => {
    process.exitCode = await runProgram(process.argv);
  });
}
