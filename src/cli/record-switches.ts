/** What a command line says about recording its call. */
export interface RecordSwitches {
  /** A file, or a folder if it is there or ends in `/`. */
  readonly to: string;
  readonly full: boolean;
}

/** Whether what follows `--record` can be what is meant: a switch that lacks its value is followed by the next one. */
export const isRecordValue = (value: string | undefined): value is string => !!value && !value.startsWith('-');

/**
 * Why a command that makes no call cannot be recorded: whoever says both would look for the recording in vain. The folder that
 * the environment names is for other calls, too, and may be.
 *
 * @param options - what the command line said
 * @returns undefined where nothing is wrong
 */
export function refusedRecord(options: {
  readonly dryRun?: boolean;
  readonly record?: string;
  readonly inspect?: string;
}): string | undefined {
  const asked = options.record === undefined ? options.inspect && '--inspect' : '--record';
  return options.dryRun && asked ? `${asked} has no call to record with --dry-run; leave one of them out` : undefined;
}

/** Names a folder in which every command records its calls. */
const folderVariable = 'FORGE_RESUME_RECORD';

/**
 * Where a call is recorded: what `--record` says, else the folder that `FORGE_RESUME_RECORD` names.
 *
 * @param args - the command's switches
 * @param env - the environment
 * @returns undefined where nothing is to be recorded; `to` is empty where `--record` names nothing, which the recording says
 */
export function recordSwitches(args: readonly string[], env: NodeJS.ProcessEnv): RecordSwitches | undefined {
  const at = args.findIndex((arg) => arg === '--record' || arg.startsWith('--record='));
  const full = args.includes('--full');
  if (at < 0) return recordTo(undefined, full, env);
  const named = args[at]?.slice('--record='.length) || args[at + 1];
  return { to: isRecordValue(named) ? named : '', full };
}

/**
 * {@link recordSwitches} of switches that were read already.
 *
 * @param named - the value of `--record`
 * @param full - whether `--full` was given
 * @param env - the environment
 */
export function recordTo(named: string | undefined, full: boolean, env: NodeJS.ProcessEnv): RecordSwitches | undefined {
  const folder = env[folderVariable];
  const to = named || (folder && `${folder}/`);
  return to ? { to, full } : undefined;
}
