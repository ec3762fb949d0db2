import type { ServerResponse } from 'node:http';
import type { ExpressReceiverOptions, InstallationStore } from '@slack/bolt';
import { derivedSecret, ForeignWorkspace } from './installations.ts';

/** Of an app that several workspaces install. */
export interface Installing {
  readonly clientId: string;
  readonly clientSecret: string;
  /** 32 bytes, with which tokens are sealed. */
  readonly encryptionKey: Uint8Array;
  /** Which workspaces may install it. */
  readonly teamIds: readonly string[];
  readonly publicUrl: string;
  /** Another than Slack's own. */
  readonly authorizeUrl: string | null;
}

/** What the app asks for when it is installed; manifest/slack says the same. */
const scopes = [
  'app_mentions:read',
  'chat:write',
  'commands',
  'im:history',
  'im:write',
  'users:read',
  'users:read.email',
];

/** Bolt's pages of installing, at `/slack/install`. */
export const installer = (
  { clientId, clientSecret, encryptionKey, publicUrl, authorizeUrl }: Installing,
  installationStore: InstallationStore,
  clientOptions: { readonly slackApiUrl?: string },
): Partial<ExpressReceiverOptions> => ({
  clientId,
  clientSecret,
  scopes,
  installationStore,
  stateSecret: derivedSecret(encryptionKey, 'slack-oauth-state'),
  redirectUri: `${publicUrl}/slack/oauth_redirect`,
  installerOptions: {
    clientOptions,
    directInstall: true,
    redirectUriPath: '/slack/oauth_redirect',
    ...(authorizeUrl ? { authorizationUrl: authorizeUrl } : {}),
    callbackOptions: {
      success: (_installation, _options, _request, response) => tell(response, 200, installedWords),
      failure: (error, _options, _request, response) =>
        tell(response, 400, error instanceof ForeignWorkspace ? foreignWords : notInstalledWords),
    },
  },
});

const tell = (response: ServerResponse, status: number, words: string) => {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' }).end(words);
};
const installedWords = 'Usher is installed. Open Slack and type /usher.\n';
const foreignWords =
  'Not this workspace: Usher’s settings don’t name it, so nothing was installed. Add its id to SLACK_TEAM_IDS and try again.\n';
const notInstalledWords = 'Slack did not finish the installation, so nothing was installed. Please start again.\n';
