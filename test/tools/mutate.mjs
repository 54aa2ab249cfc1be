/** `npm run test:mutants`: how many wrong machines the generated paths notice. */
import { rmSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const check = fileURLToPath(new URL('../testing/mutation-check.ts', import.meta.url));
// Inside the project, so that packages are found from there.
const bundle = fileURLToPath(new URL(`../../node_modules/.forge-mutants-${process.pid}.mjs`, import.meta.url));

try {
  await build({
    entryPoints: [check],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  });
  const { mutationCheck } = await import(pathToFileURL(bundle).href);
  const started = performance.now();
  if (!(await mutationCheck((line) => console.log(line)))) process.exitCode = 1;
  console.log(`${Math.round((performance.now() - started) / 1000)} s`);
} finally {
  rmSync(bundle, { force: true });
}
