import {
  type Activity,
  ActivityHandler,
  ActivityTypes,
  type BotHandler,
  CardFactory,
  CloudAdapter,
  ConfigurationBotFrameworkAuthentication,
  type ConversationReference,
  type InvokeResponse,
  type TurnContext,
} from 'botbuilder';
import {
  AuthenticationConstants,
  AuthenticationError,
  type ServiceClientCredentialsFactory,
} from 'botframework-connector';
import express, { type RequestHandler, Router } from 'express';
import type { Logger } from 'pino';
import { type Language, languageOf } from '../../domain/language.ts';
import { cardBytes, teamsLimits } from '../../notifications/card-limits.ts';
import { isLocalHost } from '../../runtime/local-host.ts';
import { errorFields } from '../../runtime/logger.ts';
import { within } from '../../runtime/within.ts';
import { localTime } from '../chat/local-time.ts';
import { createPacer } from '../chat/pacer.ts';
import { phrases } from '../chat/phrases.ts';
import { nobodyCard, sorryCard, strangerCard } from '../chat/words.ts';
import {
  type Card,
  type ChatAddress,
  type Delivery,
  type Receive,
  type Reply,
  RetryLater,
  type Surface,
} from '../surface.ts';
import { meaningOf } from './faults.ts';
import { type TeamsConversation, tenantOf, understand } from './incoming.ts';

export interface TeamsSettings {
  /** `null`: no authentication, for a local client on loopback only. */
  readonly appId: string | null;
  readonly appPassword: string | null;
  /** People of any other tenant are turned away. */
  readonly tenantId: string | null;
  readonly appType: 'SingleTenant' | 'MultiTenant' | 'UserAssignedMSI';
  /** Of another cloud; `null` for the public one. */
  readonly openIdMetadataUrl: string | null;
}

export interface TeamsSurface extends Surface {
  /** `POST /api/messages`. */
  readonly handler: RequestHandler;
}

/** Waits shorter than this are waited out; longer ones go back to the queue. */
const patienceMs = 1_000;

/** Teams' limits for a bot in one conversation (Microsoft, "Rate limiting"). */
const limits = [
  { messages: 7, inMs: 1_000 },
  { messages: 8, inMs: 2_000 },
  { messages: 60, inMs: 30_000 },
] as const;

/** The SDK tells most tokens that it does not take by an error of its own, and lets some of jsonwebtoken's through. */
const isDenial = (error: unknown): boolean =>
  error instanceof AuthenticationError ||
  (error instanceof Error && ['JsonWebTokenError', 'NotBeforeError', 'TokenExpiredError'].includes(error.name));

/** The adapter's way in that leaves status codes and logging to us. */
class Adapter extends CloudAdapter {
  turn(authorization: string, activity: Partial<Activity>, logic: (context: TurnContext) => Promise<void>) {
    return this.processActivity(authorization, activity as Activity, logic);
  }
}

/** What Usher hears of: messages, who was added to the conversation, and clicks. */
class Bot extends ActivityHandler {
  readonly #clicked: (activity: Activity) => Promise<object>;

  constructor(said: (context: TurnContext) => Promise<void>, clicked: (activity: Activity) => Promise<object>) {
    super();
    this.#clicked = clicked;
    const hear: BotHandler = async (context, next) => {
      await said(context);
      await next();
    };
    this.onMessage(hear);
    this.onMembersAdded(hear);
  }

