import type { AddressInfo } from 'node:net';
import { App, ExpressReceiver } from '@slack/bolt';
import { answerParent, settingsOfProcess } from './processes.ts';

// The bare framework, as Slack's samples use it: a command or a modal is acknowledged, and one answer follows.

export interface SlackBareSettings {
  readonly apiUrl: string;
  readonly botToken: string;
  readonly signingSecret: string;
}

const { apiUrl, botToken, signingSecret } = settingsOfProcess<SlackBareSettings>();

const receiver = new ExpressReceiver({ signingSecret });
const app = new App({ token: botToken, receiver, clientOptions: { slackApiUrl: apiUrl } });

app.command(/.*/, async ({ ack, command, respond }) => {
  await ack();
  await respond(`You said: ${command.text}`);
});
app.view({ type: 'view_submission' }, async ({ ack, body, client }) => {
  await ack();
  await client.chat.postMessage({ channel: body.user.id, text: 'Sent.' });
});

const server = receiver.app.listen(0, '127.0.0.1');
await new Promise((resolve) => server.once('listening', resolve));

const questions = {
  /** What this process has used of the processor so far. */
  cpuMs: () => (process.cpuUsage().user + process.cpuUsage().system) / 1000,
  url: () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
};
export type SlackBareQuestions = typeof questions;

answerParent(questions, async () => {
  server.closeAllConnections();
  server.close();
});
