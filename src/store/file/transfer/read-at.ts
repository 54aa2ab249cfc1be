import type { BigIntStats } from 'node:fs';
import fs from 'fs-extra';
import { firstNames } from '../files/first-names.ts';
import { inside } from '../files/folder.ts';
import { attempt } from '../files/io.ts';
import { type FileRead, readStateFile } from '../files/state-file.ts';
import type { Call } from './call.ts';
import { ifThere, type Place } from './place.ts';

/** Reads a file, `limit` bytes at most; it never throws. */
export function readAt(call: Call, place: Place, limit?: number): FileRead {
  const planned = call.dry?.read(place, limit);
  if (planned !== undefined) return planned;
  try {
    return (
      ifThere(call, place, (folder, name) => inside(folder, (at) => readStateFile(at(name), limit))) ?? {
        kind: 'absent',
      }
    );
  } catch {
    return { kind: 'unreadable' };
  }
}

/** What stands at a place; undefined where nothing does, or where it cannot be known. */
export function statAt(call: Call, place: Place): BigIntStats | undefined {
  const planned = call.dry?.read(place);
  if (planned !== undefined) return planned.kind === 'file' ? planned.stat : undefined;
  return attempt(() =>
    ifThere(call, place, (folder, name) => inside(folder, (at) => fs.lstatSync(at(name), { bigint: true }))),
  );
}

/** The first names in a folder, `most` at most, whatever a hostile project puts there; none where it cannot be listed. */
export function namesAt(call: Call, folder: Place, most: number): readonly string[] {
  const names =
    attempt(() => ifThere(call, [...folder, '.'], (opened) => inside(opened, (at) => firstNames(at('.'), most)))) ?? [];
  return call.dry?.names(folder, names) ?? names;
}
