import { once } from 'node:events';
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import type { ElkNode } from 'elkjs';
import type { Elk } from '../graph/layout/lay-out.ts';

/** What bounds a thread. */
export interface ThreadBounds {
  /** How long it may take, milliseconds. */
  readonly limit: number;
  /** Ends it at once. */
  readonly signal?: AbortSignal | undefined;
}

/** elkjs is found from here; a thread that is given as text would look for it from the working folder. */
const program = `
const { parentPort, workerData } = require('node:worker_threads');
const Elk = require(workerData);
parentPort.on('message', (graph) => new Elk().layout(graph).then((laidOut) => parentPort.postMessage(laidOut)));
`;

/**
 * Does something with elkjs in a thread of its own, which is ended with it: elkjs does not let go until it is done, and a
 * chart that somebody made up can keep it busy for minutes.
 *
 * @param bounds - when the thread is ended before that
 * @param work - what is done
 * @throws Error where elkjs is not installed, cannot do it, or was ended
 */
export async function withElkThread<T>({ limit, signal }: ThreadBounds, work: (elk: Elk) => Promise<T>): Promise<T> {
  signal?.throwIfAborted();
  const worker = new Worker(program, { eval: true, workerData: createRequire(import.meta.url).resolve('elkjs') });
  const failed = new Promise<never>((_resolve, reject) => {
    worker.once('error', reject).once('exit', () => reject(new Error('the chart takes too long to lay out')));
  });
  const elk: Elk = async (graph) => {
    worker.postMessage(graph);
    const [laidOut] = await once(worker, 'message');
    return laidOut as ElkNode;
  };
  const end = (): void => void worker.terminate();
  const timer = setTimeout(end, limit);
  signal?.addEventListener('abort', end);
  try {
    return await Promise.race([work(elk), failed]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', end);
    end();
  }
}
