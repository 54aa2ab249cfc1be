/** The two ways in that campaigns use: the library in a process of its own, and the program as an agent's hook. */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { Caller } from './caller.ts';
import type { Side } from './campaign.ts';
import { conversation } from './hostile-project.ts';
import { subjectProgram } from './subject.ts';

/**
 * The public call, in a process that is started anew where a call kills it.
 *
 * @param module - the bundled subject
 * @param uid - user and group that call; our own by default
 */
export function librarySide(module: string, uid?: number): Side {
  let caller: Caller | undefined;
  return {
    call: async (project, current) => {
      caller ??= await new Caller(module, uid === undefined ? {} : { uid }).ready();
      const answer = await caller.call({
        stateDir: project.stateDir,
        payloadSessionId: conversation,
        env: { RCS_SESSION_ID: current },
        companions: 'carry',
      });
      if (answer === 'died') {
        caller = undefined;
        return { word: 'died of a call', said: '', millis: 0 };
      }
      const { error, result, millis } = answer;
      const isTyped = error?.name === 'ForgeResumeError';
      const word = error === undefined ? String(result?.reason) : isTyped ? error.code : `untyped ${error.name}`;
      return { word, said: JSON.stringify(answer), millis };
    },
    end: async () => {
      await caller?.kill();
    },
  };
}

/** `forge-resume hook`, a process for each call, as the user that runs the test. */
export function programSide(): Side {
  return {
    call: async (project, current) => {
      const began = performance.now();
      const { PATH = '' } = process.env;
      const child = spawn(process.execPath, [subjectProgram, 'hook'], {
        cwd: project.root,
        env: { PATH, RCS_SESSION_ID: current },
      });
      const closed = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
      const event = { session_id: conversation, cwd: project.root, hook_event_name: 'Stop', turn_id: '1' };
      child.stdin.on('error', () => undefined);
      child.stdin.end(JSON.stringify(event));
      const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
      const said = stdout + stderr;
      const fine = code === 0 && stdout === '' && /^([^\n]+\n)?$/.test(stderr);
      const word = fine
        ? (/hook: ([A-Z_]+):/.exec(stderr)?.[1] ?? (stderr === '' ? 'quiet' : 'complained'))
        : 'broke the agent';
      return { word, said: `exit ${code} ${said}`, millis: performance.now() - began };
    },
    end: async () => undefined,
  };
}
