import { readFileSync, statSync } from 'node:fs';

/** For what a password is wanted. */
export interface PasswordPlace {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
}

type Env = Readonly<Record<string, string | undefined>>;

/** As it was read by whoever this process was then. */
let readBefore: string | undefined;

/**
 * Reads the user's password file now, for a process that goes on as a user who may not.
 *
 * @param env - environment
 */
export function readPasswordsAhead(env: Env = process.env): void {
  try {
    readBefore = read(fileIn(env));
  } catch {
    // Whoever needs it is told.
  }
}

/**
 * The password of the user's file `~/.pgpass`, or of the one that `PGPASSFILE` names, as `libpq` keeps them. It is read here
 * because the driver warns where somebody listens for one line, and says nothing that helps where it finds none.
 *
 * @param place - for what; a socket's host is its folder
 * @param env - environment
 * @throws Error that says what to do where there is none
 */
export function filedPassword(place: PasswordPlace, env: Env = process.env): string {
  const file = fileIn(env);
  const wanted = 'the server wants a password, and none is known';
  let text: string;
  try {
    text = read(file);
  } catch (error) {
    if (readBefore === undefined) throw new Error(`${wanted}: ${(error as Error).message}`);
    text = readBefore;
  }
  const wishes = [place.host, String(place.port), place.database, place.user];
  for (const line of text.split(/\r?\n/)) {
    const fields = fieldsOf(line);
    const password = fields[4];
    const fits = wishes.every((wish, index) => fields[index] === '*' || fields[index] === wish);
    if (fits && password !== undefined && password !== '') return password;
  }
  throw new Error(
    `${wanted}: no line of ${file} is for ${wishes.join(':')}; add one, with the password behind another colon`,
  );
}

const fileIn = ({ PGPASSFILE: named = '', HOME: home = '' }: Env): string => named || `${home}/.pgpass`;

function read(file: string): string {
  const line = 'keep it there as host:port:database:user:password, mode 0600';
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat === undefined) throw new Error(`there is no ${file}; ${line}`);
  if (!stat.isFile()) throw new Error(`${file} is no plain file; ${line}`);
  if ((stat.mode & 0o077) !== 0) throw new Error(`${file} is open to other users; close it: chmod 600 ${file}`);
  return readFileSync(file, 'utf8');
}

/** The five fields of a line; what stands behind a backslash separates none. */
function fieldsOf(line: string): readonly string[] {
  if (line.startsWith('#')) return [];
  const [, ...fields] =
    /^((?:\\.|[^\\:])*):((?:\\.|[^\\:])*):((?:\\.|[^\\:])*):((?:\\.|[^\\:])*):(.*)$/.exec(line) ?? [];
  return fields.map((field) => field.replace(/\\([:\\])/g, '$1'));
}
