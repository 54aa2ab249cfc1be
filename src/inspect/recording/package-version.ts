/** Version of this package as recordings name it; a test compares it with package.json. */
export const packageVersion = '0.1.0';
