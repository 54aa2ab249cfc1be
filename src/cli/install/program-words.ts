import { realpathSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/**
 * What an agent has to start, whatever its own `PATH` is: Node and this program by absolute paths. Node by the name
 * under which `PATH` finds it, where that is the same one: an upgrade removes the folder of its version.
 *
 * @param isBare - `forge-resume` alone, for a configuration that goes to other machines
 */
export function programWords(isBare: boolean): readonly string[] {
  if (isBare) return ['forge-resume'];
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => isAbsolute(folder));
  const node = folders.map((folder) => join(folder, 'node')).find((path) => real(path) === real(process.execPath));
  return [node ?? process.execPath, real(process.argv[1] ?? '') ?? ''];
}

function real(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
