import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the engine asks of the kernel for itself, at moments of its own: memory, threads, signals, its own ids. */
const ofTheEngine = new Set(
  'futex mmap munmap mprotect madvise brk epoll_wait epoll_pwait epoll_ctl sched_yield rt_sigprocmask rt_sigaction'
    .concat(' clock_gettime gettimeofday getpid getegid geteuid getuid gettid tgkill restart_syscall')
    .split(' '),
);

/**
 * Counts the system calls of single calls, by name. A first call, which warms the process up, is not counted.
 *
 * @param folder - what `buildBench` returned
 * @param warmup - state directory of the first call
 * @param stateDirs - state directories of the calls that are counted
 * @param scratch - folder for the trace
 */
export function countSyscalls(
  folder: string,
  warmup: string,
  stateDirs: readonly string[],
  scratch: string,
): Map<string, number>[] {
  const trace = join(scratch, 'trace');
  const script = [join(folder, 'trace-call.cjs'), join(folder, 'product', 'reconcile.cjs'), warmup, ...stateDirs];
  // Only the main thread: what a call does, it does there.
  const { status, stderr } = spawnSync('strace', ['-o', trace, process.execPath, ...script], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`strace ended with ${status}: ${stderr}`);
  const counts: Map<string, number>[] = [];
  let open: Map<string, number> | undefined;
  for (const line of readFileSync(trace, 'utf8').split('\n')) {
    if (line.includes('/begin-of-call-')) {
      open = new Map();
      counts.push(open);
    } else if (line.includes('/end-of-call-')) open = undefined;
    else {
      const name = /^(\w+)\(/.exec(line)?.[1] ?? '';
      // A thread is woken by a write of eight bytes to a descriptor that stands for it.
      const isWakeUp = /^(read|write)\(\d+, "\\\d.*", (8|1024)\) += 8$/.test(line);
      if (name !== '' && !ofTheEngine.has(name) && !isWakeUp) open?.set(name, (open.get(name) ?? 0) + 1);
    }
  }
  return counts;
}
