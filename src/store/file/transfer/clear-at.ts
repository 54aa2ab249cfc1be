import fs from 'fs-extra';
import { inside } from '../files/folder.ts';
import { attempt, changing, osCode } from '../files/io.ts';
import { removeTemp } from '../files/temp-file.ts';
import { tempName } from '../files/temp-name.ts';
import type { Call } from './call.ts';
import { ifThere, type Place, pathOf } from './place.ts';

/**
 * Removes a file of ours; nothing there is no error. That it is gone needs no sync: what a power cut brings back was
 * true once, and is judged anew.
 *
 * @throws ForgeResumeError `IO`, `LOCK_LOST`, `STATE_UNSAFE`
 */
export function unlinkAt(call: Call, place: Place): void {
  call.lease.verify();
  changing(`remove ${pathOf(call, place)}`, () => {
    if (call.dry !== undefined) return void call.dry.put(call.lease.root(), place, null);
    return ifThere(call, place, (folder, name) => {
      try {
        inside(folder, (at) => fs.unlinkSync(at(name)));
      } catch (error) {
        if (osCode(error) !== 'ENOENT') throw error;
      }
    });
  });
}

/** Removes a folder of ours if nothing is in it. Never throws. */
export function rmdirAt(call: Call, place: Place): void {
  if (call.dry !== undefined) return;
  attempt(() => ifThere(call, place, (folder, name) => inside(folder, (at) => fs.rmdirSync(at(name)))));
}

/** Removes what a dead call left beside files of one folder. Never throws. */
export function clearAt(call: Call, folder: Place, ...names: readonly string[]): void {
  if (call.dry !== undefined) return;
  attempt(() =>
    ifThere(call, [...folder, ''], (opened) => {
      for (const name of names) {
        const left = attempt(() => inside(opened, (at) => fs.lstatSync(at(tempName(name)), { throwIfNoEntry: false })));
        if (left === undefined) continue;
        // Where the lock was lost, it is the next holder's.
        call.lease.verify();
        removeTemp(opened, name);
      }
    }),
  );
}
