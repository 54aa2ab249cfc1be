/** The statechart, `forge-session-resume/machine`, and what runs it with actors of your own. */
export type { MachineContext } from '../machines/context.ts';
export type * from '../machines/contract.ts';
export { type ForgeSessionResumeMachine, forgeSessionResumeMachine } from '../machines/forge-session-resume.ts';
export { provideActors } from '../machines/provide-actors.ts';
export type { Inspect } from './call/observer.ts';
export type { CallClock } from './call/options.ts';
export type { ActiveResult, NothingResult, PresentResult, ReconcileResult, ResumedResult } from './call/result.ts';
export {
  type ForgeSessionResumeRun,
  type RunListener,
  runForgeSessionResume,
} from './call/run-forge-session-resume.ts';
export type { Liveness, LivenessSign } from './rules/liveness.ts';
export type { Policies } from './rules/policies.ts';
export type { Reason } from './rules/protocol.ts';
