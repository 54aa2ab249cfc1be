import { describe, expect, it } from 'vitest';
import { Disk } from '../support/power-cut.ts';
import { cutStates, seededRandom } from '../support/power-cut-states.ts';
import type { Call } from '../support/switch/order.ts';
import { type Entry, textIn } from '../support/tree.ts';

const folder: Entry = { kind: 'folder', mode: 0o755, mtimeMs: 0 };
const file: Entry = { kind: 'file', mode: 0o600, mtimeMs: 0, bytes: Buffer.from('old') };

function call(name: string, path: string, more: Partial<Call> = {}): Call {
  return { number: 1, name, path, other: '', extra: 0, failed: false, data: Buffer.alloc(0), ...more };
}
const create = (path: string): Call => call('open', path, { extra: 1 });
const write = (path: string, text: string): Call => call('write', path, { data: Buffer.from(text) });
const fsync = (path: string): Call => call('fsync', path);

/** What a file may hold after a cut at the end of some calls, each content once; `-` where it is gone. */
function found(path: string, calls: readonly Call[]): string[] {
  const disk = new Disk(
    new Map([
      ['.', folder],
      ['a', folder],
      ['a/f', file],
      ['tmp', folder],
    ]),
  );
  for (const one of calls) disk.apply(one);
  const { trees } = cutStates(disk, 10_000, seededRandom(1));
  return [...new Set(trees.map((tree) => textIn(tree, path) ?? '-'))].sort();
}

describe('what a cut may leave', () => {
  it('keeps what the runtime had written', () => {
    expect(found('a/f', [])).toEqual(['old']);
  });

  it('loses, shortens or blanks data that was not synced', () => {
    expect(found('a/f', [write('a/f', 'NEWS')])).toEqual(['\0\0\0\0', 'NE', 'NEWS', 'old']);
    expect(found('a/f', [write('a/f', 'NEWS'), fsync('a/f')])).toEqual(['NEWS']);
  });

  it('loses a new name although its data was synced, until the folder is', () => {
    const made = [create('a/g'), write('a/g', 'x'), fsync('a/g')];
    expect(found('a/g', made)).toEqual(['-', 'x']);
    expect(found('a/g', [...made, fsync('a')])).toEqual(['x']);
  });

  it('shows old or new after a rename of synced data, and old content never with the new name torn', () => {
    const made = [create('tmp/t'), write('tmp/t', 'new'), fsync('tmp/t'), call('rename', 'tmp/t', { other: 'a/f' })];
    expect(found('a/f', made)).toEqual(['new', 'old']);
    expect(found('tmp/t', made)).toEqual(['-', 'new']);
    expect(found('a/f', [...made, fsync('a')])).toEqual(['new']);
  });

  it('can tear a rename of data that was not synced', () => {
    const made = [create('tmp/t'), write('tmp/t', 'new!'), call('rename', 'tmp/t', { other: 'a/f' }), fsync('a')];
    expect(found('a/f', made)).toEqual(['', '\0\0\0\0', 'ne', 'new!']);
  });

  it('loses what is in a folder whose own name was not synced', () => {
    const made = [call('mkdir', 'b', { extra: 0o700 }), create('b/g'), write('b/g', 'x'), fsync('b/g'), fsync('b')];
    expect(found('b/g', made)).toEqual(['-', 'x']);
    expect(found('b/g', [...made, fsync('.')])).toEqual(['x']);
  });

  it('may bring back what was removed, and ignores calls that failed', () => {
    expect(found('a/f', [call('unlink', 'a/f')])).toEqual(['-', 'old']);
    expect(found('a/f', [call('unlink', 'a/f', { failed: true })])).toEqual(['old']);
  });

  it('takes everything where it can, and a sample with all its edges where not', () => {
    const disk = new Disk(new Map([['.', folder]]));
    for (const name of ['p', 'q', 'r', 's']) disk.apply(call('mkdir', name, { extra: 0o700 }));
    expect(cutStates(disk, 16, seededRandom(1))).toMatchObject({ possible: 16, trees: { length: 16 } });
    const sampled = cutStates(disk, 3, seededRandom(1)).trees.map((tree) => tree.size);
    expect(Math.min(...sampled)).toBe(1);
    expect(Math.max(...sampled)).toBe(5);
    expect(sampled).toEqual(cutStates(disk, 3, seededRandom(1)).trees.map((tree) => tree.size));
  });
});