  /** Teams shows an error for any other HTTP status, whatever the body says. */
  protected override async onInvokeActivity(context: TurnContext): Promise<InvokeResponse> {
    return { status: 200, body: await this.#clicked(context.activity) };
  }
}

const authentication = (settings: TeamsSettings, credentials?: ServiceClientCredentialsFactory) => {
  const { appId, appPassword, appType, tenantId, openIdMetadataUrl } = settings;
  return new ConfigurationBotFrameworkAuthentication(
    {
      MicrosoftAppId: appId ?? '',
      MicrosoftAppPassword: appPassword ?? '',
      // Single-tenant without an app is a contradiction to the SDK; without an app there is no authentication at all.
      MicrosoftAppType: appId ? appType : 'MultiTenant',
      MicrosoftAppTenantId: tenantId ?? '',
      // One setting of the cloud replaces them all, so the others have to be named with it.
      ...(openIdMetadataUrl
        ? {
            ValidateAuthority: true,
            ToChannelFromBotLoginUrl: AuthenticationConstants.ToChannelFromBotLoginUrl,
            ToChannelFromBotOAuthScope: AuthenticationConstants.ToChannelFromBotOAuthScope,
            ToBotFromChannelTokenIssuer: AuthenticationConstants.ToBotFromChannelTokenIssuer,
            OAuthUrl: AuthenticationConstants.OAuthUrl,
            ToBotFromChannelOpenIdMetadataUrl: openIdMetadataUrl,
            ToBotFromEmulatorOpenIdMetadataUrl: openIdMetadataUrl,
            CallerId: '',
          }
        : {}),
    },
    credentials,
  );
};

/**
 * The connector's client would retry by itself, up to three times: a message whose answer got lost would be posted again,
 * behind the queue's back, and the time that a 429 names would never reach it.
 */
function leaveRetriesToUs(context: TurnContext): void {
  const client = context.turnState.get<{ readonly client?: { readonly pipeline?: RetryingPipeline } }>(
    context.adapter.ConnectorClientKey,
  );
  client?.client?.pipeline?.removePolicy({ phase: 'Retry' });
}

interface RetryingPipeline {
  removePolicy(which: { readonly phase: 'Retry' }): unknown;
}

const message = (card: Card): Partial<Activity> => ({
  type: ActivityTypes.Message,
  // A card alone: text beside it would be split off, and the message could not be updated.
  attachments: [CardFactory.adaptiveCard(card)],
});

const invokeCard = (card: Card) => ({ statusCode: 200, type: 'application/vnd.microsoft.card.adaptive', value: card });
const invokeText = (text: string) => ({
  statusCode: 200,
  type: 'application/vnd.microsoft.activity.message',
  value: text,
});
const invokeFault = (statusCode: 400 | 500, code: string, text: string) => ({
  statusCode,
  type: 'application/vnd.microsoft.error',
  value: { code, message: text },
});

/** Against web pages that reach for a bot without authentication: DNS rebinding, and forms of other sites. */
const localOnly: RequestHandler = (request, response, next) => {
  if (isLocalHost(request.headers.host) && request.is('application/json')) return next();
  response.status(403).type('text').send('only a chat client on this machine may speak here\n');
};

/** Teams, through the Bot Framework's adapter. Every import of botbuilder stays in this folder. */
export function createTeamsSurface(options: {
  readonly settings: TeamsSettings;
  readonly receive: Receive;
  readonly log: Logger;
  /** What this account reads, for what is said here without the conversation. */
  readonly reads: (account: { readonly tenantId: string; readonly userId: string }) => Promise<Language | null>;
  /** Another way to get tokens for the Bot Connector than the app's password. */
  readonly credentials?: ServiceClientCredentialsFactory;
  /** How long the Bot Connector may take to answer. */
  readonly timeoutMs?: number;
}): TeamsSurface {
  const { settings, receive, log, credentials, timeoutMs = 10_000 } = options;
  /** Of the time that Teams gives a click, what saying something beside it may take. */
  const besideWithinMs = timeoutMs / 4;
  const adapter = new Adapter(authentication(settings, credentials));
  adapter.onTurnError = async (_context, error) => {
    throw error;
  };
  const pacer = createPacer(limits, () => performance.now());

  const foreign = (activity: Activity): boolean =>
    settings.tenantId !== null && tenantOf(activity) !== settings.tenantId;

  /** What they have chosen, or what Teams tells of them. */
  async function languageAt(activity: Activity): Promise<Language> {
    const understood = understand(activity);
    const account = understood.kind === 'incoming' && !foreign(activity) ? understood.incoming.from : null;
    const known = account && (await options.reads(account).catch(() => null));
    return known ?? languageOf(activity.locale);
  }

  async function answer(activity: Activity): Promise<Reply> {
    if (foreign(activity)) return { card: strangerCard[languageOf(activity.locale)] };
    const understood = understand(activity);
    if (understood.kind === 'nothing') return null;
    if (understood.kind === 'nobody') return { card: nobodyCard[languageOf(activity.locale)] };
    return receive(understood.incoming);
  }

  /** The clicked card stays only if what refuses the click could be said as a message. */
  async function saidBeside(activity: Activity, card: Card): Promise<boolean> {
    const understood = understand(activity);
    const address = understood.kind === 'incoming' ? understood.incoming.address : null;
    if (!address) return false;
    const delivery = await within(deliver(address, card), besideWithinMs, () => new Error('too late')).catch(
      () => null,
    );
    return delivery?.outcome === 'delivered';
  }

  async function invoked(activity: Activity): Promise<object> {
    if (activity.name !== 'adaptiveCard/action')
      return invokeFault(400, 'NotSupported', phrases[await languageAt(activity)].notMine);
    if (!foreign(activity) && understand(activity).kind === 'nothing')
      return invokeFault(400, 'BadRequest', phrases[await languageAt(activity)].buttonTooOld);
    try {
      const reply = await answer(activity);
      if (!reply) return invokeText(phrases[await languageAt(activity)].done);
      return invokeCard(reply.beside && !(await saidBeside(activity, reply.beside)) ? reply.beside : reply.card);
    } catch (error) {
      log.error(errorFields(error), 'a click failed');
      return invokeFault(500, 'Fault', phrases[await languageAt(activity)].clickFailed);
    }
  }

  async function say(context: TurnContext): Promise<void> {
    const reply: Reply = await answer(context.activity).catch(async (error: unknown) => {
      log.error(errorFields(error), 'a message failed');
      return { card: sorryCard[await languageAt(context.activity)] };
    });
    if (!reply) return;
    try {
      await context.sendActivity(message(reply.beside ?? reply.card));
    } catch (error) {
      await reply.gotThrough?.(false);
      throw error;
    }
    await reply.gotThrough?.(true);
  }

  const bot = new Bot(say, invoked);

  const handler = Router();
  const local = settings.appId ? [] : [localOnly];
  handler.post('/api/messages', ...local, express.json({ limit: '256kb' }), async (request, response) => {
    const activity = request.body as Partial<Activity> | undefined;
    if (!activity || typeof activity !== 'object' || typeof activity.type !== 'string' || !activity.serviceUrl) {
      response.status(400).type('text').send('this is not an activity\n');
      return;
    }
    try {
      const result: InvokeResponse | undefined = await adapter.turn(
        request.headers.authorization ?? '',
        activity,
        (context) => bot.run(context),
      );
      response.status(result?.status ?? 200);
      if (result?.body) response.json(result.body);
      else response.end();
    } catch (error) {
      const denied = isDenial(error);
      log.warn(
        { ...errorFields(error) },
        denied ? 'a request was not from Teams' : 'an activity could not be answered',
      );
      response.status(denied ? 401 : 500).end();
    }
  });

  const referenceOf = (address: ChatAddress): Partial<ConversationReference> => {
    const { serviceUrl, channelId, conversation, bot, user } = address.conversation as unknown as TeamsConversation;
    return { serviceUrl, channelId, conversation, bot, user } as Partial<ConversationReference>;
  };

  /** Speaks in a conversation that was stored, within the platform's rates and our patience. */
  async function speak<T>(address: ChatAddress, card: Card, act: (context: TurnContext) => Promise<T>): Promise<T> {
    const bytes = cardBytes(card);
    if (bytes > teamsLimits.cardBytes) throw new Error(`a card of ${bytes} bytes is too large for Teams`);
    const { conversation } = address.conversation as unknown as TeamsConversation;
    const wait = pacer.waitMs(conversation.id);
    if (wait > patienceMs) throw new RetryLater('this conversation has had enough for now', wait);
    if (wait > 0) {
      await new Promise((resolve) => setTimeout(resolve, wait));
      return speak(address, card, act);
    }
    let result: { readonly value: T } | null = null;
    const spoken = adapter.continueConversationAsync(settings.appId ?? '', referenceOf(address), async (context) => {
      leaveRetriesToUs(context);
      result = { value: await act(context) };
    });
    await within(spoken, timeoutMs, () => new RetryLater('Teams does not answer', null));
    if (!result) throw new Error('the adapter did not run the turn');
    return (result as { readonly value: T }).value;
  }

  async function deliver(address: ChatAddress, card: Card): Promise<Delivery> {
    try {
      const messageId = await speak(address, card, async (context) => (await context.sendActivity(message(card)))?.id);
      return messageId ? { outcome: 'delivered', messageId } : { outcome: 'unreachable', reason: 'no message id' };
    } catch (error) {
      if (error instanceof RetryLater) throw error;
      const meaning = meaningOf(error, Date.now());
      if ('later' in meaning) throw meaning.later;
      return { outcome: 'unreachable', reason: meaning.never };
    }
  }

  return {
    platform: 'teams',
    handler,
    deliver,
    replace: async (address, messageId, card) => {
      try {
        await speak(address, card, (context) => context.updateActivity({ ...message(card), id: messageId }));
        return { outcome: 'replaced' };
      } catch (error) {
        if (error instanceof RetryLater) throw error;
        const meaning = meaningOf(error, Date.now());
        if ('later' in meaning) throw meaning.later;
        return { outcome: 'gone', reason: meaning.never };
      }
    },
    // Resolved here, because Teams does not reliably resolve times in cards.
    formatTime: localTime,
  };
}
