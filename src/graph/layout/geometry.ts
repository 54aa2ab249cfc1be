/** A point, in pixels from the picture's upper left corner. */
export type Point = readonly [x: number, y: number];

/** A transition, as one line inside its state's box. */
export interface GeometryRow {
  /** The event's type as XState names it, such as `xstate.done.actor.look`. */
  readonly event: string;
  /** What is written: what makes it happen, and under which condition. */
  readonly text: string;
  readonly guard: string | null;
  /** Id of the state that it leads to; null where the state stays. */
  readonly target: string | null;
  /** What is written for the target; empty where the state stays. */
  readonly targetText: string;
  /** Whether an actor's error makes it happen. */
  readonly failure: boolean;
  readonly actions: readonly string[];
  /** Upper edge; a row is as high as `metrics.row` says. */
  readonly y: number;
}

/** A state's box. */
export interface GeometryState {
  /** Dotted path from the root, such as `locked.transfer.prepare`. */
  readonly id: string;
  readonly parent: string | null;
  readonly label: string;
  readonly type: 'atomic' | 'compound' | 'parallel' | 'final' | 'history';
  /** Whether it is entered first when its parent is. */
  readonly initial: boolean;
  /** Ids of the actors that run while it is active. */
  readonly invokes: readonly string[];
  /** What is written below the label; empty where the label says it all. */
  readonly note: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Where what is written begins: beside lines that come in from above. */
  readonly textLeft: number;
  readonly rows: readonly GeometryRow[];
}

/**
 * A line from a state to a target of one of its rows. Rows of a state that lead to the same target share one line, so
 * that their edges have the same points.
 */
export interface GeometryEdge {
  readonly source: string;
  /** Index among the source's rows. */
  readonly row: number;
  readonly target: string;
  readonly event: string;
  readonly guard: string | null;
  readonly failure: boolean;
  /** From the source's border to the target's, where the arrow's head is. */
  readonly points: readonly Point[];
}

/** A chart laid out, in pixels. States stand in document order, a parent before what it holds. */
export interface Geometry {
  /** The chart's hash, as recordings name it (see `chartHash`). */
  readonly chart: string;
  readonly width: number;
  readonly height: number;
  readonly states: readonly GeometryState[];
  readonly edges: readonly GeometryEdge[];
}
