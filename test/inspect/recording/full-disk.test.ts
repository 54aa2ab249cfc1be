import fs from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { reasons } from '../../../src/rules/protocol.ts';
import { liveRun } from '../../support/runs.ts';
import { makeSandbox } from '../../support/sandbox.ts';
import { scratchFolder } from './folder.ts';

const state = vi.hoisted(() => ({ room: Number.POSITIVE_INFINITY }));

// A disk that is full after so many bytes, for whoever writes recordings.
vi.mock('node:fs', async (original) => {
  const real = await original<typeof import('node:fs')>();
  const writeSync = (fd: number, text: Buffer | string, at = 0): number => {
    const bytes = Buffer.from(text);
    if (state.room === 0) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    const count = real.writeSync(fd, bytes, at, Math.min(bytes.length - at, state.room));
    state.room -= count;
    return count;
  };
  return { ...real, default: real, writeSync };
});

describe('a disk that fills up', () => {
  it.each([0, 1, 200, 1_000])('after %i bytes: the call goes on, what fitted stays', async (room) => {
    const folder = scratchFolder();
    const sandbox = makeSandbox();
    sandbox.putSessions('now');
    sandbox.putRun('old', liveRun());
    state.room = room;
    const result = await sandbox.call({ session: 's1', record: `${folder}/` });
    state.room = Number.POSITIVE_INFINITY;
    expect(result).toMatchObject({
      reason: reasons.resumed,
      warnings: [expect.stringMatching(/^not recorded: ENOSPC/)],
    });
    const [name = ''] = fs.readdirSync(folder);
    expect(fs.statSync(join(folder, name)).size).toBe(room);
  });
});
