import type { Command, Option } from 'commander';
import { sessionNames } from './session-names.ts';

/** What may stand at the cursor: values with what they mean, or a file's path. */
export type Candidates = 'files' | readonly (readonly [value: string, meaning: string])[];

/**
 * What may stand at the cursor, from the very tree that reads the command line.
 *
 * @param program - all commands
 * @param words - what stands behind the program's name up to the cursor, the word at the cursor last
 */
export function candidatesFor(program: Command, words: readonly string[]): Candidates {
  const [before, current] = [words.slice(0, -1), words.at(-1) ?? ''];
  const { command, positionals, pending, given } = walk(program, before);
  const isValue = pending !== undefined && !(pending.optional && current.startsWith('-'));
  if (isValue) return valuesOf(pending, current, '', before);
  const [, long = ''] = /^(--[\w-]+)=/.exec(current) ?? [];
  if (long !== '') {
    const option = optionOf(command, long);
    return option === undefined ? [] : valuesOf(option, current.slice(long.length + 1), `${long}=`, before);
  }
  if (current.startsWith('-')) return matching(flagsOf(command, given), current);
  const names = command
    .createHelp()
    .visibleCommands(command)
    .map((one) => [one.name(), one.description()] as const);
  if (positionals === 0 && names.length > 0) return matching(names, current);
  const argument = command.registeredArguments[Math.min(positionals, command.registeredArguments.length - 1)];
  if (argument === undefined || (positionals >= command.registeredArguments.length && !argument.variadic)) return [];
  if (argument.argChoices !== undefined)
    return matching(
      argument.argChoices.map((value) => [value, ''] as const),
      current,
    );
  if (argument.name() === 'file') return 'files';
  return argument.name() === 'session' ? matching(sessionNames(stateDirIn(before)), current) : [];
}

interface Walked {
  readonly command: Command;
  readonly positionals: number;
  /** An option that waits for its value. */
  readonly pending: Option | undefined;
  readonly given: ReadonlySet<string>;
}

function walk(program: Command, words: readonly string[]): Walked {
  let [command, positionals] = [program, 0];
  let pending: Option | undefined;
  const given = new Set<string>();
  for (const word of words) {
    if (pending !== undefined && !(pending.optional && word.startsWith('-'))) {
      pending = undefined;
      continue;
    }
    pending = undefined;
    if (word.startsWith('-')) {
      const option = optionOf(command, word.replace(/=.*/, ''));
      if (option?.long != null) given.add(option.long);
      if (option !== undefined && !word.includes('=') && (option.required || option.optional)) pending = option;
      continue;
    }
    const next = command.commands.find((one) => one.name() === word || one.aliases().includes(word));
    if (next === undefined) positionals += 1;
    else [command, positionals] = [next, 0];
  }
  return { command, positionals, pending, given };
}

const visibleOptions = (command: Command): readonly Option[] => command.createHelp().visibleOptions(command);
const optionOf = (command: Command, flag: string): Option | undefined =>
  visibleOptions(command).find(({ long, short }) => long === flag || short === flag);

const flagsOf = (command: Command, given: ReadonlySet<string>): (readonly [string, string])[] =>
  visibleOptions(command).flatMap(({ long, description }) =>
    long == null || given.has(long) ? [] : [[long, description] as const],
  );

function valuesOf(
  { argChoices, flags }: Option,
  current: string,
  prefix: string,
  before: readonly string[],
): Candidates {
  if (argChoices !== undefined)
    return matching(
      argChoices.map((value) => [prefix + value, ''] as const),
      prefix + current,
    );
  if (/[<[]session[\]>]/.test(flags)) {
    const names = sessionNames(stateDirIn(before)).map(([name, meaning]) => [prefix + name, meaning] as const);
    return matching(names, prefix + current);
  }
  return /[<[](dir|file)[\]>]/.test(flags) ? 'files' : [];
}

const matching = (all: readonly (readonly [string, string])[], current: string): (readonly [string, string])[] =>
  all.filter(([value]) => value.startsWith(current));

/** The state directory that the command line names itself. */
function stateDirIn(words: readonly string[]): string | undefined {
  const at = words.findLastIndex((word) => /^--state-dir(=|$)/.test(word));
  const [, value] = /^--state-dir=(.*)$/s.exec(words[at] ?? '') ?? [];
  return at === -1 ? undefined : (value ?? words[at + 1]);
}
