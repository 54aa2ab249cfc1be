import { select } from 'd3-selection';
import { zoom, zoomIdentity } from 'd3-zoom';

/** A rectangle of the chart, in its own pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Width and height, pixels. */
type Size = Pick<Box, 'width' | 'height'>;

/** What moves a picture in its window. */
export interface Zoom {
  /** Shows all of it. */
  readonly fit: () => void;
  readonly by: (factor: number) => void;
  /** Moves, where it must, so that a part can be seen, and another beside it if both have room. */
  readonly show: (part: Box, beside?: Box) => void;
  readonly end: () => void;
}

/** How far in and out one gets. */
const scales = [0.15, 3] as const;
/** Smallest scale at which names can be read. */
const readable = 0.8;
/** Room around what is shown, pixels. */
const around = 24;

/**
 * Lets a picture be moved and zoomed by mouse, touch and the functions returned.
 *
 * @param svg - the window
 * @param content - what is moved in it
 * @param size - of the whole picture
 */
export function makeZoom(svg: SVGSVGElement, content: SVGGElement, size: Size): Zoom {
  const behaviour = zoom<SVGSVGElement, unknown>()
    .scaleExtent([...scales])
    .translateExtent([
      [-around, -around],
      [size.width + around, size.height + around],
    ])
    .on('zoom', ({ transform }) => content.setAttribute('transform', String(transform)));
  const selection = select(svg);
  selection.call(behaviour).on('dblclick.zoom', null);
  const transformOf = () => (svg as SVGSVGElement & { __zoom: typeof zoomIdentity }).__zoom;
  const room = () => ({ width: svg.clientWidth, height: svg.clientHeight });
  return {
    fit: () => {
      const { width, height } = size;
      const view = room();
      const scale = Math.min(view.width / width, view.height / height, 1);
      const x = (view.width - width * scale) / 2;
      selection.call(
        behaviour.transform,
        zoomIdentity.translate(x, Math.max(0, (view.height - height * scale) / 2)).scale(scale),
      );
    },
    by: (factor) => selection.call(behaviour.scaleBy, factor),
    show: (part, beside) => {
      const view = room();
      const { k, x, y } = transformOf();
      const scale = Math.max(k, readable);
      const both = beside === undefined ? part : union(part, beside);
      const hasRoom = both.width * scale <= view.width - 2 * around && both.height * scale <= view.height - 2 * around;
      const box = hasRoom ? both : part;
      const left = box.x * k + x;
      const top = box.y * k + y;
      const fits =
        k >= readable &&
        left >= around &&
        top >= around &&
        left + box.width * k <= view.width - around &&
        top + box.height * k <= view.height - around;
      if (fits) return;
      const place = (from: number, length: number, room: number, all: number): number => {
        const centred = room / 2 - (from + length / 2) * scale;
        // No more emptiness around the picture than it has to be.
        const [least, greatest] = [room - (all + around) * scale, around * scale];
        return least > greatest ? (room - all * scale) / 2 : Math.min(greatest, Math.max(least, centred));
      };
      const wanted = zoomIdentity
        .translate(place(box.x, box.width, view.width, size.width), place(box.y, box.height, view.height, size.height))
        .scale(scale);
      selection.call(behaviour.transform, wanted);
    },
    end: () => void selection.on('.zoom', null),
  };
}

function union(one: Box, other: Box): Box {
  const [x, y] = [Math.min(one.x, other.x), Math.min(one.y, other.y)];
  return {
    x,
    y,
    width: Math.max(one.x + one.width, other.x + other.width) - x,
    height: Math.max(one.y + one.height, other.y + other.height) - y,
  };
}
