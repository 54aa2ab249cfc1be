import { protocol } from './protocol.ts';

const { agentCommands, agentStartCommand, hudStartCommand } = protocol.pane;

/** One pane as tmux lists it. */
export interface PaneRow {
  /** Such as `%3`. */
  readonly id: string;
  /** `pane_pid`: the process that the pane was opened with; no process's id where tmux gave none. */
  readonly pid: number;
  /** `pane_current_command`: what runs in the foreground now. */
  readonly currentCommand: string;
  /** `pane_start_command`: what the pane was opened with; empty for the default shell. */
  readonly startCommand: string;
}

/**
 * Whether a text is a pane id as tmux writes it, `%` and digits. Only such a text may become a tmux target:
 * anything else could be read as an option or as a pattern that names another pane.
 *
 * @param text - any text, trimmed
 */
export function isPaneId(text: string): boolean {
  return /^%\d+$/.test(text);
}

/**
 * The `-F` format under which `list-panes` answers with what {@link parsePaneList} reads.
 *
 * @param mark - letters and digits that no pane's command can hold, since they are made up for this one question.
 *   Tabs and other control characters would not do: tmux prints them as `_` where the locale is not UTF-8.
 */
export function paneListFormat(mark: string): string {
  return ['', '#{pane_id}', '#{pane_pid}', '#{pane_current_command}', '#{pane_start_command}'].join(mark);
}

/**
 * Reads what `list-panes` printed under {@link paneListFormat}. Commands may hold any character, line ends included.
 *
 * @param text - the whole output
 * @param mark - the one that the format was made with
 * @returns the rows in tmux's order; none if the text is not of that format
 */
export function parsePaneList(text: string, mark: string): readonly PaneRow[] {
  const [before, ...pieces] = text.split(mark);
  if (before !== '' || pieces.length % 4 !== 0) return [];
  const rows: PaneRow[] = [];
  for (let at = 0; at < pieces.length; at += 4) {
    const [id = '', pid = '', currentCommand = '', startCommand = ''] = pieces.slice(at, at + 4);
    if (isPaneId(id))
      rows.push({ id, pid: Number(pid), currentCommand, startCommand: startCommand.replace(/\n$/, '') });
  }
  return rows;
}

/**
 * Chooses the agent's pane (src/rules/README.md#pane): the nearest one that the asking process descends from, where
 * that tells; else the given one if an agent runs in it; else the first whose start command names the agent. The HUD's
 * panes are never chosen by what runs in them.
 *
 * @param rows - the panes of one tmux session, in `list-panes -s` order
 * @param start - id of the pane to start from
 * @param ancestors - ids of the processes that an agent's child descends from, the parent first; none for anybody else
 * @returns the id, or undefined if nothing fits or the given pane is not among the rows
 */
export function choosePane(
  rows: readonly PaneRow[],
  start: string,
  ancestors: readonly number[] = [],
): string | undefined {
  const own = rows.find((row) => row.id === start);
  if (own === undefined) return undefined;
  const above = ancestors.map((pid) => rows.find((row) => row.pid === pid)).find((row) => row !== undefined);
  return (above ?? (runsAgent(own) ? own : rows.find(startedAsAgent)))?.id;
}

/**
 * Whether an agent runs in a pane now (src/rules/README.md#pane); the HUD is none.
 *
 * @param row - the pane
 */
export function runsAgent(row: PaneRow): boolean {
  return (agentCommands as readonly string[]).includes(commandName(row.currentCommand)) && !isHud(row);
}

function startedAsAgent(row: PaneRow): boolean {
  return row.startCommand.toLowerCase().includes(agentStartCommand) && !isHud(row);
}

function isHud(row: PaneRow): boolean {
  return isHudCommand(row.startCommand);
}

/**
 * Whether a pane was opened with the HUD: one line of its start command has what {@link protocol} names, one behind
 * the other. Each is looked for once, in what stands behind the one before, so that a hostile command of any length
 * takes time in proportion.
 *
 * @param startCommand - as tmux told it
 */
export function isHudCommand(startCommand: string): boolean {
  return startCommand.split(/[\n\r\u2028\u2029]/).some((line) => {
    let rest = line;
    return hudStartCommand.every((part) => {
      const found = part.exec(rest);
      if (found !== null) rest = rest.slice(found.index + found[0].length);
      return found !== null;
    });
  });
}

/** A command as it is compared: base name, lower case, without the `-` that marks a login shell. */
function commandName(command: string): string {
  const trimmed = command.trim();
  return trimmed
    .slice(trimmed.lastIndexOf('/') + 1)
    .toLowerCase()
    .replace(/^-/, '');
}
