import type { ActorName } from '../../machines/contract.ts';

/** Real time after which a machine that waits for nothing is held to have stalled, milliseconds. */
const stillMs = 250;
/** Real time that an actor may take, in units of {@link stillMs}; test runners give a test 5 s, and must hear of it first. */
const patience = 12;

/** How far a run has come. */
export interface Progress {
  /** States entered. */
  readonly count: number;
  /** The actors that are at work. */
  readonly busy: readonly ActorName[];
}

/** Notices that a run does not go on, and says which actor it waits for. */
export class Stall {
  readonly #timer: NodeJS.Timeout;
  #last = 0;
  #still = 0;

  /**
   * @param look - asked how far the run has come
   * @param onStall - told why it does not go on
   */
  constructor(look: () => Progress, onStall: (why: string) => void) {
    this.#timer = setInterval(() => {
      const { count, busy } = look();
      this.#still = count === this.#last ? this.#still + 1 : 0;
      this.#last = count;
      if (this.#still <= (busy.length > 0 ? patience : 0)) return;
      const waiting = busy.length > 0 ? `: ${busy.join(', ')} has not answered` : '';
      onStall(`it did not go on${waiting}`);
    }, stillMs);
  }

  /** The run is over. */
  over(): void {
    clearInterval(this.#timer);
  }
}
