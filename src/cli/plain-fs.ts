/**
 * What the bundled store gets for `fs-extra`: the functions that it uses are Node's own, but for one. Loading
 * `fs-extra` itself takes longer than all that a call does with files: it wraps every asynchronous function and
 * loads `assert`, `stream` and `util` for that. A test holds the two to the same names.
 */
import fs from 'node:fs';

/** Removes a file or folder with all that is below; nothing there is no error. */
const removeSync = (path: string): void => fs.rmSync(path, { recursive: true, force: true });

// Not a copy: that would read the getters, behind which Node loads its streams.
export default Object.assign(Object.create(fs) as typeof fs, { removeSync });
