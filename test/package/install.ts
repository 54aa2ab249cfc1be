/** The package as somebody gets it: packed from a fresh clone, unpacked into an empty project. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** The repository. */
export const root = join(import.meta.dirname, '../..');

/** What `npm pack` said, and where the package lies now. */
export interface Installed {
  readonly tarball: string;
  /** The unpacked package, in `node_modules` of {@link project}. */
  readonly home: string;
  /** A project that has the package and its dependencies, and nothing else. */
  readonly project: string;
  readonly files: readonly { readonly path: string; readonly size: number }[];
  readonly remove: () => void;
}

/** The working tree as a clone of its next commit would hold it; what was built there stays behind. */
export function clone(to: string): void {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root });
  for (const name of listed.toString().split('\0')) {
    if (name === '' || !fs.existsSync(join(root, name))) continue;
    fs.mkdirSync(dirname(join(to, name)), { recursive: true });
    fs.copyFileSync(join(root, name), join(to, name));
  }
  // One by one: should npm find something to install here, it replaces links and not what is installed there.
  fs.mkdirSync(join(to, 'node_modules'));
  for (const name of fs.readdirSync(join(root, 'node_modules'))) {
    fs.symlinkSync(join(root, 'node_modules', name), join(to, 'node_modules', name));
  }
}

function pack(from: string, to: string): { filename: string; files: Installed['files'] } {
  const args = ['pack', '--json', '--pack-destination', to];
  // What the build says stands on standard error; a failure quotes it.
  const out = execFileSync('npm', args, { cwd: from, encoding: 'utf8', stdio: 'pipe' });
  // npm 10 and 11 answer with a list, later ones with an object by package name.
  const answer: unknown = JSON.parse(out.slice(out.search(/^[[{]/m)));
  const [packed] = Object.values(answer as Record<string, { filename: string; files: Installed['files'] }>);
  if (packed === undefined) throw new Error(`npm pack said: ${out}`);
  return packed;
}

/** Packs a fresh clone, which builds it, and installs the tarball; takes some seconds. */
export function installPackage(): Installed {
  const folder = fs.mkdtempSync(join(tmpdir(), 'forge-pack-'));
  const [source, project] = [join(folder, 'clone'), join(folder, 'project')];
  clone(source);
  const { filename, files } = pack(source, folder);
  const tarball = join(folder, filename);
  const modules = join(project, 'node_modules');
  const home = join(modules, 'forge-session-resume');
  fs.mkdirSync(home, { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '-C', home, '--strip-components=1']);
  // Else a package.json that somebody left above it, of this very package, would take its place.
  fs.writeFileSync(join(project, 'package.json'), '{ "private": true }');
  const { dependencies } = JSON.parse(fs.readFileSync(join(home, 'package.json'), 'utf8'));
  for (const name of Object.keys(dependencies)) {
    fs.mkdirSync(dirname(join(modules, name)), { recursive: true });
    fs.symlinkSync(join(root, 'node_modules', name), join(modules, name), 'dir');
  }
  return { tarball, home, project, files, remove: () => fs.rmSync(folder, { recursive: true, force: true }) };
}
