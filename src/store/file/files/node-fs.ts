const nodeFs = process.getBuiltinModule('node:fs');

/**
 * Node's file calls, as a look needs them. Imported from `node:fs` they would have Node make an ES module of all that it has
 * for files, streams and promises with it: 3 of the 10 ms of a first call, in a host that has not done so.
 */
export const {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  realpathSync,
  statSync,
} = nodeFs;

/** Node loads what it has for folders when this is read first: only a scan does. */
export const opendirSync: typeof nodeFs.opendirSync = (...given) => nodeFs.opendirSync(...given);
