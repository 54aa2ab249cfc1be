/** Mutants of the machine that no path can tell from it, and why. */
export const mutantSurvivors: Readonly<Record<string, string>> = {
  'locked.transfer.replan: replan done: without noteTransfer':
    'a transfer that is planned anew keeps its id and its sessions, so that the old handle equals the new one',
};
