/**
 * Has a project's files count again, which mirrored a database until now: their notes of it go.
 *
 * @param stateDir - the project's state directory
 * @throws Error where others hold the lock of the files for 5 s; ForgeResumeError `IO`, `STATE_UNSAFE`, `LOCK_LOST`
 */
export async function leaveDatabase(stateDir: string): Promise<void> {
  const { openHost } = await import('../../store/postgres/projection/open-host.ts');
  await openHost(stateDir).leave();
}
