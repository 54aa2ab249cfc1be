import type { ChildProcess } from 'node:child_process';
import { type LookupAddress, lookup } from 'node:dns';
import { isIP, type LookupFunction, Socket } from 'node:net';
import { answerLimitMs } from './driver.ts';

/**
 * A socket that has the name of its host looked up by another process. The system's own look-up waits for a resolver that is
 * silent for many seconds, in a thread that this process could not leave behind when it exits.
 */
export class PostgresSocket extends Socket {
  // biome-ignore lint/suspicious/noExplicitAny: the driver calls it with a port and a host, or with a path
  override connect(...given: any[]): this {
    const [port, host] = given;
    if (typeof host !== 'string' || isIP(host) !== 0 || !name.test(host)) return super.connect(port, host);
    return super.connect({ port: Number(port), host, lookup: lookUpApart });
  }
}

/** What is asked for elsewhere; `localhost` is no resolver's. */
const name = /^(?!localhost$)\w[\w.-]*$/i;

/**
 * Looks a host up, within the time that a server has to answer. Where the system has no `getent`, it is looked up here.
 *
 * @param host - its name
 * @param options - of the look-up
 * @param done - is told the addresses
 */
export const lookUpApart: LookupFunction = (host, options, done) => {
  void import('node:child_process').then(({ execFile }) => {
    const settings = { timeout: answerLimitMs, killSignal: 'SIGKILL' as const };
    const child: ChildProcess = execFile('getent', ['ahosts', host], settings, (error, printed) => {
      process.off('exit', kill);
      const found = error === null ? addressesIn(printed) : [];
      const [first] = found;
      if (first !== undefined) return options.all ? done(null, found) : done(null, first.address, first.family);
      // 2: there is no such host.
      if (error?.killed !== true && error?.code !== 2) return lookup(host, options, done);
      const what = error.killed ? `${host} took longer than ${answerLimitMs / 1_000} s` : `ENOTFOUND ${host}`;
      done(Object.assign(new Error(`getaddrinfo ${what}`), { code: error.killed ? 'ETIMEDOUT' : 'ENOTFOUND' }), []);
    });
    const kill = (): void => void child.kill('SIGKILL');
    process.once('exit', kill);
  });
};

const addressesIn = (printed: string): LookupAddress[] =>
  printed.split('\n').flatMap((line) => {
    const [address = '', kind] = line.split(/\s+/);
    const family = isIP(address);
    return kind === 'STREAM' && family !== 0 ? [{ address, family }] : [];
  });
