/** `footprint-child.cjs delay|memory|handles <state directory>`: makes one call and prints what it cost or left. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { files, loadCall } from './parts.ts';
import { callOptions } from './trees.ts';

const [what, stateDir = ''] = process.argv.slice(2);
const call = loadCall(files.ours);

async function measureDelay(): Promise<void> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  // The monitor counts from its second tick on.
  await pause(20);
  delay.reset();
  await call(callOptions(stateDir));
  // A stall shows at the tick after it.
  await pause(5);
  delay.disable();
  process.stdout.write(String(delay.percentile(99) / 1e6));
}

async function measureMemory(): Promise<void> {
  await call(callOptions(stateDir));
  process.stdout.write(String(process.resourceUsage().maxRSS / 1024));
}

async function lookForHandles(): Promise<void> {
  const before = process.getActiveResourcesInfo();
  await call(callOptions(stateDir));
  const handles = process.getActiveResourcesInfo().filter((kind) => !before.includes(kind));
  const ended = performance.now();
  process.on('exit', () => process.stdout.write(JSON.stringify({ handles, exitMs: performance.now() - ended })));
}

const measures = { delay: measureDelay, memory: measureMemory, handles: lookForHandles };
measures[what as keyof typeof measures]();
