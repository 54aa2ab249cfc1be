/** The zod schemas and the names that they speak of, `forge-session-resume/schemas`: for whoever reads state files. */
export type { ForgeState } from './rules/forge-state.ts';
export type { Companion, Journal, StoredBytes } from './rules/journal.ts';
export { journalSchema } from './rules/journal-schema.ts';
export { type Protocol, protocol } from './rules/protocol.ts';
export {
  forgeStateSchema,
  payloadIdentitySchema,
  sessionIdSchema,
  sessionRecordSchema,
  terminalPhaseSchema,
} from './rules/schemas.ts';
