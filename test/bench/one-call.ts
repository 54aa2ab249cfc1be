/** `one-call.cjs <implementation> <state directory>`: a process that makes one call and prints its reason. */
import { loadCall } from './parts.ts';
import { callOptions } from './trees.ts';

const [file = '', stateDir = ''] = process.argv.slice(2);
loadCall(file)(callOptions(stateDir)).then(({ reason }) => process.stdout.write(reason));
