/** More than any chain of shells and wrappers has; the kernel's answers could go in circles while ids are reused. */
const longestChain = 64;

/**
 * The processes that this one descends from, the parent first, without the first process of all. Where the system
 * does not tell (no `/proc`, a parent that has just gone), the chain ends early.
 *
 * @returns process ids
 */
export function processAncestors(): readonly number[] {
  const chain: number[] = [];
  for (let pid = process.ppid; pid > 1 && chain.length < longestChain; pid = parentOf(pid)) chain.push(pid);
  return chain;
}

function parentOf(pid: number): number {
  try {
    // As a look's own file calls: src/store/file/files/node-fs.ts says why.
    const stat = process.getBuiltinModule('node:fs').readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name may hold anything, brackets and blanks too; behind its last bracket stand state and parent.
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ', 2)[1]);
  } catch {
    return 0;
  }
}
