import type { Command } from 'commander';

/**
 * What `help` is asked for that is no command; the library of command lines shows all of the usage then, and says nothing.
 *
 * @param program - all commands
 * @param words - what stands behind the program's name
 * @returns as which command it was typed, and what to say; undefined where nothing is wrong
 */
export function unknownTopic(
  program: Command,
  words: readonly string[],
): { readonly command: string; readonly message: string } | undefined {
  const at = words.indexOf('help');
  const topic = words[at + 1];
  const group = words.slice(0, Math.max(at, 0)).reduce<Command | undefined>((from, word) => named(from, word), program);
  if (at === -1 || topic === undefined || /^(help$|-)/.test(topic) || !group || group.commands.length === 0)
    return undefined;
  if (named(group, topic) !== undefined) return undefined;
  const names = group.commands.map((one) => one.name()).join(', ');
  const command = [...words.slice(0, at), 'help'].join(' ');
  return { command, message: `there is no command ${topic}; there are ${names}` };
}

const named = (group: Command | undefined, word: string): Command | undefined =>
  group?.commands.find((one) => one.name() === word || one.aliases().includes(word));
