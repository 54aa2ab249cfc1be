import { reconcileForgeSessionResume } from '../../../src/call/reconcile.ts';
import { runCall } from '../../../src/call/run-call.ts';
import type { Reconcile } from './job.ts';

/** A server's children cannot start programs. */
const noPanes = () => Promise.resolve(undefined);

/** Makes a call of the library, or what a person asks for. */
export const callLibrary: Reconcile = ({ command, ...options }) =>
  command === undefined ? reconcileForgeSessionResume(options) : runCall(options, { command, listPanes: noPanes });
