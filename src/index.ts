export type { Recovery, RecoveryOutcome } from '../machines/contract.ts';
export { forgeSessionResumeMachine } from '../machines/forge-session-resume.ts';
export type { ReconcileHooks, ReconcileOptions } from './call/options.ts';
export { reconcileForgeSessionResume, reconcileForgeSessionResumeAlias } from './call/reconcile.ts';
export type { ReconcileResult } from './call/result.ts';
export { errorCodes, ForgeResumeError, type ForgeResumeErrorCode } from './errors.ts';
export type { Journal } from './rules/journal.ts';
export { journalSchema } from './rules/journal-schema.ts';
export { type Protocol, protocol, type Reason, reasons } from './rules/protocol.ts';
export {
  forgeStateSchema,
  payloadIdentitySchema,
  sessionIdSchema,
  sessionRecordSchema,
  terminalPhaseSchema,
} from './rules/schemas.ts';
