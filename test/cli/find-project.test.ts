import {
  chownSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findProject } from '../../src/cli/find-project.ts';

const isRoot = process.getuid?.() === 0;
const uid = process.getuid?.() ?? 0;
const stranger = 65_534;

/** A scratch folder with these folders in it. */
const makeTree = (...folders: readonly string[]): string => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'forge-find-')));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  makeTreeIn(root, ...folders);
  return root;
};

const makeTreeIn = (root: string, ...folders: readonly string[]): void => {
  for (const folder of folders) mkdirSync(join(root, folder), { recursive: true });
};

const found = (...starts: readonly string[]): string | undefined => findProject(starts)?.project;

describe('what the agent sends: the nearest state directory at or above cwd', () => {
  it('in cwd, or above it, however deep', () => {
    const root = makeTree('p/.rcs/state', 'p/a/b/c');
    const project = join(root, 'p');
    expect(findProject([project])).toEqual({
      project,
      runtimeDir: join(project, '.rcs'),
      stateDir: join(project, '.rcs/state'),
      owner: uid,
      isLinked: false,
      isInside: true,
    });
    expect(found(join(project, 'a/b/c'))).toBe(project);
  });

  it('the nearer one of two', () => {
    const root = makeTree('.rcs/state', 'p/.rcs/state', 'p/a');
    expect(found(join(root, 'p/a'))).toBe(join(root, 'p'));
  });

  it('a runtime’s folder without state, or with a file in its place, is passed over', () => {
    const root = makeTree('.rcs/state', 'p/.rcs', 'p/q/.rcs');
    writeFileSync(join(root, 'p/q/.rcs/state'), '');
    expect(found(join(root, 'p/q'))).toBe(root);
  });

  it('none where there is none, or where cwd is not there', () => {
    const root = makeTree('p/.rcs/state');
    expect(found(root)).toBeUndefined();
    expect(found(join(root, 'p/gone'))).toBeUndefined();
    expect(found('/nul\0byte')).toBeUndefined();
  });

  it('from the first start that has one', () => {
    const root = makeTree('p/.rcs/state', 'q/.rcs/state', 'r');
    const [p, q, r] = ['p', 'q', 'r'].map((name) => join(root, name)) as [string, string, string];
    expect(found(q, p)).toBe(q);
    expect(found(r, p)).toBe(p);
    expect(found(join(root, 'gone'), p)).toBe(p);
  });
});

describe.runIf(isRoot)('what the agent sends: a folder planted by somebody else', () => {
  it('is passed over, and one above it that belongs to the owner of cwd is not', () => {
    const root = makeTree('.rcs/state', 'p/.rcs/state', 'p/a');
    chownSync(join(root, 'p/.rcs/state'), stranger, stranger);
    expect(found(join(root, 'p/a'))).toBe(root);
  });

  it('is told by the owner of cwd, not by who we are', () => {
    const root = makeTree('.rcs/state', 'p/.rcs/state', 'p/a');
    for (const folder of ['.rcs/state', 'p/a']) chownSync(join(root, folder), stranger, stranger);
    expect(findProject([join(root, 'p/a')])).toMatchObject({ project: root, owner: stranger });
  });

  it('is passed over too where the owner of cwd has made a link to it', () => {
    const root = makeTree('stranger/state', 'p/a');
    chownSync(join(root, 'stranger/state'), stranger, stranger);
    symlinkSync('../stranger', join(root, 'p/.rcs'));
    expect(found(join(root, 'p/a'))).toBeUndefined();
    makeTreeIn(root, 'q/.rcs', 'q/a');
    symlinkSync('../../stranger/state', join(root, 'q/.rcs/state'));
    expect(found(join(root, 'q/a'))).toBeUndefined();
  });

  it('is passed over too where it is a link to what belongs to the owner of cwd', () => {
    const root = makeTree('victim/.rcs/state', 'p/a', 'q/.rcs', 'q/a');
    symlinkSync(join(root, 'victim/.rcs'), join(root, 'p/.rcs'));
    symlinkSync(join(root, 'victim/.rcs/state'), join(root, 'q/.rcs/state'));
    for (const link of ['p/.rcs', 'q/.rcs/state']) lchownSync(join(root, link), stranger, stranger);
    expect(found(join(root, 'p/a'))).toBeUndefined();
    expect(found(join(root, 'q/a'))).toBeUndefined();
  });
});

describe('what the agent sends: links', () => {
  it('that stay in the project are no matter', () => {
    const root = makeTree('p/real/state', 'p/a', 'q/.rcs/real');
    symlinkSync('real', join(root, 'p/.rcs'));
    symlinkSync('real', join(root, 'q/.rcs/state'));
    expect(findProject([join(root, 'p/a')])).toMatchObject({
      project: join(root, 'p'),
      isLinked: true,
      isInside: true,
    });
    expect(findProject([join(root, 'q')])).toMatchObject({ isLinked: true, isInside: true });
  });

  it.each(['.rcs', '.rcs/state'])('a %s that leads out is told', (link) => {
    const root = makeTree('elsewhere/state', 'p/a', ...(link === '.rcs' ? [] : ['p/.rcs']));
    symlinkSync(link === '.rcs' ? '../elsewhere' : '../../elsewhere/state', join(root, 'p', link));
    expect(findProject([join(root, 'p/a')])).toMatchObject({
      project: join(root, 'p'),
      isLinked: true,
      isInside: false,
    });
  });

  it('a folder beside the project whose name begins like its own is out of it', () => {
    const root = makeTree('p2/state', 'p');
    symlinkSync('../p2', join(root, 'p/.rcs'));
    expect(findProject([join(root, 'p')])).toMatchObject({ isInside: false });
  });

  it('that lead nowhere are passed over', () => {
    const root = makeTree('.rcs/state', 'p/.rcs');
    symlinkSync('gone', join(root, 'p/.rcs/state'));
    expect(found(join(root, 'p'))).toBe(root);
  });

  it('above the project are followed', () => {
    const root = makeTree('p/.rcs/state', 'p/a');
    symlinkSync('p', join(root, 'link'));
    expect(findProject([join(root, 'link/a')])).toMatchObject({ project: join(root, 'link'), isInside: true });
  });
});
