/** What a project's name in a database is, for people. */
export const projectNameWords = '1 to 200 characters, none of them a control character';

/**
 * Whether a text can be a project's name in a database. No text there holds a NUL, nor should a line of ours hold a control
 * character.
 *
 * @param name - as it was given
 */
export const isProjectName = (name: unknown): name is string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  typeof name === 'string' && name.length >= 1 && name.length <= 200 && !/[\u0000-\u001f\u007f]/.test(name);
