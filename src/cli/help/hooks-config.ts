const entry = '[{ "hooks": [{ "type": "command", "command": "forge-resume hook" }] }]';

/** Our hooks in the configuration of an agent, as help shows them. */
export const hooksConfig = `  { "hooks": {
      "SessionStart": ${entry},
      "UserPromptSubmit": ${entry},
      "Stop": ${entry} } }`;
