import type { ChartClock } from './interpreter/interpret.ts';

interface Timer {
  running: NodeJS.Timeout | undefined;
  isCleared: boolean;
}

/**
 * Real time. A timer is started once the process has nothing else to do at once: most calls have come to their end by
 * then and have cleared it, and the first timer of a process takes longer than reading a run.
 */
export const patientClock: ChartClock = {
  setTimeout: (action, ms) => {
    const timer: Timer = { running: undefined, isCleared: false };
    process.nextTick(() => {
      if (!timer.isCleared) timer.running = setTimeout(action, ms);
    });
    return timer;
  },
  clearTimeout: (given) => {
    const timer = given as Timer;
    timer.isCleared = true;
    if (timer.running !== undefined) clearTimeout(timer.running);
  },
};
