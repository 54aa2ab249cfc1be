interface ImpossiblePairs {
  readonly because: string;
  readonly isMeant: (pair: string) => boolean;
}

/** Transitions that cannot follow each other although the first ends where the second starts. */
export const impossiblePairs: readonly ImpossiblePairs[] = [
  {
    because: 'after a failure, release ends in `failed`',
    isMeant: (pair) =>
      / error( \[lockLost\])? > release: release (done|error)$/.test(pair) && !pair.includes('.commit:'),
  },
  {
    because: 'after a decision, release ends in `done`',
    isMeant: (pair) => / done( \[\w+\])? > release: release (done|error) \[hasFailure\]$/.test(pair),
  },
  {
    because: 'what fails behind the commit point is no failure of the call',
    isMeant: (pair) => /(commit|afterCommit) error > release: release (done|error) \[hasFailure\]$/.test(pair),
  },
  {
    because: 'the lock is taken again only once in a call',
    isMeant: (pair) => /^regainLock\.attempt: .* > locked\.recover: recover error \[lockRegainable\]$/.test(pair),
  },
  {
    because: 'a call with a hook that wants the lock does not look, and so no look has found its pane',
    isMeant: (pair) => /done \[paneKnown\] > .*\[lockHeldForHook\]$/.test(pair),
  },
  {
    because: 'a transfer is never begun without ids',
    isMeant: (pair) =>
      /(writeTarget done \[targetTaken\]|prepare done \[sourceChanged\]) > .*\[identityMissing\]$/.test(pair),
  },
  {
    because: 'who wants a run to end wants no hand-over, and the other way round',
    isMeant: (pair) =>
      /(\[endWanted\]|\[namedRunChanged\]) > .*: readNamed done$/.test(pair) ||
      /\[runNamed\] > .*: readNamed done \[endWanted\]$/.test(pair),
  },
  {
    because: 'no plan of the generated paths fits, and only with one that fits does a run come to its end',
    isMeant: (pair) => /\[namedRunChanged\] > .*\[planMoved\]$/.test(pair),
  },
  {
    because: 'what a person asks for refreshes no owner',
    isMeant: (pair) => /\[currentRunChanged\] > .*\[(nothingToUndo|currentRunInTheWay|runNamed)\]$/.test(pair),
  },
];
