import { describe, expect, it } from 'vitest';
import { resultOfMachine } from '../../src/call/result.ts';
import { resumePaths } from '../../src/graph/paths.ts';
import { commandReasons, policyReasons, type Reason, reasons } from '../../src/rules/protocol.ts';

/** What the type says of each reason: which paths there are, and whether an owner may have been updated. */
const promised: Readonly<Record<Reason, readonly string[]>> = {
  [reasons.resumed]: ['sourcePath', 'targetPath'],
  [reasons.currentActive]: ['targetPath'],
  [reasons.currentPresent]: ['targetPath'],
  [reasons.currentUnreadable]: ['targetPath'],
  [reasons.identityMissing]: [],
  [reasons.noCandidate]: [],
  [reasons.severalCandidates]: [],
  [reasons.sessionMissing]: [],
  [reasons.lockTimeout]: [],
  [policyReasons.ownerLive]: [],
  [policyReasons.currentForeign]: ['targetPath'],
  [commandReasons.adopted]: ['sourcePath', 'targetPath'],
  [commandReasons.givenBack]: ['sourcePath', 'targetPath'],
  [commandReasons.ended]: [],
  [commandReasons.planMoved]: [],
};
const moved: readonly Reason[] = [reasons.resumed, commandReasons.adopted, commandReasons.givenBack];

describe('the result, a union by its reason', () => {
  const decided = resumePaths({ filter: ({ output }) => output.failure === null });

  it.each(Object.keys(promised) as Reason[])('%s: has the fields that its type promises, on every path', (reason) => {
    const paths = decided.filter(({ output }) => output.reason === reason);
    expect(paths).not.toHaveLength(0);
    for (const { output, description } of paths) {
      const result = resultOfMachine(output, new Map(), []);
      const given = Object.entries(result).filter(([name, value]) => /Path$/.test(name) && typeof value === 'string');
      expect(
        given.map(([name]) => name),
        description,
      ).toEqual(promised[reason]);
      expect(result.resumed, description).toBe(moved.includes(reason));
      if (reason !== reasons.currentActive) expect(result.updatedCurrentOwner, description).toBe(false);
    }
  });
});
