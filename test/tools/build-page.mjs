/** Bundles the inspector's page: one script and one style in one HTML file, with their hashes in its policy. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { geometryPlugin } from './geometry-plugin.mjs';
import { pathsPlugin } from './paths-plugin.mjs';
import { ruleTexts } from './rule-texts.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = join(root, 'src', 'inspect', 'page');

/** The headings that the page's steps lead to stand in a source of its own. */
const anchors = () => {
  const source = readFileSync(join(root, 'src/inspect/model/rule-links.ts'), 'utf8');
  const [, list = ''] = /ruleAnchors = \[([^\]]*)\]/.exec(source) ?? [];
  return [...list.matchAll(/'([^']+)'/g)].map(([, anchor]) => anchor);
};

const rulesPlugin = {
  name: 'rule-texts',
  setup: (step) => {
    step.onResolve({ filter: /^forge:rules$/ }, ({ path }) => ({ path, namespace: 'forge' }));
    step.onLoad({ filter: /.*/, namespace: 'forge' }, () => ({
      contents: `export const rules = ${JSON.stringify(ruleTexts(anchors()))};`,
      loader: 'js',
    }));
  },
};

/** Half of what d3-zoom brings serves to animate; the picture moves at once, which asks for none of it. */
const withoutAnimation = {
  name: 'without-animation',
  setup: (step) => {
    step.onResolve({ filter: /^d3-(transition|interpolate)$/ }, ({ path }) => ({ path, namespace: 'still' }));
    step.onLoad({ filter: /.*/, namespace: 'still' }, () => ({
      contents: `
        import { selection } from 'd3-selection';
        selection.prototype.interrupt = function () { return this; };
        export const interrupt = () => {};
        export const interpolateZoom = () => { throw new Error('the picture is not animated'); };`,
      loader: 'js',
      resolveDir: root,
    }));
  },
};

const hashOf = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Nothing may be loaded; recordings come from where the page came from. */
const policyFor = (script, style) =>
  [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(style)}`,
    "connect-src 'self'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');

/**
 * Bundles the page in memory.
 *
 * @returns esbuild's metafile, and the page
 */
export async function bundlePage() {
  const { metafile, outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [join(folder, 'main.tsx')],
    outdir: join(root, 'dist', 'cli'),
    bundle: true,
    platform: 'browser',
    target: ['chrome120', 'firefox121', 'safari17.5'],
    format: 'iife',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    charset: 'utf8',
    minify: true,
    legalComments: 'none',
    metafile: true,
    write: false,
    plugins: [geometryPlugin, pathsPlugin, rulesPlugin, withoutAnimation],
    logLevel: 'warning',
  });
  const textOf = (ending) => outputFiles.find(({ path }) => path.endsWith(ending)).text.trim();
  // A script ends where its element does, whatever its language says.
  const script = textOf('.js').replaceAll(/<\/(script)/gi, '<\\/$1');
  const style = textOf('.css');
  const parts = { POLICY: policyFor(script, style), STYLE: style, SCRIPT: script };
  const html = readFileSync(join(folder, 'page.html'), 'utf8').replaceAll(
    /\/\*(STYLE|SCRIPT)\*\/|POLICY/g,
    (name) => parts[name.replaceAll(/\W/g, '')],
  );
  return { metafile, html };
}
