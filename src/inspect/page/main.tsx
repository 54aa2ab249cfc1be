/** The page of `forge-resume inspect`: one script, in one file, with nothing to fetch but recordings. */
import { render } from 'preact';
import { chartGeometry } from '../../graph/layout/chart-geometry.ts';
import { App } from './app.tsx';
import { readData } from './source.ts';
import './style.css';

// A cookie goes on from here; an address is easily shown around.
if (location.search.includes('token=')) history.replaceState(null, '', location.pathname);

const place = document.getElementById('page');
// What is built holds the geometry as data; its promise is kept at once.
if (place !== null) void chartGeometry().then((chart) => render(<App data={readData()} chart={chart} />, place));
