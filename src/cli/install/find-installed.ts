import { join } from 'node:path';
import { type ConfigFile, readConfig } from './config-file.ts';
import type { FoundHook, HookEvent } from './hook-events.ts';
import { hooksIn } from './json-hooks.ts';
import { parseJson } from './json-text.ts';
import { isHandWritten, isOwnHook } from './own-command.ts';
import type { AgentPlace } from './places.ts';
import { inFile } from './refusal.ts';
import { tomlHooks } from './toml-hooks.ts';
import { parseToml } from './toml-text.ts';

/** Hooks of ours as an agent's configuration names them. */
export interface FoundHooks {
  /** Events at which we are started, by a hook of ours or one that a person wrote. */
  readonly events: readonly HookEvent[];
  /** The commands of those that `install` wrote. */
  readonly commands: readonly string[];
  /** Files in which they stand; absolute. */
  readonly files: readonly string[];
}

/**
 * Which of our hooks are installed. Nothing is written.
 *
 * @param place - the agent's folder
 * @throws Refusal where a file cannot be read; it names the file
 */
export function findInstalled({ agent, folder }: AgentPlace): FoundHooks {
  const found = (file: ConfigFile, hooks: readonly FoundHook[]): FoundHooks => ({
    events: eventsOf(hooks),
    commands: hooks.map(({ command }) => command).filter(isOwnHook),
    files: hooks.length === 0 ? [] : [file.path],
  });
  const inJson = (name: string): FoundHooks => {
    const file = readIn(folder, name);
    return inFile(file.path, () => found(file, hooksIn(parseJson(jsonText(file)), isOurs)));
  };
  if (agent === 'claude') return inJson('settings.json');
  const toml = readIn(folder, 'config.toml');
  const both = [inJson('hooks.json'), inFile(toml.path, () => found(toml, tomlHooks(parseToml(toml.text), isOurs)))];
  return {
    events: both.flatMap(({ events }) => events),
    commands: both.flatMap(({ commands }) => commands),
    files: both.flatMap(({ files }) => files),
  };
}

/**
 * Reads a configuration in an agent's folder.
 *
 * @param folder - absolute
 * @param name - the file's
 * @throws Refusal; it names the file
 */
export const readIn = (folder: string, name: string): ConfigFile =>
  inFile(join(folder, name), () => readConfig(join(folder, name)));
/** The text of a JSON configuration; an empty object where there is none. */
export const jsonText = ({ bytes, text }: ConfigFile): string => (bytes === undefined ? '{}' : text);
/** Whether a hook's command starts us, whoever wrote it. */
export const isOurs = (command: unknown): command is string => isOwnHook(command) || isHandWritten(command);
/** The events of hooks. */
export const eventsOf = (hooks: readonly { readonly event: HookEvent }[]): HookEvent[] =>
  hooks.map(({ event }) => event);
