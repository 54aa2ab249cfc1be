import nodeFs from 'node:fs';
import type fsExtra from 'fs-extra';
import { attempt } from './io.ts';
import { requireHere } from './require-here.ts';

/**
 * What the build puts in place of `import fs from 'fs-extra'`: that is CommonJS which requires Node's modules, and so
 * ends a bundle of ES modules that somebody makes of this library. Loaded at run time it is left alone by bundlers. In a
 * bundle at a place without packages Node's own module does: the store uses no function that it has not.
 */
const fs: Pick<typeof fsExtra, keyof typeof fsExtra & keyof typeof nodeFs> =
  attempt(() => requireHere()('fs-extra') as typeof fsExtra) ?? (nodeFs as unknown as typeof fsExtra);

export default fs;
