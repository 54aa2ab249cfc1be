/** The events on which `forge-resume hook` acts, in the order in which they are written. */
export const hookEvents = ['SessionStart', 'UserPromptSubmit', 'Stop'] as const;

/** One of {@link hookEvents}. */
export type HookEvent = (typeof hookEvents)[number];

/**
 * The group of hooks that an event gets.
 *
 * @param command - the hook's command
 */
export const hookGroup = (command: string) => ({ hooks: [{ type: 'command', command }] });

/** Where one of our hooks stands in a list of groups, and what is beside it. */
export interface FoundHook {
  readonly event: HookEvent;
  readonly group: number;
  readonly handler: number;
  readonly command: string;
}

const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;

/**
 * Finds hooks by their command, however odd the rest of a configuration is.
 *
 * @param hooks - the object that has an event's name for a key, as parsed
 * @param isWanted - judges a command
 */
export function findHooks(hooks: unknown, isWanted: (command: unknown) => command is string): FoundHook[] {
  return hookEvents.flatMap((event) =>
    asList(field(hooks, event)).flatMap((entry, group) =>
      asList(field(entry, 'hooks')).flatMap((hook, handler) => {
        const command = field(hook, 'command');
        return isWanted(command) ? [{ event, group, handler, command }] : [];
      }),
    ),
  );
}
