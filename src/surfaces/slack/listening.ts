import type { SocketModeReceiver } from '@slack/bolt';
import type { Logger } from 'pino';
import { errorFields } from '../../runtime/logger.ts';

const soonestMs = 1_000;
const latestMs = 60_000;

/**
 * Keeps a socket to Slack open: opened anew whenever it closes, with growing pauses while Slack refuses. Nothing else waits
 * for it, and nothing ends with it.
 */
export function createListening(client: SocketModeReceiver['client'], log: Logger) {
  let stopped = true;
  let connecting = false;
  let timer: NodeJS.Timeout | undefined;

  async function connect(failures: number): Promise<void> {
    if (stopped || connecting) return;
    connecting = true;
    try {
      await client.start();
      connecting = false;
    } catch (error) {
      connecting = false;
      log.warn(errorFields(error), 'no socket to Slack yet');
      const pauseMs = Math.min(latestMs, soonestMs * 2 ** failures);
      timer = setTimeout(() => void connect(failures + 1), pauseMs);
    }
  }
  client.on('disconnected', () => void connect(0));

  return {
    start: () => {
      stopped = false;
      void connect(0);
    },
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await client.disconnect();
    },
  };
}
