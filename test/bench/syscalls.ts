import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What some work asked of the kernel, by all threads of its process. */
export interface Traced {
  /** How often each system call was made. */
  readonly counts: ReadonlyMap<string, number>;
  /** How many there were. */
  readonly total: number;
  /** Those that change something in a file system, as strace writes them. */
  readonly changes: readonly string[];
}

/** What the engine asks of the kernel for itself, at moments of its own: memory, threads, signals, its own ids. */
const ofTheEngine = new Set(
  'futex mmap munmap mprotect madvise brk epoll_wait epoll_pwait epoll_ctl sched_yield rt_sigprocmask rt_sigaction'
    .concat(' clock_gettime gettimeofday getpid getegid geteuid getuid gettid tgkill restart_syscall prctl exit')
    .concat(' sched_getaffinity set_robust_list rseq clone3 rt_sigreturn pkey_alloc')
    .split(' '),
);

const changing = new RegExp(
  '^((mk|rm)dir|creat|unlink|rename|link|symlink|mknod|chmod|fchmod|l?chown|fchown|utime|futimes|truncate|ftruncate'
    .concat('|fallocate|setxattr|fsetxattr|lsetxattr|removexattr|fremovexattr|lremovexattr|fsync|fdatasync|syncfs|sync')
    .concat('|sync_file_range|flock)'),
);
const openedToWrite = /^(open|openat|openat2)\(.*O_(CREAT|WRONLY|RDWR|TRUNC|APPEND|TMPFILE)/;

/** A thread is woken by a write of eight bytes to a descriptor that stands for it. */
const isWakeUp = (call: string): boolean => /^(read|write)\(\d+, "\\\d.*", (8|1024)\) += 8$/.test(call);

/**
 * Whether a system call changes something in a file system.
 *
 * @param call - as strace writes it
 */
export const changesFiles = (call: string): boolean => changing.test(call) || openedToWrite.test(call);

function judge(calls: readonly string[]): Traced {
  const counts = new Map<string, number>();
  for (const call of calls) {
    const name = /^(\w+)\(/.exec(call)?.[1] ?? '';
    if (name !== '' && !ofTheEngine.has(name) && !isWakeUp(call)) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return { counts, total, changes: calls.filter(changesFiles) };
}

/** Runs a command under strace; gives every call of each of its threads, in order. */
function trace(command: readonly string[], input = ''): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'forge-trace-'));
  const file = join(folder, 'trace');
  try {
    const env = { PATH: process.env['PATH'] };
    const { status, stderr } = spawnSync('strace', ['-f', '-o', file, ...command], { encoding: 'utf8', env, input });
    // The program ends well and says what went wrong.
    if (status !== 0 || stderr !== '') throw new Error(`strace ended with ${status}: ${stderr}`);
    // What a thread waited for is told twice; the second line has no name in front.
    return readFileSync(file, 'utf8')
      .split('\n')
      .map((line) => line.replace(/^\d+ +/, ''));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** State directories in which calls are made, in this order. */
export interface CallDirs {
  /** Those of calls that only load and compile what later ones use. */
  readonly warmups: readonly string[];
  readonly counted: readonly string[];
}

/**
 * Traces single calls of the library in one process.
 *
 * @param folder - what `buildBench` returned
 * @param dirs - where to call
 * @param wrapper - command that runs them, such as one that enters a namespace first
 */
export function traceCalls(folder: string, dirs: CallDirs, wrapper: readonly string[] = []): Traced[] {
  const library = join(folder, 'node_modules', 'forge-session-resume', 'dist', 'lib', 'index.js');
  const script = [join(folder, 'trace-call.cjs'), library, JSON.stringify(dirs)];
  const calls: string[][] = [];
  let open: string[] | undefined;
  for (const line of trace([...wrapper, process.execPath, ...script])) {
    if (line.includes('/begin-of-call-')) {
      open = [];
      calls.push(open);
    } else if (line.includes('/end-of-call-')) open = undefined;
    else open?.push(line);
  }
  return calls.map(judge);
}

/**
 * Traces a Node script from the moment at which Node opens it to its end, with no environment but PATH.
 *
 * @param script - its path
 * @param args - its arguments
 * @param input - all of its standard input
 * @param wrapper - as for {@link traceCalls}
 */
export function traceProcess(
  script: string,
  args: readonly string[],
  input = '',
  wrapper: readonly string[] = [],
): Traced {
  const lines = trace([...wrapper, process.execPath, script, ...args], input);
  const start = lines.findIndex((line) => line.startsWith('open') && line.includes(`"${script}"`));
  if (start < 0) throw new Error('the script was never opened');
  return judge(lines.slice(start));
}
