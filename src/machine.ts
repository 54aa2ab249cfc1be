/** The statechart, `forge-session-resume/machine`, and what runs it with actors of your own. */
export type { MachineContext } from '../machines/context.ts';
export type * from '../machines/contract.ts';
export { type ForgeSessionResumeMachine, forgeSessionResumeMachine } from '../machines/forge-session-resume.ts';
export { provideActors } from '../machines/provide-actors.ts';
export type { CallClock } from './call/options.ts';
export type { ReconcileResult } from './call/result.ts';
export { type ForgeSessionResumeRun, runForgeSessionResume } from './call/run-forge-session-resume.ts';
