/** What every command that records its call says of it. */
export const recordingHelp = `Recording: --record FILE keeps the last call, --record DIR/ (or FORGE_RESUME_RECORD=DIR) up to 200, 20 MB at most, as
JSON lines. A call decides the same and never fails for it. Message texts and fields that the rules do not know stay
out, unless --full is given; ids and paths are in it.`;
