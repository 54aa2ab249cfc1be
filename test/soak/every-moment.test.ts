import { everyMoment } from '../support/outside/every-moment.ts';

everyMoment(Number(process.env['FORGE_RESUME_SOAK_STRIDE'] ?? 2));
