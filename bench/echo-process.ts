import type { AddressInfo } from 'node:net';
import { ActivityTypes, CardFactory, CloudAdapter, ConfigurationBotFrameworkAuthentication } from 'botbuilder';
import { AuthenticationConstants } from 'botframework-connector';
import express from 'express';
import { fakeAppId, fakeCredentials, fakeTenantId } from '../test/fakes/teams.ts';
import { answerParent, settingsOfProcess } from './processes.ts';

// The bare framework, as Microsoft's samples use it: a message or a click comes in, one card goes back.

const { openIdMetadataUrl } = settingsOfProcess<{ openIdMetadataUrl: string }>();

const adapter = new CloudAdapter(
  new ConfigurationBotFrameworkAuthentication(
    {
      MicrosoftAppId: fakeAppId,
      MicrosoftAppPassword: 'unused',
      MicrosoftAppType: 'SingleTenant',
      MicrosoftAppTenantId: fakeTenantId,
      ValidateAuthority: true,
      ToChannelFromBotLoginUrl: AuthenticationConstants.ToChannelFromBotLoginUrl,
      ToChannelFromBotOAuthScope: AuthenticationConstants.ToChannelFromBotOAuthScope,
      ToBotFromChannelTokenIssuer: AuthenticationConstants.ToBotFromChannelTokenIssuer,
      OAuthUrl: AuthenticationConstants.OAuthUrl,
      ToBotFromChannelOpenIdMetadataUrl: openIdMetadataUrl,
      ToBotFromEmulatorOpenIdMetadataUrl: openIdMetadataUrl,
      CallerId: '',
    },
    fakeCredentials(),
  ),
);

const card = (text: string) => ({
  type: 'AdaptiveCard',
  version: '1.5',
  body: [
    { type: 'TextBlock', text: 'Echo', style: 'heading', size: 'Large', weight: 'Bolder', wrap: true },
    { type: 'TextBlock', text, wrap: true },
  ],
});

const app = express();
app.use(express.json());
app.post('/api/messages', (request, response) =>
  adapter.process(request, response, async (context) => {
    if (context.activity.type === ActivityTypes.Invoke) {
      const body = { statusCode: 200, type: 'application/vnd.microsoft.card.adaptive', value: card('clicked') };
      await context.sendActivity({ type: ActivityTypes.InvokeResponse, value: { status: 200, body } });
    } else await context.sendActivity({ attachments: [CardFactory.adaptiveCard(card(context.activity.text))] });
  }),
);

const server = app.listen(0, '127.0.0.1');
await new Promise((resolve) => server.once('listening', resolve));

const questions = {
  /** What this process has used of the processor so far. */
  cpuMs: () => (process.cpuUsage().user + process.cpuUsage().system) / 1000,
  url: () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
};
export type EchoQuestions = typeof questions;

answerParent(questions, async () => {
  server.closeAllConnections();
  server.close();
});
