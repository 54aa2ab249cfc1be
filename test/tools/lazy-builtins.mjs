/** Functions of Node's modules that the store uses in rare moments only; loading those modules takes milliseconds. */
const rarelyUsed = {
  'node:os': ['hostname'],
  'node:timers/promises': ['setImmediate', 'setTimeout'],
};

const loadOnCall = (path) =>
  rarelyUsed[path]
    .map((name) => `export const ${name} = (...args) => require(${JSON.stringify(path)}).${name}(...args);`)
    .join('\n');

/**
 * An esbuild plugin for CommonJS bundles: functions of some modules load their module when they are called, and
 * `createRequire` is the bundle's own `require`. A name that is not listed above fails the build.
 */
export const lazyBuiltins = {
  name: 'lazy-builtins',
  setup(step) {
    step.onResolve({ filter: /^node:(os|timers\/promises|module)$/ }, ({ path, importer, namespace }) =>
      namespace !== 'file' || importer.includes('/src/cli/') ? undefined : { path, namespace: 'lazy-builtin' },
    );
    step.onLoad({ filter: /.*/, namespace: 'lazy-builtin' }, ({ path }) => ({
      contents: path === 'node:module' ? 'export const createRequire = () => require;' : loadOnCall(path),
    }));
  },
};
