import { fstatSync, readSync } from 'node:fs';
import { objectScanner } from '../rules/object-scanner.ts';
import { protocol } from '../rules/protocol.ts';
import { monotonicMs } from '../store/file/files/monotonic.ts';
import { pauseMs } from './write-line.ts';

/** Most that is read from standard input, bytes. */
export const stdinLimit = 64 * 1024 * 1024;

/** Pause before a pipe that has nothing is asked again, milliseconds. */
const pollMs = 2;

const chunkBytes = 65_536;

/**
 * Reads one JSON object from standard input, as UTF-8 text without a byte order mark. Agents leave the pipe open: the
 * text ends where the object does, at the end of the input, or where it can be no object any more.
 *
 * @returns the text, which may be no JSON; undefined where nothing more came for 2 s
 * @throws Error when standard input is a terminal, larger than {@link stdinLimit}, or cannot be read
 */
export function readStdin(): string | undefined {
  const stat = fstatSync(0);
  if (stat.isCharacterDevice() && process.stdin.isTTY) {
    throw new Error('expected a JSON object on standard input, which is a terminal; see --help');
  }
  if (stat.isFIFO() || stat.isSocket()) stopWaiting();
  const scan = objectScanner();
  const chunks: Buffer[] = [];
  let size = 0;
  for (let lastByte = monotonicMs(); ; ) {
    const chunk = readChunk();
    if (chunk === undefined) {
      if (monotonicMs() - lastByte > protocol.limits.payloadQuietMs) return undefined;
      pauseMs(pollMs);
      continue;
    }
    size += chunk.length;
    if (size > stdinLimit) throw new Error(`standard input is larger than ${stdinLimit} bytes`);
    chunks.push(chunk);
    if (chunk.length === 0 || scan(chunk) !== 'incomplete') break;
    lastByte = monotonicMs();
  }
  const [only, ...more] = chunks;
  const text = (only && more.length === 0 ? only : Buffer.concat(chunks)).toString('utf8');
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

/** What is there: empty at the end, undefined where nothing is there yet. */
function readChunk(): Buffer | undefined {
  const buffer = Buffer.allocUnsafe(chunkBytes);
  try {
    return buffer.subarray(0, readSync(0, buffer));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EAGAIN') return undefined;
    if (code === 'EOF') return buffer.subarray(0, 0);
    throw error;
  }
}

interface Bindings {
  binding(name: 'pipe_wrap'): { readonly Pipe: new (type: 0) => { open(fd: number): void } };
}

/**
 * Lets reads from standard input return where there is nothing to read. Node's public way to it, `process.stdin`, takes
 * an eighth of an empty process; what it does in the end is a part of Node that is old, and out of use but still there.
 */
function stopWaiting(): void {
  try {
    new ((process as unknown as Bindings).binding('pipe_wrap').Pipe)(0).open(0);
  } catch {
    void process.stdin;
  }
}
