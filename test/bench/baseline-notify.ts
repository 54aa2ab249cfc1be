/** `baseline-notify.cjs <payload>`: what `forge-resume notify` does, with the baseline's call and nothing else. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { reconcileForgeSessionResume } from './baseline.ts';

interface Payload {
  readonly cwd: string;
  readonly session_id?: string;
  readonly 'thread-id'?: string;
}

async function main(): Promise<void> {
  const { cwd, session_id, 'thread-id': thread } = JSON.parse(process.argv.at(-1) ?? '') as Payload;
  const stateDir = join(cwd, '.rcs', 'state');
  if (!existsSync(stateDir)) return;
  const { reason } = await reconcileForgeSessionResume({
    stateDir,
    payloadSessionId: session_id,
    payloadThreadId: thread,
  });
  if (reason === 'resume_lock_timeout') console.error(reason);
}

main().catch((error: unknown) => console.error(error));
