import { expect, it } from 'vitest';
import { projectFolders } from '../../src/rules/project.ts';

it('what the agent sends: the state directory is <cwd>/.rcs/state', () => {
  expect(projectFolders('/home/me/project')).toEqual({
    runtimeDir: '/home/me/project/.rcs',
    stateDir: '/home/me/project/.rcs/state',
  });
});

it.each([[undefined], [null], [17], [''], ['project'], ['./project'], [{}]])('a cwd of %j names no project', (cwd) => {
  expect(projectFolders(cwd)).toBeUndefined();
});
