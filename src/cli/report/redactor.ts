import { isIP } from 'node:net';
import { homedir, hostname, userInfo } from 'node:os';
import { delimiter, dirname } from 'node:path';
import { foldersUpwards } from '../../rules/project.ts';
import { protocol } from '../../rules/protocol.ts';
import { attempt } from '../../store/file/files/io.ts';
import type { Root } from '../find-root.ts';
import { partsOf } from '../store/store-url.ts';
import { aliases } from './aliases.ts';

/** Takes out of foreign texts what tells who somebody is and what they work on. */
export interface Redactor {
  /** Stands for a session: the same name for the same one. */
  readonly session: (id: string) => string;
  /** Stands for a conversation. */
  readonly conversation: (id: string) => string;
  /**
   * A text in which every known id, folder and name is replaced, and every other absolute path.
   *
   * @param foreign - any text, before it is made printable
   */
  readonly text: (foreign: string) => string;
}

/** What is known of a project before a report is made. */
export interface Known {
  readonly root: Root;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Path of this program. */
  readonly program: string;
  /** Address of the database that the runs are in, if they are in one. */
  readonly storeUrl?: string | undefined;
  /** Names of sessions, wherever they stand. */
  readonly sessions: readonly string[];
  /** Conversations, panes, and whatever else runs name. */
  readonly ids: readonly string[];
}

/** An absolute path that nothing known begins. */
const anyPath = /(?<![\w~>.\\/-])\/[^\s,;:'"`()]+/g;
/** What could be an address of a host. */
const anyAddress = /(?<![\w.:])[\da-fA-F:.]*[.:][\da-fA-F:.]*[\da-fA-F]/g;
/** Folder names that tell nothing. */
const common = new Set(['', '.rcs', 'state', 'home', 'Users', 'tmp', 'var', 'usr', 'bin', 'lib', 'opt']);
/** Variables that name folders. */
const folderVariables = ['CODEX_HOME', 'CLAUDE_CONFIG_DIR', protocol.env.project, 'FORGE_RESUME_RECORD', 'TMPDIR'];

/**
 * Makes a redactor for one report.
 *
 * @param known - what is known of the project and its surroundings
 */
export function makeRedactor(known: Known): Redactor {
  const [session, conversation] = [aliases('session'), aliases('conversation')];
  const fixed = new Map([...folders(known), ...storeNames(known), ...names()].reverse());
  const values: [string, () => string][] = [
    ...[...fixed].map(([value, alias]): [string, () => string] => [value, () => alias]),
    ...known.sessions.map((id): [string, () => string] => [id, () => session(id)]),
    ...known.ids.map((id): [string, () => string] => [id, () => conversation(id)]),
  ];
  const replacing = new Map(values.filter(([value]) => value !== '').reverse());
  const text = (foreign: string): string => {
    const found = [...replacing.keys()].filter((value) => foreign.includes(value)).sort((a, b) => b.length - a.length);
    const pattern = new RegExp(found.map(bounded).join('|') || '(?!)', 'g');
    return foreign
      .replace(pattern, (value) => replacing.get(value)?.() ?? value)
      .replace(anyPath, '<path>')
      .replace(anyAddress, withoutHost);
  };
  return { session, conversation, text };
}

/** Only as a whole: a session `a` is no letter of a word. */
const bounded = (value: string): string => {
  const [first = '', last = ''] = [value.at(0), value.at(-1)];
  const quoted = value.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
  return `${/[\w/]/.test(first) ? '(?<![\\w-])' : ''}${quoted}${/\w/.test(last) ? '(?![\\w-])' : ''}`;
};

/** Folders, those that are to win first. */
function folders({ root, env, program }: Known): [string, string][] {
  const project = dirname(dirname(root.stateDir));
  const above = foldersUpwards(dirname(project)).filter((folder) => folder !== '/');
  const segments = project.split('/').filter((name) => !common.has(name));
  const home = [env['HOME'], attempt(homedir)].filter((path) => path !== undefined && path.length > 1);
  return [
    [root.stateDir, '<state>'],
    [project, '<project>'],
    ...root.others.map((other, index): [string, string] => [other, `<other-${index + 1}>`]),
    ...home.map((path): [string, string] => [path ?? '', '~']),
    ...folderVariables.map((name): [string, string] => [env[name] ?? '', `<${name}>`]),
    [dirname(program), '<program>'],
    [attempt(() => process.cwd()) ?? '', '<cwd>'],
    ...(env['PATH'] ?? '').split(delimiter).map((folder): [string, string] => [folder, '<PATH>']),
    ...above.map((folder): [string, string] => [folder, '<above>']),
    ...segments.map((name): [string, string] => [name, '<folder>']),
  ].filter(([path = '']) => path.length > 1) as [string, string][];
}

/** Whatever names a database: its address as it is given and shown, and all parts of that. */
function storeNames({ storeUrl, env }: Known): [string, string][] {
  const parts = storeUrl === undefined ? [] : partsOf(storeUrl);
  const libpq = ['PGHOST', 'PGHOSTADDR', 'PGUSER', 'PGPASSWORD', 'PGDATABASE'].map((name) => env[name] ?? '');
  return [...parts, ...libpq].filter((part) => part.length > 1).map((part) => [part, '<store>']);
}

/** Hosts that no name is known of, the port behind them apart. */
function withoutHost(text: string): string {
  const [, host = text, port = ''] = /^(.*?)(:\d{1,5})?$/.exec(text) ?? [];
  if (isIP(text) !== 0) return '<address>';
  return isIP(host) === 0 ? text : `<address>${port}`;
}

function names(): [string, string][] {
  const host = attempt(hostname) ?? '';
  return [
    [attempt(() => userInfo().username) ?? '', '<user>'],
    [host, '<host>'],
    [host.split('.')[0] ?? '', '<host>'],
  ].filter(([name = '']) => name.length > 1) as [string, string][];
}
