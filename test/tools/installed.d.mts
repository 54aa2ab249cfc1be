/** Runs `npm ci` in a folder where its node_modules is missing or not what the lock file says; throws where npm fails. */
export function install(root: string): void;
