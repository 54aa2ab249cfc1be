import type { Channel } from 'node:diagnostics_channel';

/** Name of the channel on `node:diagnostics_channel` on which each call of the library is published. */
export const channelName = 'forge-session-resume:call';

let channel: Channel | undefined;

/** The channel, whose `hasSubscribers` says whether anybody listens: where nobody does, a call notes nothing. */
export function callChannel(): Channel {
  channel ??= process.getBuiltinModule('node:diagnostics_channel').channel(channelName);
  return channel;
}
