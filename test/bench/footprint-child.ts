/** `footprint-child.cjs delay|memory|handles <state directory>`: makes one call and prints what it cost or left. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { type Call, files, loadCall } from './parts.ts';
import { callOptions } from './trees.ts';

const [what, stateDir = ''] = process.argv.slice(2);

async function measureDelay(call: Call): Promise<void> {
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

async function measureMemory(call: Call): Promise<void> {
  await call(callOptions(stateDir));
  process.stdout.write(String(process.resourceUsage().maxRSS / 1024));
}

async function lookForHandles(call: Call): Promise<void> {
  const before = process.getActiveResourcesInfo();
  await call(callOptions(stateDir));
  const handles = process.getActiveResourcesInfo().filter((kind) => !before.includes(kind));
  const ended = performance.now();
  process.on('exit', () => process.stdout.write(JSON.stringify({ handles, exitMs: performance.now() - ended })));
}

const measures = { delay: measureDelay, memory: measureMemory, handles: lookForHandles };
loadCall(files.ours).then(measures[what as keyof typeof measures]);
