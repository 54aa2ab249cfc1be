/** A database's address that was understood. */
export interface StoreUrl {
  /** As it was given: what `pg` is told. It may hold a password. */
  readonly url: string;
  /** The same for people: user, host and database, never a password. */
  readonly shown: string;
}

const schemes = ['postgres:', 'postgresql:'];
const example = 'postgres://user@host:port/database';
const escaping = 'in a user or password / is written as %2F, # as %23, @ as %40, ? as %3F';
// biome-ignore lint/suspicious/noControlCharactersInRegex: parsers drop some of them, so that another address would be shown
const control = /[\u0000-\u001f\u007f]/;

/**
 * Understands the address of a database. No message quotes it, since it may hold a password.
 *
 * @param text - as the user gave it
 * @throws Error that says what is expected
 */
export function readStoreUrl(text: string): StoreUrl {
  const url = text.trim();
  // Without a host it is no URL elsewhere; libpq's socket addresses are such.
  const parsed = control.test(url) ? undefined : parse(url.replace('@/', '@localhost/'));
  if (parsed === undefined) throw new Error(`the address of a store looks like ${example}; ${escaping}`);
  const { protocol, username, hostname, pathname, search, hash, searchParams } = parsed;
  if (!schemes.includes(protocol)) throw new Error(`the address of a store begins with postgres://, as in ${example}`);
  // What stands behind an unescaped / # or ? of a password would be shown, or its beginning as a port.
  if (hash !== '' || pathname.includes('@') || search.includes('@'))
    throw new Error(`the address of a store is ambiguous; ${escaping}`);
  // As the driver reads it: what is asked for behind the ? comes first.
  const host = searchParams.get('host') || decoded(hostname) || 'localhost';
  if (host.includes(',')) throw new Error('the address of a store names one host: the driver knows no list of them');
  const user = searchParams.get('user') || decoded(username);
  const port = searchParams.get('port') || parsed.port;
  const where = `${host}${port === '' ? '' : `:${port}`}`;
  return { url, shown: `postgres://${user === '' ? '' : `${user}@`}${where}${decoded(pathname)}` };
}

/**
 * All words of an address of a database that name somebody or something, none of which is to be told.
 *
 * @param url - one that was understood
 */
export function partsOf(url: string): readonly string[] {
  const parsed = parse(url.replace('@/', '@localhost/'));
  if (parsed === undefined) return [url];
  const { username, password, host, hostname, pathname, searchParams } = parsed;
  const named = [username, password, host, hostname, pathname.slice(1), ...searchParams.values()];
  return [url, readStoreUrl(url).shown, ...named, ...named.map(decoded)];
}

function parse(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
