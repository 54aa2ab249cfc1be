import { constants } from 'node:os';

/** What the switch can do to a process; the numbers are those of `enum mode` in switch.h. */
const modes = {
  off: 0,
  count: 1,
  'kill-before': 2,
  'kill-after': 3,
  'kill-half': 4,
  short: 5,
  fail: 6,
  'fail-from': 7,
} as const;

/** Names of errors that a call can be made to fail with. */
export type Errno = 'ENOSPC' | 'EIO' | 'EACCES' | 'EROFS' | 'EMFILE' | 'EXDEV' | 'EPERM' | 'ENOLCK' | 'EOPNOTSUPP';

/** One order to the switch: what to do at the `at`-th call that changes the watched folder. */
export interface Order {
  readonly mode: keyof typeof modes;
  /** 1-based number of the call. */
  readonly at?: number;
  /** For `fail` and `fail-from`. */
  readonly errno?: Errno;
}

/** One logged call; paths are relative to the watched folder, absolute if outside it. */
export interface Call {
  readonly number: number;
  readonly name: string;
  readonly path: string;
  readonly other: string;
  /** Offset of a write, length of a truncation, mode of mkdir and chmod, 1 where an open created or emptied a file. */
  readonly extra: number;
  readonly failed: boolean;
  readonly data: Buffer;
}

/**
 * The line that the switch's server reads.
 *
 * @param order - what to do
 * @param folder - absolute real path of the watched folder
 * @param log - file for the log
 */
export function orderLine(order: Order, folder: string, log: string): string {
  const errno = order.errno === undefined ? 0 : constants.errno[order.errno];
  return `${modes[order.mode]} ${order.at ?? 0} ${errno} ${folder} ${log}\n`;
}

/**
 * Parses a log of the switch.
 *
 * @param text - content of the log file
 */
export function parseLog(text: string): Call[] {
  const calls: Call[] = [];
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const [number, name, path, other, , extra, result, , hex] = line.split('\t');
    calls.push({
      number: Number(number),
      name: name ?? '',
      path: path ?? '',
      other: other ?? '',
      extra: Number(extra),
      failed: result === '-1',
      data: Buffer.from(hex ?? '', 'hex'),
    });
  }
  return calls;
}

/**
 * A call in words, for reports.
 *
 * @param call - a logged call
 */
export function describeCall(call: Call | undefined): string {
  if (call === undefined) return 'no such call';
  const size = call.name === 'write' ? ` (${call.data.length} bytes)` : '';
  return `${call.number} ${call.name} ${call.path}${call.other === '' ? '' : ` -> ${call.other}`}${size}`;
}
