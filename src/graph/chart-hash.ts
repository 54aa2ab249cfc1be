import { createHash } from 'node:crypto';
import type { ForgeSessionResumeMachine } from '../../machines/forge-session-resume.ts';
import { type Chart, readChart } from './chart.ts';

/**
 * What tells one chart from another: recordings and pictures name the chart that they were made with.
 *
 * @param machine - the machine, with or without its actors
 * @returns the first 16 hex digits of the SHA-256 of its chart (states, transitions, guards, actions) as JSON
 */
export const chartHash = (machine: ForgeSessionResumeMachine): string => hashOfChart(readChart(machine));

/**
 * {@link chartHash} of a chart that was read.
 *
 * @param chart - the chart
 */
export const hashOfChart = (chart: Chart): string =>
  createHash('sha256').update(JSON.stringify(chart)).digest('hex').slice(0, 16);
