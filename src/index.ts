export type {
  EndedAsStale,
  EndedByUser,
  EndedRun,
  OwnerSight,
  Recovery,
  RecoveryOutcome,
} from '../machines/contract.ts';
export type { Inspect } from './call/observer.ts';
export type { ReconcileHooks, ReconcileOptions, RecordOptions, TransferNotice } from './call/options.ts';
export { reconcileForgeSessionResume, reconcileForgeSessionResumeAlias } from './call/reconcile.ts';
export type { ActiveResult, NothingResult, PresentResult, ReconcileResult, ResumedResult } from './call/result.ts';
export type { CallReport } from './call/run-reported.ts';
export { errorCodes, ForgeResumeError, type ForgeResumeErrorCode } from './errors.ts';
export type { RecordingRecord } from './inspect/recording/format.ts';
export type { RecordTarget } from './inspect/recording/open-sink.ts';
export type { Policies } from './rules/policies.ts';
export { type Reason, reasons } from './rules/protocol.ts';
export type { LockSight } from './store/file/lock/lock-sight.ts';
