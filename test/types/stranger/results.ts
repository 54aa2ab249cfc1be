/** What a caller may rely on in a result. */
import { type ReconcileResult, type ResumedResult, reasons, reconcileForgeSessionResume } from '../../../src/index.ts';

export const afterTurn = async (stateDir: string): Promise<string> => {
  const result = await reconcileForgeSessionResume({ stateDir });
  if (result.resumed) {
    const moved: ResumedResult = result;
    const isUpdated: false = moved.updatedCurrentOwner;
    return `${result.sourcePath.length} ${result.targetPath.length} ${isUpdated}`;
  }
  // @ts-expect-error nothing was moved, so there is no source
  result.sourcePath.length;
  switch (result.reason) {
    case 'current_forge_active':
    case 'current_forge_present':
    case reasons.currentUnreadable:
      return result.targetPath.slice(1);
    case 'no_matching_prior_forge':
      // @ts-expect-error no run of the current session is spoken of
      result.targetPath.length;
      return result.reason;
    // @ts-expect-error no such reason
    case 'resumed':
      return '';
    default:
      return '';
  }
};

/** By the text of the reason as well. */
export const pathsOf = (result: ReconcileResult): readonly string[] => {
  const { reason } = result;
  if (reason !== 'resumed_same_codex_session') return result.targetPath === undefined ? [] : [result.targetPath];
  const resumed: true = result.resumed;
  return resumed ? [result.sourcePath, result.targetPath] : [];
};

// @ts-expect-error a result of a hand-over has both paths
export const half: ReconcileResult = {
  currentRcsSessionId: 'now',
  resumed: true,
  updatedCurrentOwner: false,
  reason: 'resumed_same_codex_session',
  targetPath: '/t',
};
