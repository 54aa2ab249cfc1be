import { expect, it } from 'vitest';
import { patientClock } from '../../src/patient-clock.ts';

const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('a timer that is cleared before the process has nothing else to do is never started', async () => {
  const before = timers();
  let fired = false;
  const timer = patientClock.setTimeout(() => {
    fired = true;
  }, 0);
  await Promise.resolve();
  expect(timers()).toBe(before);
  patientClock.clearTimeout(timer);
  await nextTurn();
  expect(timers()).toBe(before);
  expect(fired).toBe(false);
});

it('a timer that is not cleared fires, not before its time', async () => {
  const began = performance.now();
  await new Promise<void>((resolve) => patientClock.setTimeout(resolve, 20));
  expect(performance.now() - began).toBeGreaterThanOrEqual(19);
});

it('a timer that is cleared after it was started does not fire and keeps no process', async () => {
  const before = timers();
  let fired = false;
  const timer = patientClock.setTimeout(() => {
    fired = true;
  }, 1);
  await new Promise((resolve) => process.nextTick(resolve));
  expect(timers()).toBe(before + 1);
  patientClock.clearTimeout(timer);
  expect(timers()).toBe(before);
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(fired).toBe(false);
});
