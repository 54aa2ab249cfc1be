import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** Name of the page beside the built program. */
const pageFile = 'inspect-page.html';

/**
 * The inspector's page as it was built.
 *
 * @throws the operating system's error where the program was not built
 */
export function readTemplate(): string {
  const require = createRequire(import.meta.url);
  // The same from src/cli/inspect, where the built page is elsewhere, and from dist/cli.
  const paths = [`./${pageFile}`, `../../../dist/cli/${pageFile}`];
  const [path] = paths.flatMap((name) => {
    try {
      return [require.resolve(name)];
    } catch {
      return [];
    }
  });
  return readFileSync(path ?? pageFile, 'utf8');
}
