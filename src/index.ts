export type { Recovery, RecoveryOutcome } from '../machines/contract.ts';
export type { ReconcileHooks, ReconcileOptions, TransferNotice } from './call/options.ts';
export { reconcileForgeSessionResume, reconcileForgeSessionResumeAlias } from './call/reconcile.ts';
export type { ActiveResult, NothingResult, PresentResult, ReconcileResult, ResumedResult } from './call/result.ts';
export type { CallReport } from './call/run-reported.ts';
export { errorCodes, ForgeResumeError, type ForgeResumeErrorCode } from './errors.ts';
export { type Reason, reasons } from './rules/protocol.ts';
