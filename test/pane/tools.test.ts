import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { writeScript } from '../support/tmux-server.ts';
import { needs } from '../support/tools.ts';

describe('tools that a suite needs', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tools-'));
    vi.stubEnv('PATH', folder);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
    await rm(folder, { recursive: true, force: true });
  });

  it('a tool in PATH lets its suite run, in silence', async () => {
    const warn = vi.spyOn(console, 'warn');
    await writeScript(join(folder, 'tmux'), '#!/bin/sh\n');
    expect(needs('tmux')).toBe(true);
    expect(warn).not.toHaveBeenCalled();
  });

  it('a missing tool is reported with the command that installs it', () => {
    vi.stubEnv('FORGE_RESUME_REQUIRE_TOOLS', '');
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    expect(needs('rg')).toBe(false);
    expect(warn.mock.calls).toEqual([[expect.stringMatching(/\brg\b.*apt-get install ripgrep$/)]]);
  });

  it('a missing tool is an error where every suite must run', () => {
    vi.stubEnv('FORGE_RESUME_REQUIRE_TOOLS', '1');
    expect(() => needs('tmux')).toThrow(/apt-get install tmux$/);
  });
});
