/** What calls need beside reading, by table: no more, and no less. */
export const neededRights: Readonly<Record<string, readonly string[]>> = {
  project: ['INSERT'],
  session: ['INSERT'],
  run: ['INSERT', 'UPDATE'],
  transfer: ['INSERT', 'UPDATE', 'DELETE'],
  companion: ['INSERT', 'UPDATE', 'DELETE'],
  history: ['INSERT', 'DELETE'],
};
