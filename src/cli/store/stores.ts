/** All that the program knows of stores, as one part of it: nobody loads it where none is named. */
export { agentRun } from './agent-run.ts';
export { configuredStore } from './configured-store.ts';
export { migrateCommand } from './migrate-command.ts';
export { runOnStore } from './run-on-store.ts';
export { forgetCommand, showCommand, useCommand } from './store-command.ts';
export { troubleOf } from './store-trouble.ts';
