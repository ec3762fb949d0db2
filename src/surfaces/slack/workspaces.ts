import { WebClient } from '@slack/web-api';

/** A workspace (or a whole Enterprise organisation) that has installed the app. */
export interface Workspace {
  readonly teamId: string;
  readonly enterpriseId: string | null;
  readonly botToken: string;
  readonly botUserId: string;
  readonly botId: string | null;
}

export interface Workspaces {
  /** @throws when the app is not installed there, or Slack can't be asked. */
  of(source: { readonly teamId: string | undefined; readonly enterpriseId: string | undefined }): Promise<Workspace>;
  clientOf(workspace: Pick<Workspace, 'botToken'>): WebClient;
}

/**
 * Clients that leave retrying to the queue: Slack's own would go on for half an hour, and a message that is posted again
 * is there twice.
 */
export function createClients(
  apiUrl: string | null,
  /** A call that takes longer is as good as lost; leases of cards are longer. */
  callWithinMs = 6_000,
): (token: string) => WebClient {
  const clients = new Map<string, WebClient>();
  return (token) => {
    const known = clients.get(token);
    if (known) return known;
    const client = new WebClient(token, {
      ...(apiUrl ? { slackApiUrl: apiUrl } : {}),
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      timeout: callWithinMs,
      logger: silent,
    });
    // Rotated tokens come and go.
    if (clients.size > 200) clients.clear();
    clients.set(token, client);
    return client;
  };
}

const nothing = () => undefined;
/** What goes wrong is thrown, and told where it is caught; the client's own words may hold what people wrote. */
const silent = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  setLevel: nothing,
  getLevel: () => 'error' as never,
  setName: nothing,
};

/** The one workspace of a token that was set. Who it is, is asked once, when it is first needed. */
export function createOneWorkspace(token: string, clientFor: (token: string) => WebClient): Workspaces {
  let asked: Promise<Workspace> | null = null;
  const ask = async (): Promise<Workspace> => {
    const told = await clientFor(token).auth.test();
    return {
      teamId: told.team_id as string,
      enterpriseId: told.enterprise_id ?? null,
      botToken: token,
      botUserId: told.user_id as string,
      botId: told.bot_id ?? null,
    };
  };
  return {
    of: () => {
      asked ??= ask().catch((error: unknown) => {
        asked = null;
        throw error;
      });
      return asked;
    },
    clientOf: ({ botToken }) => clientFor(botToken),
  };
}

/** What Bolt's installer knows how to find out: whose installation it is, with a token that is still good. */
interface Installer {
  authorize(query: {
    readonly teamId: string | undefined;
    readonly enterpriseId: string | undefined;
    readonly isEnterpriseInstall: boolean;
  }): Promise<{
    readonly botToken?: string;
    readonly botId?: string;
    readonly botUserId?: string;
    readonly teamId?: string;
    readonly enterpriseId?: string;
  }>;
}

/**
 * The workspaces that have installed the app; a token that runs out is rotated on the way, once for all who ask
 * meanwhile, for it can be renewed only once.
 */
export function createInstalledWorkspaces(
  installer: Installer,
  /** @throws {NotInstalled} */
  isInstalled: (teamId: string) => Promise<unknown>,
  clientFor: (token: string) => WebClient,
): Workspaces {
  const asked = new Map<string, Promise<Workspace>>();
  const ask = async (teamId: string, enterpriseId: string | undefined): Promise<Workspace> => {
    const told = await installer
      .authorize({ teamId, enterpriseId, isEnterpriseInstall: false })
      .catch(async (error: unknown) => {
        // Bolt makes one fault of all of them.
        await isInstalled(teamId);
        throw error;
      });
    if (!told.botToken || !told.botUserId) throw new Error('the installation has no bot');
    return {
      teamId,
      enterpriseId: told.enterpriseId ?? null,
      botToken: told.botToken,
      botUserId: told.botUserId,
      botId: told.botId ?? null,
    };
  };
  return {
    of: async ({ teamId, enterpriseId }) => {
      if (!teamId) throw new Error('nobody says which workspace it is');
      const asking = asked.get(teamId) ?? ask(teamId, enterpriseId).finally(() => asked.delete(teamId));
      asked.set(teamId, asking);
      return asking;
    },
    clientOf: ({ botToken }) => clientFor(botToken),
  };
}
