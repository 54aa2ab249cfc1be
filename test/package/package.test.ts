import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
let folder = '';
let tarball = '';
let files: string[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'forge-pack-'));
  const out = execFileSync('npm', ['pack', '--json', '--pack-destination', folder], { cwd: root, encoding: 'utf8' });
  // npm 10 and 11 answer with a list, later ones with an object by package name.
  const answer: unknown = JSON.parse(out.slice(out.search(/^[[{]/m)));
  const [packed] = Object.values(answer as Record<string, { filename: string; files: { path: string }[] }>);
  if (packed === undefined) throw new Error(`npm pack said: ${out}`);
  tarball = join(folder, packed.filename);
  files = packed.files.map(({ path }) => path);
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the published package', () => {
  it('holds only what users need', () => {
    const others = files.filter(
      (path) =>
        !/^(dist\/|(src\/testing|machines)\/README\.md$|package\.json$|README\.md$|LICENSE$|CHANGELOG\.md$)/.test(path),
    );
    expect(others).toEqual([]);
    expect(files.filter((path) => /\.test\.|vitest|bench|\.map$/.test(path))).toEqual([]);
    expect(files).toEqual(
      expect.arrayContaining([
        'dist/src/index.js',
        'dist/src/index.d.ts',
        'dist/machines/forge-session-resume.js',
        'LICENSE',
      ]),
    );
  });

  it('passes publint', () => {
    execFileSync(process.execPath, [join(root, 'node_modules/publint/src/cli.js'), '--strict', tarball], { cwd: root });
  }, 120_000);

  it('has types that every modern resolver finds', () => {
    const attw = join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js');
    const out = execFileSync(process.execPath, [attw, tarball, '--profile', 'esm-only', '--format', 'ascii'], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(out).toContain('"forge-session-resume/machine"');
    const problems = out.split('\n').filter((line) => /❌|💀/u.test(line) && !line.includes('(ignored'));
    expect(problems).toEqual([]);
  }, 120_000);

  it('records no download addresses', () => {
    const lock = execFileSync('git', ['show', ':package-lock.json'], { cwd: root, encoding: 'utf8' });
    expect(lock).not.toContain('"resolved"');
  });
});
