/** Colours by what they are for, light and dark; text on what it stands on has a contrast of 4.5 or more. */
export const palette = {
  paper: ['#ffffff', '#0d1117'],
  outer: ['#f3f6fa', '#151b23'],
  inner: ['#e8eef6', '#1c2531'],
  box: ['#ffffff', '#232c38'],
  frame: ['#8b98a9', '#566273'],
  name: ['#10202f', '#f2f5f8'],
  words: ['#33424f', '#cdd6df'],
  way: ['#0a58a6', '#85bdf8'],
  error: ['#9d4236', '#f0a094'],
  line: ['#53779c', '#7f9fc0'],
  faint: ['#d3a199', '#84544e'],
} as const satisfies Readonly<Record<string, readonly [light: string, dark: string]>>;

const variables = (scheme: 0 | 1): string =>
  Object.entries(palette)
    .map(([name, colours]) => `--${name}:${colours[scheme]}`)
    .join(';');

/** The style sheet of a picture. It goes by the reader's colour scheme, also where a page shows the picture as an image. */
export const style = `
svg{${variables(0)}}
@media (prefers-color-scheme:dark){svg{${variables(1)}}}
text{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono","Liberation Mono",monospace;fill:var(--words)}
.paper{fill:var(--paper)}
rect{stroke:var(--frame);fill:var(--box)}
.paper{stroke:none}
.outer{fill:var(--outer)}
.inner{fill:var(--inner)}
.ring{fill:none}
.name{fill:var(--name);font-weight:700}
.way{fill:var(--way)}
.error{fill:var(--error)}
path{fill:none;stroke:var(--line);stroke-width:1.3}
.fails{stroke:var(--faint);stroke-dasharray:4 3}
.head,.dot{stroke:none;fill:var(--line)}
.failing{stroke:none;fill:var(--faint)}
.dot{fill:var(--name)}
.enter{stroke:var(--name)}
.tip{stroke:none;fill:var(--way)}
.error .tip{fill:var(--error)}
.error .way{fill:var(--error)}
`;
