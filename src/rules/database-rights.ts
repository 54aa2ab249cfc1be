const written = ['INSERT', 'UPDATE', 'DELETE'] as const;

/** What calls need beside reading, by table: no more, and no less. */
export const neededRights: Readonly<Record<string, readonly string[]>> = {
  project: written,
  session: written,
  run: written,
  transfer: written,
  companion: written,
  history: ['INSERT'],
};
