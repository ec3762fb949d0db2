import { actionOf, faultInValue, faultsIn, findElement, inputsIn, type Placed, stateIn } from './blocks.ts';
import type { Json } from './contract.ts';
import type { Acknowledged, Deliverer } from './deliver.ts';
import type { Handles, ResponseTarget } from './handles.ts';
import { marked, type Payloads } from './payloads.ts';
import { type Channel, type Message, placeOf, type State, slackbotId, type User, type View } from './state.ts';
import { type Act, type ActResult, type Block, type InputValue, inputKey } from './view.ts';
import { contentOf, isAnswer, respondTo, viewFrom } from './web-api.ts';

const troubleInModal = 'We had some trouble connecting. Try again?';
const longest = 40_000;

const done: ActResult = { ok: true, error: null, errors: {}, closed: false };
const refused = (error: string): ActResult => ({ ...done, ok: false, error });
const answered = (ack: Acknowledged): ActResult => (ack.ok ? done : refused(ack.error));

/** Where something can be pressed: a message or a view. */
type Spot = { readonly place: string; readonly blocks: readonly Block[] } & (
  | { readonly message: Message }
  | { readonly view: View }
);

/** Slack's client: what people do becomes deliveries to the app, and its answers show. */
export function createClient(parts: {
  readonly state: State;
  readonly payloads: Payloads;
  readonly handles: Handles;
  readonly deliverer: Deliverer;
  readonly command: string;
}) {
  const { state, payloads, handles, deliverer, command: commandName } = parts;
  const { bot } = state;

  const channelFor = (user: User, id: string): Channel | null => {
    const channel = state.channels.get(id);
    return channel && state.isMember(channel, user) ? channel : null;
  };

  const spotFor = (user: User, place: string): Spot | null => {
    const client = state.clientOf(user.id);
    const views = client.home ? [...client.modals, client.home] : client.modals;
    const view = views.find((candidate) => placeOf(candidate) === place);
    if (view) return { place, blocks: view.blocks, view };
    const seen = [...state.channels.values()].filter((channel) => state.isMember(channel, user));
    const messages = [...client.ephemerals, ...seen.flatMap((channel) => channel.messages)];
    const message = messages.find((candidate) => placeOf(candidate) === place);
    return message ? { place, blocks: message.blocks, message } : null;
  };

  const typedAt = (user: User, place: string) => {
    const { typed } = state.clientOf(user.id);
    const known = typed.get(place) ?? new Map<string, InputValue>();
    typed.set(place, known);
    return known;
  };

  const trouble = (user: User, place: string, text: string) => {
    state.clientOf(user.id).trouble.set(place, text);
    state.notice(user.id, text);
  };

  /** While the app is waited for. */
  const busy = async <T>(user: User, work: () => Promise<T>): Promise<T> => {
    const client = state.clientOf(user.id);
    client.busy += 1;
    state.changed(user.id);
    try {
      return await work();
    } finally {
      client.busy -= 1;
      state.changed(user.id);
    }
  };

  async function command(user: User, channel: Channel, text: string): Promise<ActResult> {
    if (state.isOutsider(user)) return refused(`${commandName} is not a valid command.`);
    const target: ResponseTarget = { userId: user.id, channel: channel.id, message: null };
    const payload = payloads.command(user, channel, {
      command: commandName,
      text: text.trim(),
      triggerId: handles.newTrigger(user.id),
      responseUrl: handles.newResponseUrl(target, 'commands'),
    });
    const ack = await deliverer.interact('command', payload);
    const failed = (error: string) => {
      const words = `${commandName} failed with the error "${error}"`;
      state.post({ channel, user: slackbotId, text: words, blocks: [], ephemeralFor: user.id });
      state.notice(user.id, words);
      return refused(error);
    };
    if (!ack.ok) return failed(ack.error);
    const args: Json | null = typeof ack.body === 'string' ? { text: ack.body } : ((ack.body ?? null) as Json | null);
    if (!args || Object.keys(args).length === 0) return done;
    const content = contentOf(args, longest);
    if (isAnswer(content)) return failed('invalid_command_response');
    respondTo(state, target, args, content);
    return done;
  }

  async function message(user: User, channel: Channel, words: string): Promise<ActResult> {
    if (words === commandName || words.startsWith(`${commandName} `))
      return command(user, channel, words.slice(commandName.length));
    const text = marked(words.replaceAll(new RegExp(`(?<![\\w<])@${bot.name}\\b`, 'gi'), `<@${bot.userId}>`));
    const said = state.post({ channel, user: user.id, text, blocks: [] });
    state.clientOf(user.id).lastRead.set(channel.id, said.ts);
    const about = { teamId: state.teamOf(user), shared: channel.shared };
    const spoken = payloads.spoken(user, channel, said);
    if (channel.kind === 'im')
      return answered(await deliverer.event(payloads.event({ type: 'message', ...spoken, channel_type: 'im' }, about)));
    if (!channel.botIsMember || !text.includes(`<@${bot.userId}>`)) return done;
    return answered(await deliverer.event(payloads.event({ type: 'app_mention', ...spoken }, about)));
  }

  async function action(user: User, spot: Spot, placed: Placed, value: InputValue): Promise<ActResult> {
    const client = state.clientOf(user.id);
    client.trouble.delete(spot.place);
    const inputs = inputsIn(spot.blocks, typedAt(user, spot.place));
    const common = {
      ...payloads.interactive('block_actions', user),
      trigger_id: handles.newTrigger(user.id),
      actions: [actionOf(placed, value)],
    };
    const ack = await deliverer.interact(
      'action',
      'view' in spot
        ? { ...common, container: { type: 'view', view_id: spot.view.id }, view: payloads.viewPart(spot.view) }
        : { ...common, ...aboutMessage(user, spot.message), state: stateIn(spot.blocks, inputs) },
    );
    if (!ack.ok) trouble(user, spot.place, `This app didn’t respond: ${ack.error}`);
    return answered(ack);
  }

  function aboutMessage(user: User, { channel: id, ts, ephemeralFor, ...rest }: Message): Json {
    const channel = state.channels.get(id) as Channel;
    const ephemeral = ephemeralFor !== null;
    return {
      container: { type: 'message', message_ts: ts, channel_id: id, is_ephemeral: ephemeral },
      channel: payloads.channelPart(channel),
      // Slack sends no content of ephemeral messages.
      ...(ephemeral ? {} : { message: payloads.messagePart({ channel: id, ts, ephemeralFor, ...rest }) }),
      response_url: handles.newResponseUrl({ userId: user.id, channel: id, message: { ts, ephemeral } }, 'actions'),
    };
  }

  async function press(user: User, act: Extract<Act, { kind: 'press' }>): Promise<ActResult> {
    const spot = spotFor(user, act.place);
    const placed = spot && findElement(spot.blocks, act.blockId, act.actionId);
    if (!spot || !placed) return refused('nothing to press there');
    const typed = inputsIn(spot.blocks, typedAt(user, act.place))[inputKey(act.blockId, act.actionId)];
    return action(user, spot, placed, act.value ?? typed ?? null);
  }

  async function input(user: User, act: Extract<Act, { kind: 'input' }>): Promise<ActResult> {
    const spot = spotFor(user, act.place);
    const placed = spot && findElement(spot.blocks, act.blockId, act.actionId);
    if (!spot || !placed) return refused('no such input there');
    const fault = faultInValue(placed, act.value);
    if (fault) return refused(fault);
    typedAt(user, act.place).set(inputKey(act.blockId, act.actionId), act.value);
    state.changed(user.id);
    const { block, element } = placed;
    const isText = element.type.endsWith('_input');
    const dispatches = block.type === 'input' ? block.dispatch_action === true && !isText : true;
    return dispatches ? busy(user, () => action(user, spot, placed, act.value)) : done;
  }

  const removeView = (user: User, view: View): void => {
    const { modals, typed, trouble: troubles } = state.clientOf(user.id);
    const index = modals.indexOf(view);
    if (index < 0) return;
    modals.splice(index, 1);
    typed.delete(placeOf(view));
    troubles.delete(placeOf(view));
    state.changed(user.id);
  };

  async function submit(user: User): Promise<ActResult> {
    const client = state.clientOf(user.id);
    const view = client.modals.at(-1);
    if (!view) return refused('no modal is open');
    if (!view.given.submit) return refused('this modal has nothing to submit');
    const place = placeOf(view);
    client.trouble.delete(place);
    view.errors = faultsIn(view.blocks, inputsIn(view.blocks, typedAt(user, place)));
    state.changed(user.id);
    if (Object.keys(view.errors).length > 0) return { ...refused('invalid_fields'), errors: view.errors };
    const ack = await deliverer.interact('submission', {
      ...payloads.interactive('view_submission', user, true),
      trigger_id: handles.newTrigger(user.id),
      view: payloads.viewPart(view),
      response_urls: [],
    });
    const failed = (error: string): ActResult => {
      trouble(user, place, troubleInModal);
      return refused(error);
    };
    if (!ack.ok) return failed(ack.error);
    const body = (ack.body ?? {}) as Json;
    if (typeof body !== 'object') return failed('invalid_response');
    switch (body.response_action) {
      case undefined:
        if (Object.keys(body).length > 0) return failed('invalid_response');
        removeView(user, view);
        return { ...done, closed: true };
      case 'clear':
        for (const modal of [...client.modals]) removeView(user, modal);
        return { ...done, closed: true };
      case 'errors': {
        const errors = (body.errors ?? {}) as Record<string, string>;
        const known = new Set(view.blocks.filter(({ type }) => type === 'input').map(({ block_id }) => block_id));
        const keys = Object.keys(errors);
        if (keys.length === 0 || !keys.every((key) => known.has(key))) return failed('invalid_errors');
        view.errors = errors;
        state.changed(user.id);
        return { ...done, errors };
      }
      case 'update':
      case 'push': {
        const given = viewFrom(body.view, 'modal');
        if (isAnswer(given)) return failed(given.error ?? 'invalid_view');
        if (body.response_action === 'update') state.replaceView(view, given.view);
        else if (client.modals.length >= 3) return failed('push_limit_reached');
        else {
          const { teamId } = view;
          client.modals.push(state.newView(given.view, { userId: user.id, teamId, type: 'modal', previous: view }));
          state.changed(user.id);
        }
        return done;
      }
      default:
        return failed('invalid_response_action');
    }
  }

  async function close(user: User, all: boolean): Promise<ActResult> {
    const { modals } = state.clientOf(user.id);
    const top = modals.at(-1);
    if (!top) return refused('no modal is open');
    const cleared = all || top.given.clear_on_close === true;
    const closed = cleared ? modals.toReversed() : [top];
    const told = closed.filter(({ given }) => given.notify_on_close === true);
    const views = told.map((view) => payloads.viewPart(view));
    for (const view of closed) removeView(user, view);
    for (const view of views)
      await deliverer.interact('closed', {
        ...payloads.interactive('view_closed', user, true),
        view,
        is_cleared: cleared,
      });
    return { ...done, closed: true };
  }

  async function openApp(user: User, tab: 'home' | 'messages'): Promise<ActResult> {
    if (state.isOutsider(user)) return refused('this app belongs to another workspace');
    const { home } = state.clientOf(user.id);
    const event = {
      type: 'app_home_opened',
      user: user.id,
      channel: state.dmOf(user.id),
      event_ts: state.nextTs(),
      tab,
      ...(tab === 'home' && home ? { view: payloads.viewPart(home) } : {}),
    };
    return answered(await deliverer.event(payloads.event(event, { teamId: state.teamOf(user) })));
  }

  async function shortcut(user: User, callbackId: string): Promise<ActResult> {
    if (state.isOutsider(user)) return refused('this app belongs to another workspace');
    const ack = await deliverer.interact('shortcut', {
      ...payloads.interactive('shortcut', user),
      callback_id: callbackId,
      trigger_id: handles.newTrigger(user.id),
      action_ts: state.nextTs(),
    });
    if (!ack.ok) state.notice(user.id, `The shortcut failed: ${ack.error}`);
    return answered(ack);
  }

  function read(user: User, channel: Channel): ActResult {
    const newest = channel.messages.at(-1);
    const { lastRead } = state.clientOf(user.id);
    if (!newest || lastRead.get(channel.id) === newest.ts) return done;
    lastRead.set(channel.id, newest.ts);
    state.changed(user.id);
    return done;
  }

  function reload(user: User): ActResult {
    const client = state.clientOf(user.id);
    client.modals.length = 0;
    client.ephemerals.length = 0;
    client.typed.clear();
    client.trouble.clear();
    client.notices = [];
    state.changed(user.id);
    return done;
  }

  async function perform(user: User, act: Act): Promise<ActResult> {
    switch (act.kind) {
      case 'command':
      case 'message':
      case 'read': {
        const channel = channelFor(user, act.channel);
        if (!channel) return refused('channel_not_found');
        if (act.kind === 'read') return read(user, channel);
        if (channel.archived) return refused('is_archived');
        return act.kind === 'command' ? command(user, channel, act.text) : message(user, channel, act.text);
      }
      case 'press':
        return press(user, act);
      case 'input':
        return input(user, act);
      case 'submit':
        return submit(user);
      case 'close':
        return close(user, act.all ?? false);
      case 'home':
      case 'messages':
        return openApp(user, act.kind);
      case 'shortcut':
        return shortcut(user, act.callbackId);
      case 'dismiss': {
        const client = state.clientOf(user.id);
        client.notices = client.notices.filter(({ id }) => id !== act.notice);
        state.changed(user.id);
        return done;
      }
      case 'reload':
        return reload(user);
      default:
        return act satisfies never;
    }
  }

  /** What waits for the app, and keeps the spinner turning. */
  const waits = new Set<Act['kind']>(['command', 'message', 'press', 'submit', 'shortcut']);

  return async (userId: string, act: Act): Promise<ActResult> => {
    const user = state.userOf(userId);
    if (user.deleted) return refused('account_inactive');
    return waits.has(act.kind) ? busy(user, () => perform(user, act)) : perform(user, act);
  };
}
