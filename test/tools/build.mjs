/** `npm run build`: the library with its types into dist/lib and dist/types, the command line into dist/cli. */
import { buildCli } from './build-cli.mjs';
import { buildLibrary } from './build-library.mjs';

try {
  await buildLibrary();
  await buildCli();
} catch (error) {
  console.error(`build: ${error.message}`);
  process.exitCode = 1;
}
