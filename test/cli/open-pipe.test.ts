import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { stopEvent } from '../support/payloads.ts';
import { ended, oneLine, silent, startProgram } from '../support/program.ts';
import { liveRun } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';
import { needs } from '../support/tools.ts';

const env = { RCS_SESSION_ID: 'now' };

/** Longest time in which a call that waits for nothing is over, milliseconds; far less than the 2 s of giving up. */
const atOnceMs = 1_500;

const resumable = (): Sandbox => {
  const sandbox = makeSandbox();
  sandbox.putRun('old', liveRun());
  sandbox.putSessions('now');
  return sandbox;
};

interface Pipe {
  readonly end: ReturnType<typeof ended>;
  readonly write: (bytes: string | Buffer) => void;
}

/** The hook with standard input that never ends by itself: as Node's child, a socket. */
const behindSocket = (more: Readonly<Record<string, string>> = {}): Pipe => {
  const child = startProgram(['hook'], { env: { ...env, ...more }, stdin: 'open' });
  return { end: ended(child), write: (bytes) => void child.stdin.write(bytes) };
};

/** The same, where Node offers no more than `process.stdin`. */
const behindPublicSocket = ({ project }: Sandbox): Pipe => {
  const hook = join(project, 'no-binding.cjs');
  writeFileSync(hook, "process.binding = () => { throw new Error('gone') }");
  return behindSocket({ NODE_OPTIONS: `--require ${hook}` });
};

/** The same behind a pipe, which the hook keeps open itself. */
const behindPipe =
  (flags = 0) =>
  (sandbox: Sandbox): Pipe => {
    const path = join(sandbox.project, `pipe-${Math.random().toString(36).slice(2)}`);
    execFileSync('mkfifo', [path]);
    const fd = openSync(path, constants.O_RDWR | flags);
    onTestFinished(() => closeSync(fd));
    return {
      end: ended(startProgram(['hook'], { env, stdin: fd })),
      write: (bytes) => void writeSync(fd, Buffer.from(bytes)),
    };
  };

const timed = async (pipe: Pipe): Promise<number> => {
  const since = performance.now();
  expect(await pipe.end).toEqual(silent);
  return performance.now() - since;
};

describe.runIf(needs('mkfifo')).each([
  ['a socket', () => behindSocket()],
  ['a socket, by what Node has in public', behindPublicSocket],
  ['a pipe', behindPipe()],
  ['a pipe that does not wait', behindPipe(constants.O_NONBLOCK)],
])('what the agent sends: standard input that stays open, %s', (_kind, open) => {
  it('is acted on as soon as the object is complete', async () => {
    const sandbox = resumable();
    const pipe = open(sandbox);
    pipe.write(`\ufeff${stopEvent(sandbox.project)}\n`);
    expect(await timed(pipe)).toBeLessThan(atOnceMs);
    expect(sandbox.run('now')).toMatchObject({ active: true });
  });

  it('is acted on in pieces as well, each within 2 s of the one before', async () => {
    const sandbox = resumable();
    const pipe = open(sandbox);
    const bytes = Buffer.from(stopEvent(sandbox.project, { prompt: '}"é' }));
    const cuts = [0, 1, bytes.indexOf('é') + 1, bytes.length];
    for (const [at, end] of cuts.slice(1).entries()) {
      pipe.write(bytes.subarray(cuts[at], end));
      if (end < bytes.length) await delay(1_200);
    }
    expect(await timed(pipe)).toBeLessThan(atOnceMs);
    expect(sandbox.run('now')).toMatchObject({ active: true });
  });

  it('is given up quietly 2 s after the last byte, also where none ever came', async () => {
    const sandbox = resumable();
    const before = sandbox.run('old');
    const giveUp = async (text: string): Promise<void> => {
      const pipe = open(sandbox);
      if (text !== '') pipe.write(text);
      const took = await timed(pipe);
      expect(took).toBeGreaterThan(1_900);
      expect(took).toBeLessThan(2_000 + atOnceMs);
    };
    await Promise.all([giveUp(''), giveUp('{"hook_event_name":"Stop","cwd":"/')]);
    expect(sandbox.run('old')).toEqual(before);
  });

  it('is complained of at once where it can be no object any more', async () => {
    const pipe = open(makeSandbox());
    pipe.write('[{}');
    expect(await pipe.end).toMatchObject(oneLine(/no JSON object/));
  });
});
