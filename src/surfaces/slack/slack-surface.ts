import {
  App,
  AuthorizationError,
  type BlockAction,
  ExpressReceiver,
  type GlobalShortcut,
  type Receiver,
  SocketModeReceiver,
  type ViewResponseAction,
  type ViewSubmitAction,
} from '@slack/bolt';
import { type RequestHandler, Router } from 'express';
import type { Logger } from 'pino';
import type { Language } from '../../domain/language.ts';
import { errorFields } from '../../runtime/logger.ts';
import { within } from '../../runtime/within.ts';
import { localTime } from '../chat/local-time.ts';
import { createPacer } from '../chat/pacer.ts';
import { phrases } from '../chat/phrases.ts';
import { doneCard, sorryCard, strangerCard, workingCard } from '../chat/words.ts';
import {
  type Card,
  type ChatAddress,
  type Incoming,
  type Receive,
  type Replacement,
  type Reply,
  RetryLater,
  type Surface,
} from '../surface.ts';
import { blockOf, cardToMessage, cardToModal, formToCard, formToModal, isForm, submissionOf } from './blocks.ts';
import { meaningOf } from './faults.ts';
import { commandPlace, pressed, spokenText, submitted, typedText, verbOf } from './heard.ts';
import { createInstallationStore, type SealedStore } from './installations.ts';
import { type Installing, installer } from './installer.ts';
import { createListening } from './listening.ts';
import { belongs, createPeople, type SlackUser } from './people.ts';
import {
  messageIdOf,
  type Occasion,
  openView,
  originOf,
  type Place,
  post,
  publish,
  respond,
  showAnswer,
  showAsModal,
  showAt,
  update,
} from './places.ts';
import { shownTime, withoutTimes } from './shown-times.ts';
import { createTakenOn, deliveredBy, NotShown } from './take-on.ts';
import type { Taken } from './taken.ts';
import { createClients, createInstalledWorkspaces, createOneWorkspace, type Workspace } from './workspaces.ts';

export interface SlackSettings {
  /** `null` with Socket Mode, which needs none. */
  readonly signingSecret: string | null;
  /** Socket Mode, by this token; `null` for HTTP. */
  readonly appToken: string | null;
  /** `null` for Slack's own. */
  readonly apiUrl: string | null;
  /** Of the one workspace; `null` where several install the app. */
  readonly botToken: string | null;
  readonly installing: Installing | null;
}

export interface SlackSurface extends Surface {
  /** `POST /slack/events`, and the pages of installing; before any parser of bodies. */
  readonly handler: RequestHandler;
  /** Begins to listen, where Slack is listened to by a socket, and goes on until it stops. */
  start(): void;
  stop(): Promise<void>;
}

/** Where to write to somebody: Slack opens the conversation itself. */
interface SlackAddress {
  readonly team: string;
  readonly user: string;
}

const endpoint = '/slack/events';
/** Requests may be this much older or newer than our clock says. */
const skewSeconds = 300;
/** What looking up somebody's language may take; then it is English. */
const languageWithinMs = 300;
/** About one a second in a conversation, with short bursts (https://docs.slack.dev/apis/web-api/rate-limits). */
const messageRates = [
  { messages: 3, inMs: 1_000 },
  { messages: 10, inMs: 10_000 },
] as const;
/** A page that changes all the time is drawn this often. */
const pageRates = [{ messages: 1, inMs: 1_500 }] as const;
/** A message waits so long in its turn; longer, it goes back to the queue. */
const patienceMs = 1_000;
/** After a 429 one call of its kind is under way at a time, and the others ask again so soon, until it was calm so long. */
const oneByOneMs = 250;
const calmAfterMs = 10_000;

/** Bolt refuses old requests; dated ahead, a recorded one would stay good until then. */
const notAhead =
  (now: () => number): RequestHandler =>
  (request, response, next) => {
    const at = Number(request.headers['x-slack-request-timestamp']);
    if (at <= now() / 1000 + skewSeconds) return next();
    response.status(401).end();
  };

