/** What the program's exit code says, by the name under which the code uses it; `notify` and `hook` always exit with `ok`. */
export const exitCodes = {
  /** Done, or a decision was made, whichever. */
  ok: 0,
  /** It could not be done; standard error says why. */
  failure: 1,
  /** Unknown command or option, or one that is missing. */
  usage: 2,
  /** Something was found, or a run would not be resumed; only commands that look for it say so. */
  findings: 3,
  /** Something is left that was found and not mended. */
  findingsLeft: 4,
  /** Another call held the lock; trying again may help (`EX_TEMPFAIL` of sysexits). */
  tryAgain: 75,
} as const;

/** A name in {@link exitCodes}. */
export type ExitName = keyof typeof exitCodes;

/** A row of the table that help and README show. */
interface ExitRow {
  readonly meaning: string;
  /** Commands that exit so; those whose name stands nowhere else exit with the first three. */
  readonly commands: 'all' | readonly string[];
}

const table: Readonly<Record<ExitName, ExitRow>> = {
  ok: { meaning: 'done, or a decision was made; for `hook` and `notify` always', commands: 'all' },
  failure: { meaning: 'it could not be done; standard error says why, and what to do', commands: 'all' },
  usage: { meaning: 'wrong usage, or nobody there to be asked', commands: 'all' },
  findings: {
    meaning: 'something was found, or the run would not be resumed',
    commands: ['why', 'reconcile', 'doctor'],
  },
  findingsLeft: { meaning: 'something that was found is left after `--fix`', commands: ['doctor'] },
  tryAgain: {
    meaning: 'busy: another call held the lock for 5 s; try again',
    commands: ['reconcile', 'adopt', 'end', 'undo'],
  },
};

const always = ['hook', 'notify'];

const rowsOf = (command?: string): [code: number, meaning: string][] =>
  Object.entries(table).flatMap(([name, { meaning, commands }]): [number, string][] => {
    const applies = commands === 'all' || (command === undefined ? commands.length > 0 : commands.includes(command));
    const isOnlyOk = command !== undefined && always.includes(command) && name !== 'ok';
    return applies && !isOnlyOk ? [[exitCodes[name as ExitName], meaning]] : [];
  });

/**
 * The exit codes as `--help` shows them.
 *
 * @param command - whose; without it those of all commands
 */
export function exitCodeHelp(command?: string): string {
  const lines = rowsOf(command).map(([code, meaning]) => `  ${String(code).padEnd(4)}${meaning.replaceAll('`', '')}`);
  return ['Exit codes:', ...lines].join('\n');
}

/** The exit codes as a table in a page. */
export const exitCodePage = (): string =>
  ['| exit code | meaning |', '| --- | --- |', ...rowsOf().map(([code, meaning]) => `| ${code} | ${meaning} |`)].join(
    '\n',
  );
