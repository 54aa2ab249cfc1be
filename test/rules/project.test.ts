import { describe, expect, it } from 'vitest';
import { foldersUpwards, projectFolders, searchStarts } from '../../src/rules/project.ts';

describe('what the agent sends: where its project is looked for', () => {
  it('a project keeps its state in .rcs/state', () => {
    expect(projectFolders('/p')).toEqual({ project: '/p', runtimeDir: '/p/.rcs', stateDir: '/p/.rcs/state' });
  });

  it('from cwd, where the agent names no project', () => {
    expect(searchStarts('/p/a', {})).toEqual(['/p/a']);
    expect(searchStarts('/p/a', { CLAUDE_PROJECT_DIR: ' ' })).toEqual(['/p/a']);
  });

  it('from the project that the agent names, then from cwd', () => {
    expect(searchStarts('/p/a', { CLAUDE_PROJECT_DIR: '/q' })).toEqual(['/q', '/p/a']);
  });

  it.each(['q', './q', '..'])('%j, which is no absolute path, names none', (named) => {
    expect(searchStarts('/p/a', { CLAUDE_PROJECT_DIR: named })).toEqual(['/p/a']);
  });

  it('what goes back in a path is taken out of it first', () => {
    expect(searchStarts('/p/a/../b//c/', { CLAUDE_PROJECT_DIR: '/q/./r' })).toEqual(['/q/r', '/p/b/c/']);
    expect(foldersUpwards('/p/b/c/').slice(0, 2)).toEqual(['/p/b/c/', '/p/b']);
  });

  it('upwards to the root', () => {
    expect(foldersUpwards('/p/a/b')).toEqual(['/p/a/b', '/p/a', '/p', '/']);
    expect(foldersUpwards('/')).toEqual(['/']);
  });
});
