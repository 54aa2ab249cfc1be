/** The testing kit, `forge-session-resume/testing`: tests from the graph, for any test runner. */
export type * from '../../machines/contract.ts';
export type { ForgeSessionResumeMachine } from '../../machines/forge-session-resume.ts';
export type { CallClock } from '../call/options.ts';
export type { ForgeResumeErrorCode } from '../errors.ts';
export type { ActorOutcomes, Alphabet, FailureCode, Sample, Samples } from '../graph/alphabet/alphabet.ts';
export { outcomes } from '../graph/alphabet/outcomes.ts';
export { sampleIds, samplePane } from '../graph/alphabet/samples.ts';
export { type GraphCoverage, graphCoverage, type Share } from '../graph/coverage.ts';
export { machineEvents, serializeMachine } from '../graph/machine-events.ts';
export { type Outcome, outcomeText } from '../graph/outcome-events.ts';
export { type PathEnd, type PathOptions, type PathStep, type ResumePath, resumePaths } from '../graph/paths.ts';
export type { Liveness, LivenessSign } from '../rules/liveness.ts';
export type { Policies } from '../rules/policies.ts';
export type { Reason } from '../rules/protocol.ts';
export type { StoreActors } from '../store/file/index.ts';
export { createFileWorld, type FileWorldOptions } from './file-world/file-world.ts';
export { PathMismatch } from './mismatch.ts';
export type { ActorError, MachineEnd } from './run-machine.ts';
export { runPath } from './run-path.ts';
export { createScratchState, type ScratchOptions, type ScratchRun, type ScratchState } from './scratch-state.ts';
export { type ConformanceCase, type ConformanceOptions, storeConformance } from './store-conformance.ts';
export type {
  Eventually,
  EventualWorld,
  EventualWorldCall,
  Moment,
  Observation,
  ObservedRun,
  Undo,
  World,
  WorldCall,
} from './world.ts';
