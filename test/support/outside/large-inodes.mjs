/** Preloaded: inode numbers as file systems have that use all 64 bits; as plain numbers neighbours are equal. */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const base = 2n ** 63n;
const enlarged = (stat) => {
  if (stat === undefined) return stat;
  const whole = base + BigInt(stat.ino);
  stat.ino = typeof stat.ino === 'bigint' ? whole : Number(whole);
  return stat;
};
for (const name of ['statSync', 'lstatSync', 'fstatSync']) {
  const real = fs[name];
  fs[name] = (...args) => enlarged(real(...args));
}
syncBuiltinESMExports();
