import { type FoundHook, findHooks, type HookEvent, hookEvents, hookGroup } from './hook-events.ts';
import type { HooksEdit } from './json-hooks.ts';
import { isHandWritten, isOwnHook } from './own-command.ts';
import { Refusal } from './refusal.ts';
import { styleOf } from './text-style.ts';
import { parseToml, says, type TomlDocument, tomlString } from './toml-text.ts';

const [begin, end] = [
  '# >>> forge-resume: written by "install", taken out by "uninstall"',
  '# <<< forge-resume',
] as const;

/**
 * Adds our hook to the events of a TOML configuration: as one marked block at its end, or in the place of the one that
 * is there. Hooks that somebody wrote outside of it stay as they are.
 *
 * @param text - the configuration, without a byte order mark
 * @param command - the hook's command
 * @param events - where it is wanted
 * @returns undefined where a block cannot be added, because a list is written in line
 * @throws Refusal where the text does not parse
 */
export function addTomlHooks(text: string, command: string, events: readonly HookEvent[]): HooksEdit | undefined {
  const document = parseToml(text);
  const there = [...tomlHooks(document, isOwnHook), ...tomlHooks(document, isHandWritten)];
  const missing = events.filter((event) => !there.some((hook) => hook.event === event));
  const [before, own, after] = aroundBlock(text);
  const inBlock = own === '' ? [] : tomlHooks(parseToml(own), isOwnHook);
  const stale = inBlock.filter((hook) => hook.command !== command).map(({ event }) => event);
  const changed = hookEvents.filter((event) => missing.includes(event) || stale.includes(event));
  if (changed.length === 0) return { text, events: [] };
  const { eol } = styleOf(text);
  const kept = inBlock.map(({ event }) => event);
  const body = hookEvents.filter((event) => missing.includes(event) || kept.includes(event));
  const lines = [begin, ...body.flatMap((event, index) => tableLines(event, command, index > 0)), end, ''];
  const edited = own === '' ? appended(text, lines.join(eol), eol) : before + lines.join(eol) + after;
  const wanted = parseToml(text);
  for (const hook of tomlHooks(wanted, isOwnHook)) if (stale.includes(hook.event)) setCommand(wanted, hook, command);
  for (const event of missing) if (!addGroup(wanted, event, command)) return undefined;
  return says(edited, wanted) ? { text: edited, events: changed } : undefined;
}

/**
 * Takes our hooks out of a TOML configuration: the marked block, and the same tables where somebody pasted them.
 *
 * @param text - the configuration, without a byte order mark
 * @throws Refusal where the text does not parse, or a hook of ours is written in a way that cannot be taken out
 */
export function removeTomlHooks(text: string): HooksEdit {
  const wanted = parseToml(text);
  const hooks = tomlHooks(wanted, isOwnHook);
  if (hooks.length === 0) return { text, events: [] };
  for (const hook of [...hooks].reverse()) removeHook(wanted, hook);
  const [before, own, after] = aroundBlock(text);
  // The empty line above it is ours, too.
  const withoutBlock = own === '' ? text : before.replace(/(?<=\n)\r?\n$/, '') + after;
  const rest = new Map(tomlHooks(tried(withoutBlock), isOwnHook).map(({ event, command }) => [event, command]));
  const edited = [...rest].reduce((done, [event]) => done.replace(pastedTables(event), ''), withoutBlock);
  if (says(edited, wanted, withoutEmpty)) return { text: edited, events: hooks.map(({ event }) => event) };
  throw new Refusal('has hooks of forge-resume that cannot be taken out safely; take them out by hand');
}

/**
 * Finds hooks in a TOML configuration.
 *
 * @param document - as parsed
 * @param isWanted - judges a command
 */
export const tomlHooks = (
  document: TomlDocument | undefined,
  isWanted: (command: unknown) => command is string,
): FoundHook[] => findHooks(document?.['hooks'], isWanted);

/**
 * Whether Codex finds hooks in a TOML configuration; its own notes about trust are none.
 *
 * @param document - as parsed
 */
export const hasTomlHooks = (document: TomlDocument): boolean => {
  const { hooks } = document;
  return (
    typeof hooks === 'object' && Object.entries(hooks).some(([name, list]) => name !== 'state' && Array.isArray(list))
  );
};

/** Our block and what is around it. In a string of somebody else there may be a line like its first. */
function aroundBlock(text: string): readonly [before: string, own: string, after: string] {
  for (const { index } of [...text.matchAll(/^# >>> forge-resume/gm)].reverse()) {
    const [own = ''] = /^[\s\S]*?\n# <<< forge-resume[^\n]*(\n|$)/.exec(text.slice(index)) ?? [];
    if (own !== '' && tried(own) !== undefined) return [text.slice(0, index), own, text.slice(index + own.length)];
  }
  return [text, '', ''];
}

const tableLines = (event: HookEvent, command: string, isLater: boolean): string[] => [
  ...(isLater ? [''] : []),
  `[[hooks.${event}]]`,
  `[[hooks.${event}.hooks]]`,
  'type = "command"',
  `command = ${tomlString(command)}`,
];

const pastedTables = (event: HookEvent): RegExp =>
  new RegExp(
    String.raw`(?:(?<=\n)\r?\n)?^\[\[hooks\.${event}\]\][ \t]*\r?\n(?:[ \t]*\r?\n)*\[\[hooks\.${event}\.hooks\]\][ \t]*\r?\n` +
      String.raw`type = "command"[ \t]*\r?\ncommand = (?:"[^"\n]*\bforge-resume[^"\n]*"|'[^'\n]*\bforge-resume[^'\n]*')[ \t]*(?:\r?\n|$)`,
    'm',
  );

const appended = (text: string, lines: string, eol: string): string => {
  if (text === '') return lines;
  return `${text}${/\n$/.test(text) ? '' : eol}${eol}${lines}`;
};

const tried = (text: string): TomlDocument | undefined => {
  try {
    return parseToml(text);
  } catch {
    return undefined;
  }
};

type Group = { hooks: { command: string }[] };
type Lists = Record<string, Group[]>;

const listsOf = (document: TomlDocument): Lists => document['hooks'] as unknown as Lists;

function setCommand(document: TomlDocument, { event, group, handler }: FoundHook, command: string): void {
  const hook = listsOf(document)[event]?.[group]?.hooks[handler];
  if (hook !== undefined) hook.command = command;
}

function addGroup(document: TomlDocument, event: HookEvent, command: string): boolean {
  if (!Object.hasOwn(document, 'hooks')) document['hooks'] = {};
  const lists = listsOf(document);
  if (typeof lists !== 'object' || Array.isArray(lists)) return false;
  if (!Object.hasOwn(lists, event)) lists[event] = [];
  const list = lists[event];
  if (!Array.isArray(list)) return false;
  list.push(hookGroup(command));
  return true;
}

function removeHook(document: TomlDocument, { event, group, handler }: FoundHook): void {
  const lists = listsOf(document);
  const handlers = lists[event]?.[group]?.hooks;
  handlers?.splice(handler, 1);
  if (handlers?.length === 0) lists[event]?.splice(group, 1);
}

/** Whether an empty table stands there makes no difference to Codex. */
function withoutEmpty(document: TomlDocument): TomlDocument {
  const { hooks, ...others } = document;
  if (typeof hooks !== 'object' || Array.isArray(hooks) || hooks instanceof Date) return document;
  const full = Object.entries(hooks).filter(([, list]) => !Array.isArray(list) || list.length > 0);
  return full.length === 0 ? others : { ...others, hooks: Object.fromEntries(full) };
}
