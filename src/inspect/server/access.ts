import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** What a request must show. */
export interface Gate {
  /** Port that the server listens on. */
  readonly port: number;
  /** Unguessable, in the URL once and then in a cookie. */
  readonly token: string;
  /** Another one, for the first request that shows it: what starts a browser shows its arguments to every user of the host. */
  tokenOnce: string | undefined;
}

/** Parts of a request that decide. */
export type Asked = Pick<IncomingMessage, 'method' | 'url' | 'headers'>;

/** Name of the cookie; browsers keep cookies by host and not by port, so that the port is in it. */
export const cookieName = ({ port }: Gate): string => `forge-resume-${port}`;

/** The hosts under which the server is reached: a page elsewhere that got hold of the address by a name of its own is not. */
const hostsOf = (port: number): string[] =>
  // Browsers leave the usual port out.
  ['127.0.0.1', '[::1]', 'localhost'].map((name) => (port === 80 ? name : `${name}:${port}`));

/**
 * Judges a request before anything is looked up for it: loopback by name, no foreign page, the token.
 *
 * @param asked - the request
 * @param gate - what it must show; its token for one request is gone after that one
 * @returns 200 where it may go on, else the status to refuse it with
 */
export function judge(asked: Asked, gate: Gate): 200 | 403 | 405 {
  const { host = '', origin } = asked.headers;
  if (!hostsOf(gate.port).includes(host)) return 403;
  if (origin !== undefined && origin !== `http://${host}`) return 403;
  if (asked.method !== 'GET') return 405;
  const inUrl = tokenInUrl(asked);
  if (isSame(inUrl, gate.token) || isSame(tokenInCookie(asked, gate), gate.token)) return 200;
  if (gate.tokenOnce === undefined || !isSame(inUrl, gate.tokenOnce)) return 403;
  gate.tokenOnce = undefined;
  return 200;
}

/**
 * What lets a browser in after the first request.
 *
 * @param gate - the server's
 * @returns a `Set-Cookie` header
 */
export const cookieOf = (gate: Gate): string => `${cookieName(gate)}=${gate.token}; Path=/; HttpOnly; SameSite=Strict`;

/**
 * The address that is asked for.
 *
 * @param asked - the request
 * @returns the root's neighbour that does not exist, where the request names none that can be read
 */
export function addressOf({ url = '' }: Asked): URL {
  const base = 'http://localhost';
  return URL.canParse(url, base) ? new URL(url, base) : new URL('/nowhere', base);
}

const tokenInUrl = (asked: Asked): string => addressOf(asked).searchParams.get('token') ?? '';

function tokenInCookie({ headers }: Asked, gate: Gate): string {
  const start = `${cookieName(gate)}=`;
  const cookies = (headers.cookie ?? '').split(';').map((part) => part.trim());
  return cookies.find((cookie) => cookie.startsWith(start))?.slice(start.length) ?? '';
}

// Of one length, so that the comparison says nothing but yes or no.
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
const isSame = (given: string, token: string): boolean => timingSafeEqual(digest(given), digest(token));
