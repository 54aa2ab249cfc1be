/**
 * What puts a run back that the machine has changed.
 *
 * @param kept - where its bytes are
 * @param run - its file
 */
export const runBack = (kept: string, run: string): readonly string[] => ['cp', '-p', '--', kept, run];
