import { createRequire } from 'node:module';

/**
 * Loads packages as they are installed beside this code, or beside the bundle that it went into.
 *
 * @returns a `require` that no bundler follows
 * @throws Error where a bundle has neither a URL nor a file name
 */
export function requireHere(): NodeJS.Require {
  // Bundled to CommonJS, a module has no URL, but a file name.
  return createRequire(typeof __filename === 'string' ? __filename : import.meta.url);
}
