/** Functions of Node's modules that the store uses in rare moments only; loading those modules takes milliseconds. */
const rarelyUsed = {
  'node:os': ['hostname'],
  'node:timers/promises': ['setImmediate', 'setTimeout'],
};

const loadOnCall = (path) =>
  rarelyUsed[path]
    .map((name) => `export const ${name} = (...args) => require(${JSON.stringify(path)}).${name}(...args);`)
    .join('\n');

/** Modules that a bundle gets in another way than by importing them. */
const replaced = {
  // The bundle's own, which takes a path as well.
  'node:module': 'export const createRequire = () => require;',
  // The store uses nothing of it that Node itself has not, and loading it takes longer than a call. Not imported:
  // that would copy it.
  'fs-extra': "export default require('node:fs');",
};

/**
 * An esbuild plugin for CommonJS bundles: functions of some modules load their module when they are called, and some
 * modules are replaced. A name that is not listed above fails the build.
 */
export const standIns = {
  name: 'stand-ins',
  setup(step) {
    step.onResolve({ filter: /^(node:(os|timers\/promises|module)|fs-extra)$/ }, ({ path, importer, namespace }) =>
      namespace !== 'file' || importer.includes('/src/cli/') ? undefined : { path, namespace: 'stand-in' },
    );
    step.onLoad({ filter: /.*/, namespace: 'stand-in' }, ({ path }) => ({
      contents: replaced[path] ?? loadOnCall(path),
    }));
  },
};
