export type {
  AdoptCommand,
  Command,
  EndCommand,
  EndedAsStale,
  EndedByUser,
  EndedRun,
  Failure,
  HookName,
  MachineInput,
  MachineOutput,
  OwnerSight,
  Recovery,
  RecoveryOutcome,
  RunHandle,
  TransferHandle,
  UndoCommand,
} from '../machines/contract.ts';
export type { GuardAnswer } from '../machines/hear-guards.ts';
export type { Inspect } from './call/observer.ts';
export type { ReconcileHooks, ReconcileOptions, RecordOptions, TransferNotice } from './call/options.ts';
export { reconcileForgeSessionResume, reconcileForgeSessionResumeAlias } from './call/reconcile.ts';
export type { ActiveResult, NothingResult, PresentResult, ReconcileResult, ResumedResult } from './call/result.ts';
export type { CallReport } from './call/run-reported.ts';
export { errorCodes, ForgeResumeError, type ForgeResumeErrorCode } from './errors.ts';
export type {
  ActorEndRecord,
  ActorRecord,
  ActorStartRecord,
  ChartRecord,
  ContextChange,
  EndRecord,
  FlatRecord,
  RecordedError,
  RecordedState,
  RecordedTransition,
  RecordingHeader,
  RecordingHost,
  RecordingRecord,
  RunRecord,
  StepRecord,
} from './inspect/recording/format.ts';
export type { RecordTarget } from './inspect/recording/open-sink.ts';
export type { LivenessSign } from './rules/liveness.ts';
export type { Policies } from './rules/policies.ts';
export { type Reason, reasons } from './rules/protocol.ts';
export type { LockSight } from './store/file/lock/lock-sight.ts';