/** Only what Bolt itself has to say, never what people wrote. */
const boltLogger = (log: Logger) => {
  const tell = (level: 'warn' | 'error') => (first: unknown) =>
    log[level](first instanceof Error ? errorFields(first) : { says: String(first).slice(0, 160) }, 'Bolt complains');
  const nothing = () => undefined;
  return {
    debug: nothing,
    info: nothing,
    warn: tell('warn'),
    error: tell('error'),
    setLevel: nothing,
    getLevel: () => 'warn' as never,
    setName: nothing,
  };
};

const api = ({ apiUrl }: SlackSettings) => (apiUrl ? { slackApiUrl: apiUrl } : {});

const ofTeam = (teamId: string) => ({ teamId, enterpriseId: undefined, isEnterpriseInstall: false }) as const;

/** Slack, through Bolt. Every import of Slack's packages stays in this folder. */
export function createSlackSurface(options: {
  readonly settings: SlackSettings;
  readonly installations: SealedStore;
  readonly receive: Receive;
  readonly taken: Taken;
  /** Brings a message of ours up to date, if it is a copy of a card that is kept so; false if it is not. */
  readonly bringUpToDate: (messageId: string) => Promise<boolean>;
  /** Whether this account was ever here. */
  readonly knows: (account: { readonly tenantId: string; readonly userId: string }) => Promise<boolean>;
  /** What this account reads, for what is said here without the conversation. */
  readonly reads: (account: { readonly tenantId: string; readonly userId: string }) => Promise<Language>;
  readonly log: Logger;
  /** How long Slack waits for an answer: three seconds, unless a test's is more patient. */
  readonly ackWithinMs?: number;
  /** How long a call of Slack's may take. */
  readonly callWithinMs?: number;
}): SlackSurface {
  const { settings, receive, taken, bringUpToDate, log, ackWithinMs = 3_000 } = options;
  /** Of what a modal waits, what deciding may take. */
  const decideWithinMs = ackWithinMs * 0.8;
  /** Not waited for: what is said here is said most when something else is slow. */
  const readsOf = (tenantId: string, userId: string): Promise<Language> =>
    within(options.reads({ tenantId, userId }), languageWithinMs, () => new TooLate()).catch(() => 'en');
  const logger = boltLogger(log);
  const people = createPeople(() => performance.now(), log);
  const messages = createPacer(messageRates, () => performance.now());
  const pages = createPacer(pageRates, () => performance.now());
  /** Until when Slack wants no more of a method in a workspace; after that, one call at a time until it has calmed down. */
  const barred = new Map<string, number>();
  const trying = new Set<string>();

  const clientFor = createClients(settings.apiUrl, options.callWithinMs);
  const router = Router();
  router.use(endpoint, notAhead(Date.now));
  const store =
    settings.installing &&
    createInstallationStore(options.installations, settings.installing.encryptionKey, settings.installing.teamIds, {
      revoke: (token) => clientFor(token).auth.revoke(),
    });
  const inner = settings.appToken
    ? new SocketModeReceiver({
        appToken: settings.appToken,
        logger,
        // Its own reconnecting ends the process when Slack refuses.
        autoReconnectEnabled: false,
        installerOptions: { clientOptions: { ...api(settings), retryConfig: { retries: 0 } } },
      })
    : new ExpressReceiver({
        signingSecret: settings.signingSecret ?? '',
        endpoints: endpoint,
        router,
        logger,
        // Bolt answers itself what nobody has answered by then.
        unhandledRequestTimeoutMillis: ackWithinMs,
        ...(settings.installing && store ? installer(settings.installing, store, api(settings)) : {}),
      });
  const workspaces =
    inner instanceof ExpressReceiver && inner.installer && store
      ? createInstalledWorkspaces(inner.installer, (teamId) => store.fetchInstallation(ofTeam(teamId)), clientFor)
      : createOneWorkspace(settings.botToken ?? '', clientFor);

  const takenOn = createTakenOn({
    receiver: inner as Receiver,
    taken,
    log,
    ackWithinMs,
    refuse: async ({ body, ack }, kind) => {
      // Slack sends an event again.
      if (kind === 'event') throw new Error('not taken on');
      if (kind === 'once') await ack();
      await sayFailed(body, kind === 'submission' ? ack : null);
    },
    failed: (body, ack) => sayFailed(body, ack),
  });
  const socket = inner instanceof SocketModeReceiver ? createListening(inner.client, log) : null;

  /** As far as it can be said: to an open modal at its first field, so that nothing typed is lost; else beside. */
  async function sayFailed(body: Readonly<Record<string, unknown>>, ack: ((answer: never) => Promise<void>) | null) {
    try {
      const told = body as { user?: { id?: string }; team?: { id?: string }; team_id?: string; event?: SaidEvent };
      const { type, user: speaker } = told.event ?? {};
      const userId = told.user?.id ?? speaker;
      const teamId = told.team?.id ?? told.team_id;
      const language = typeof userId === 'string' && teamId ? await readsOf(teamId, userId) : 'en';
      if (ack && body.type === 'view_submission') {
        const { blocks } = (body as unknown as ViewSubmitAction).view;
        const [field] = blocks.flatMap((block) => (block.type === 'input' && block.block_id ? [block.block_id] : []));
        const answer = field
          ? {
              response_action: 'errors',
              errors: { [field]: phrases[language].submissionFailed },
            }
          : { response_action: 'update', view: cardToModal(sorryCard[language], '{}') };
        return await ack(answer as never);
      }
      if (typeof body.response_url === 'string')
        return await respond(body.response_url, cardToMessage(sorryCard[language]), false);
      // Of events, only what was said waits for an answer.
      if (typeof userId !== 'string' || !(told.user?.id || type === 'message' || type === 'app_mention')) return;
      const workspace = await workspaces.of({ teamId, enterpriseId: undefined });
      const occasion = { client: workspaces.clientOf(workspace), userId, triggerId: trigger(body) };
      await showAsModal({ ...occasion, place: { at: 'chat' } }, sorryCard[language]);
    } catch (error) {
      log.warn(errorFields(error), 'nobody could be told');
    }
  }

  const app = new App({
    receiver: takenOn.receiver,
    logger,
    convoStore: false,
    authorize: async (source, body) => {
      // A message belongs to whoever installed the app, also where an outsider presses its button.
      const { message } = (body ?? {}) as { message?: { team?: string } };
      const workspace = await workspaces.of({
        teamId: message?.team ?? source.teamId,
        enterpriseId: source.enterpriseId,
      });
      const { botToken, botUserId, botId, teamId } = workspace;
      return { botToken, botUserId, ...(botId ? { botId } : {}), teamId, workspace };
    },
  });
  // Thrown on, to whoever took it on.
  app.error(async (error) => {
    throw error instanceof AuthorizationError ? error : (error.original ?? error);
  });

  const addressOf = ({ teamId }: Workspace, userId: string): ChatAddress => ({
    platform: 'slack',
    conversation: { team: teamId, user: userId } satisfies SlackAddress as never,
  });

  /** Who it is as Slack vouches for it; `null` for outsiders of the installation. */
  async function whoIs(
    workspace: Workspace,
    userId: string,
    /** As the delivery tells it. */
    teamId: string | null,
  ): Promise<Pick<Incoming, 'from' | 'address' | 'timeZone' | 'locale'> | null> {
    const user = await people.find(workspace, workspaces.clientOf(workspace), userId);
    // Whether a colleague of another workspace of the organisation belongs here, only Slack knows.
    if (!user && workspace.enterpriseId && teamId !== workspace.teamId) throw new Error('Slack does not say who it is');
    if (!belongs(workspace, user ?? { teamId, enterpriseId: null, stranger: false })) return null;
    // What they did before they were deactivated comes too late.
    if (user && !user.active) return null;
    if (user && teamId && teamId !== workspace.teamId && teamId !== user.teamId) return null;
    return sightingOf(workspace, userId, user);
  }

  const sightingOf = (workspace: Workspace, userId: string, user: SlackUser | null) => ({
    from: {
      platform: 'slack' as const,
      tenantId: workspace.teamId,
      userId,
      displayName: user?.name ?? null,
      vouched: user?.vouched ?? null,
    },
    address: addressOf(workspace, userId),
    timeZone: user?.timeZone ?? null,
    locale: user?.locale ?? null,
  });

  /** Hears what somebody did, and says what comes of it. */
  async function answer(
    workspace: Workspace,
    what: {
      readonly key: string;
      readonly teamId: string | null;
      readonly personal?: boolean;
      readonly event: Incoming['event'];
    },
    occasion: Occasion,
    show: (reply: Reply) => Promise<void>,
    turnAway: (stranger: Card) => Promise<void> = (stranger) => showStranger(occasion, stranger),
  ): Promise<void> {
    const who = await whoIs(workspace, occasion.userId, what.teamId);
    if (!who) return turnAway(strangerCard[await readsOf(workspace.teamId, occasion.userId)]);
    const reply = await receive({ key: what.key, ...who, personal: what.personal ?? true, event: what.event });
    try {
      await show(reply);
    } catch (error) {
      await reply?.gotThrough?.(false);
      throw new NotShown('what came of it could not be shown', { cause: error });
    }
    await reply?.gotThrough?.(true);
  }

  /** Beside whatever they clicked, which is not theirs to change. */
  const showStranger = async (occasion: Occasion, stranger: Card): Promise<void> => {
    if (occasion.place.at === 'command' || occasion.place.at === 'ephemeral')
      return respond(occasion.place.responseUrl, cardToMessage(stranger), false);
    await showAsModal({ ...occasion, place: { at: 'chat' } }, stranger).catch((error: unknown) =>
      log.info(errorFields(error), 'an outsider could not be told'),
    );
  };

  /** What refuses a click is said beside what was clicked, which stays. */
  async function showReply(reply: Reply, occasion: Occasion, language: Promise<Language>): Promise<void> {
    if (!reply) {
      if (occasion.place.at === 'command') await showAt(occasion, doneCard[await language]);
      return;
    }
    if (reply.beside) {
      await showAsModal({ ...occasion, place: { at: 'chat' } }, reply.beside);
      return putBack(occasion, reply);
    }
    await putBack(occasion, reply);
  }

  /** In the place of what was clicked. A copy that is kept up to date is drawn by that alone: this might overtake news. */
  async function putBack(occasion: Occasion, { card, kept: known }: NonNullable<Reply>): Promise<void> {
    const { place } = occasion;
    if (place.at !== 'message' || !(await bringUpToDate(messageIdOf(place.channel, place.ts))))
      return showAnswer(occasion, card);
    if (!known) await showAnswer({ ...occasion, place: { at: 'chat' } }, card);
  }

  /** The page's own job draws it after what is about to be shown, lest an older state overtake a newer. */
  const aheadOfItsJob = (userId: string): void => {
    pages.waitMs(userId);
  };

  const occasionOf = (workspace: Workspace, userId: string, place: Place, triggerId: string | null): Occasion => ({
    client: workspaces.clientOf(workspace),
    userId,
    place,
    triggerId,
  });

  const keyOf = (body: object): string => deliveredBy(body as Readonly<Record<string, unknown>>)?.key ?? '';
  const trigger = (body: Readonly<Record<string, unknown>>): string | null =>
    typeof body.trigger_id === 'string' ? body.trigger_id : null;

  app.command(/.*/, async ({ command, context }) => {
    const workspace = context.workspace as Workspace;
    const occasion = occasionOf(workspace, command.user_id, commandPlace(command), command.trigger_id);
    const event = { kind: 'message', text: typedText(command.text ?? '') } as const;
    await answer(workspace, { key: keyOf(command), teamId: command.team_id, event }, occasion, (reply) =>
      showReply(reply, occasion, readsOf(workspace.teamId, command.user_id)),
    );
  });

  app.shortcut({ type: 'shortcut' }, async ({ shortcut, context }) => {
    const body = shortcut as GlobalShortcut;
    const workspace = context.workspace as Workspace;
    const occasion = occasionOf(workspace, body.user.id, { at: 'chat' }, body.trigger_id);
    const event = { kind: 'action', verb: verbOf(body), data: {} } as const;
    await answer(workspace, { key: keyOf(body), teamId: teamOf(body), event }, occasion, async (reply) => {
      if (reply) await showAsModal(occasion, reply.card);
    });
  });

  app.action({ type: 'block_actions' }, async ({ body: given, context }) => {
    const body = given as BlockAction;
    const workspace = context.workspace as Workspace;
    const meant = pressed(body);
    if (meant.kind === 'nothing') return;
    const occasion = occasionOf(workspace, body.user.id, meant.place, body.trigger_id);
    if (meant.kind === 'form') {
      // Nothing has been asked yet: whoever may see the button may see its form.
      if (!(await openView(occasion, formToModal(meant.form, originOf(meant.place)))))
        await showAt({ ...occasion, place: { at: 'chat' } }, formToCard(meant.form));
      return;
    }
    const { verb = '', view } = meant.data as { verb?: string; view?: string };
    const event = { kind: 'action', verb, data: meant.data } as const;
    if (meant.place.at === 'home') aheadOfItsJob(body.user.id);
    await answer(workspace, { key: keyOf(body), teamId: teamOf(body), event }, occasion, async (reply) => {
      // What the page leads to opens above it; what is about the page itself takes its place.
      if (reply && !reply.beside && meant.place.at === 'home' && view !== 'home-page')
        return showAsModal(occasion, reply.card);
      // A form's other button leads on in the same modal.
      if (reply && !reply.beside && meant.place.at === 'modal' && body.view?.submit)
        return showAt(occasion, reply.card, submissionOf(body.view.private_metadata)?.origin);
      await showReply(reply, occasion, readsOf(workspace.teamId, body.user.id));
    });
  });

  app.view({ type: 'view_submission' }, async ({ body: given, context, ack }) => {
    const body = given as ViewSubmitAction;
    const workspace = context.workspace as Workspace;
    const sent = submitted(body);
    const language = readsOf(workspace.teamId, body.user.id);
    if (!sent) return ack({ response_action: 'update', view: cardToModal(sorryCard[await language], '{}') });
    const { verb = '', view } = sent.data as { verb?: string; view?: string };
    const modal = { at: 'modal', viewId: body.view.id } as const;
    const occasion = occasionOf(workspace, body.user.id, sent.place, null);
    const key = keyOf(body);

    // Answered already, or taken up after the process that heard it has died: Slack hears no other answer.
    let answered = context.alone === true;
    let late = answered;
    const say = async (what?: ViewResponseAction) => {
      answered = true;
      await (what ? ack(what) : ack());
    };
    const toModal = (card: Card) =>
      late
        ? showAt({ ...occasion, place: modal }, card)
        : say({ response_action: 'update', view: cardToModal(card, originOf(sent.place)) });
    const close = async (all: boolean) => {
      if (late) return showAt({ ...occasion, place: modal }, doneCard[await language]);
      return all ? say({ response_action: 'clear' }) : say();
    };
    const show = async (reply: Reply) => {
      if (!reply) {
        await close(true);
        if (sent.place.at === 'command') await showAt(occasion, doneCard[await language]);
        return;
      }
      const { card, problem, beside } = reply;
      const field = problem?.input && !beside ? blockOf(body.view, problem.input) : null;
      if (field && problem && !late)
        return say({ response_action: 'errors', errors: { [field]: withoutTimes(problem.text).slice(0, 2000) } });
      if (beside) {
        await toModal(beside);
        return putBack(occasion, reply);
      }
      if (problem || isForm(card) || (sent.place.at === 'home' && view !== 'home-page')) return toModal(card);
      await close(sent.place.at !== 'modal');
      await putBack(occasion, reply);
    };

    const decided = answer(
      workspace,
      { key, teamId: teamOf(body), event: { kind: 'action', verb, data: sent.data } },
      occasion,
      show,
      async (stranger) => toModal(stranger),
    );
    const left = Math.max(0, decideWithinMs - Number(context.waitedMs ?? 0));
    await within(decided, left, () => new TooLate()).catch(async (error: unknown) => {
      if (!(error instanceof TooLate)) throw error;
      // It goes on; the modal says so, and then how it went.
      if (!answered) {
        late = true;
        await say({ response_action: 'update', view: cardToModal(workingCard[await language], originOf(sent.place)) });
      }
      await decided;
    });
  });

  app.event('app_home_opened', async ({ event, body, context }) => {
    if (event.tab !== 'home') return;
    const workspace = context.workspace as Workspace;
    const occasion = occasionOf(workspace, event.user, { at: 'home' }, null);
    aheadOfItsJob(event.user);
    // Only people of the installation have this page.
    const opened = { key: keyOf(body), teamId: body.team_id, event: { kind: 'home' } } as const;
    await answer(workspace, opened, occasion, async (reply) => {
      if (reply) await publish(occasion.client, event.user, reply.card);
    });
  });

  app.event('message', async ({ event, body, context }) => {
    if (event.channel_type !== 'im' || (event.subtype !== undefined && event.subtype !== 'file_share')) return;
    if (!('user' in event) || !event.user) return;
    const workspace = context.workspace as Workspace;
    const occasion = occasionOf(workspace, event.user, { at: 'chat' }, null);
    const text = spokenText(event.text ?? '', workspace.botUserId);
    const said = { key: keyOf(body), teamId: speakersTeam(event), event: { kind: 'message', text } } as const;
    await answer(workspace, said, occasion, (reply) =>
      showReply(reply, occasion, readsOf(workspace.teamId, occasion.userId)),
    );
  });

  app.event('app_mention', async ({ event, body, context }) => {
    if (!event.user) return;
    const workspace = context.workspace as Workspace;
    const userId = event.user;
    const occasion = occasionOf(workspace, userId, { at: 'chat' }, null);
    const text = spokenText(event.text, workspace.botUserId);
    const teamId = speakersTeam(event);
    const who = await whoIs(workspace, userId, teamId);
    const whisper = async (card: Card) => {
      await occasion.client.chat.postEphemeral({ channel: event.channel, user: userId, ...cardToMessage(card) });
    };
    // Where others read along, the answer is in the personal chat; what is said here, only they see.
    if (!who) return whisper(strangerCard[await readsOf(workspace.teamId, userId)]);
    const said = {
      key: keyOf(body),
      teamId,
      personal: false,
      event: { kind: 'message', text },
    } as const;
    await answer(workspace, said, occasion, async (reply) => {
      if (reply) await whisper(reply.card);
    });
  });

  app.event('user_change', async ({ event, body, context }) => {
    const workspace = context.workspace as Workspace;
    const userId = event.user.id;
    if (!(await options.knows({ tenantId: workspace.teamId, userId }))) return;
    // Events come late and in any order: Slack is asked what holds now.
    people.forget(workspace, userId);
    const user = await people.find(workspace, workspaces.clientOf(workspace), userId);
    if (!user) throw new Error('Slack does not say what has changed');
    const reply = await receive({
      key: keyOf(body),
      ...sightingOf(workspace, userId, user),
      address: null,
      personal: true,
      event: { kind: 'account', active: user.active && belongs(workspace, user) },
    });
    if (reply)
      await publish(workspaces.clientOf(workspace), userId, reply.card).catch((error: unknown) =>
        log.info(errorFields(error), 'a page could not be cleared'),
      );
  });

  const forget = async (teamId: string | undefined) => {
    if (teamId) await store?.deleteInstallation?.(ofTeam(teamId));
  };
  app.event('app_uninstalled', ({ context }) => forget(context.teamId));
  app.event('tokens_revoked', ({ event, context }) =>
    (event.tokens.bot ?? []).length > 0 ? forget(context.teamId) : Promise.resolve(),
  );

  /** Speaks to somebody, within the rates of the place and of the method in their workspace. */
  async function speak<T>(
    address: ChatAddress,
    method: string,
    waitMs: (who: string) => number,
    /** Shorter waits are waited out; longer ones go back to the queue. */
    mostMs: number,
    act: (client: Occasion['client'], who: SlackAddress) => Promise<T>,
  ): Promise<T> {
    const who = address.conversation as unknown as SlackAddress;
    const bar = `${who.team}:${method}`;
    const left = Math.max((barred.get(bar) ?? 0) - performance.now(), 0);
    const wait = left || waitMs(who.user);
    if (wait > mostMs) throw new RetryLater('Slack has had enough for now', wait);
    if (wait > 0) {
      await new Promise((resolve) => setTimeout(resolve, wait));
      return speak(address, method, waitMs, mostMs, act);
    }
    if (trying.has(bar)) throw new RetryLater('Slack has had enough for now', oneByOneMs);
    const alone = barred.has(bar);
    if (alone) trying.add(bar);
    try {
      const workspace = await workspaces.of({ teamId: who.team, enterpriseId: undefined });
      const result = await act(workspaces.clientOf(workspace), who);
      if (performance.now() > (barred.get(bar) ?? 0) + calmAfterMs) barred.delete(bar);
      return result;
    } catch (error) {
      const meaning = meaningOf(error);
      if (!('later' in meaning)) throw new ForGood(meaning.never, meaning.because);
      const { afterMs } = meaning.later;
      if (afterMs !== null) barred.set(bar, performance.now() + afterMs);
      throw meaning.later;
    } finally {
      if (alone) trying.delete(bar);
    }
  }

  const replaced = async (run: Promise<unknown>): Promise<Replacement> => {
    try {
      await run;
      return { outcome: 'replaced' };
    } catch (error) {
      if (!(error instanceof ForGood)) throw error;
      // It is there still, and may be mended.
      if (error.because === 'installation') throw new RetryLater(error.message, null, { cause: error });
      return { outcome: 'gone', reason: error.message };
    }
  };

  return {
    platform: 'slack',
    handler: router,
    start: () => socket?.start(),
    stop: async () => {
      await socket?.stop();
      await takenOn.settled();
    },
    recover: takenOn.recover,
    deliver: async (address, card) => {
      try {
        const messageId = await speak(address, 'chat.postMessage', messages.waitMs, patienceMs, (client, { user }) =>
          post(client, user, card),
        );
        return { outcome: 'delivered', messageId };
      } catch (error) {
        if (!(error instanceof ForGood)) throw error;
        return {
          outcome: error.because === 'installation' ? 'shut-out' : 'unreachable',
          reason: error.message,
        };
      }
    },
    replace: (address, messageId, card) => {
      const [channel = '', ts = ''] = messageId.split(':');
      return replaced(
        speak(
          address,
          'chat.update',
          () => 0,
          patienceMs,
          (client) => update(client, channel, ts, card),
        ),
      );
    },
    present: (address, card) =>
      replaced(speak(address, 'views.publish', pages.waitMs, 0, (client, { user }) => publish(client, user, card))),
    // Slack writes it for whoever looks; where it can't, the reader's zone is what it told us.
    formatTime: (instant, reader) =>
      shownTime({ epochSeconds: Math.floor(instant.getTime() / 1000), fallback: localTime(instant, reader) }),
  };
}

/** What an event of something that was said holds, as far as it is needed to say that it failed. */
interface SaidEvent {
  readonly type?: string;
  readonly user?: unknown;
}

/** Slack refuses, and will go on refusing. */
class ForGood extends Error {
  readonly because: 'place' | 'installation';
  constructor(reason: string, because: 'place' | 'installation') {
    super(reason);
    this.because = because;
  }
}
class TooLate extends Error {}

const teamOf = (body: {
  readonly user: { readonly team_id?: string };
  readonly team?: { readonly id: string } | null;
}) => body.user.team_id ?? body.team?.id ?? null;

/** Of who wrote a message; of somebody outside it is their own team. */
const speakersTeam = (event: object): string | null => {
  const { user_team: outside, team } = event as { readonly user_team?: unknown; readonly team?: unknown };
  const own = outside ?? team;
  return typeof own === 'string' ? own : null;
};
