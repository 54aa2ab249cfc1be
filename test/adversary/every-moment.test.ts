import { vi } from 'vitest';
import { everyMoment } from '../support/outside/every-moment.ts';

vi.setConfig({ testTimeout: 120_000 });
everyMoment(100);
