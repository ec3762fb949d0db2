import { activate } from '../../commands/activate.ts';
import { readAudit, verifyAudit } from '../../commands/audit.ts';
import { approve, deny } from '../../commands/decide.ts';
import type { Execute, OpenCommand, Outcome, PersonCommand } from '../../commands/execute.ts';
import { cancel, deactivate } from '../../commands/give-up.ts';
import { resend, revoke } from '../../commands/invitations.ts';
import type { createInvite } from '../../commands/invite.ts';
import type { createLinking } from '../../commands/linking.ts';
import type { Clock, Reads } from '../../commands/ports.ts';
import type { Recognise } from '../../commands/recognise.ts';
import { type Caller, resolvePerson } from '../../commands/who.ts';
import { mayInvite } from '../../domain/guest.ts';
import { type InvitationId, isUuid, type PersonId, type RequestId } from '../../domain/ids.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { type CardOf, inputName } from '../../notifications/cards.ts';
import { refusalCard, refusalLine } from '../../notifications/sentences.ts';
import type { TrackedCards } from '../../notifications/tracked.ts';
import { within } from '../../runtime/within.ts';
import type { Card, Incoming, Json, Receive, Surface } from '../surface.ts';
import type { Answers, Args, Asker } from './answers.ts';
import { type Parsed, parse } from './grammar.ts';

/** Which messages have been answered, by whichever replica. */
export interface Received {
  /** The right to answer this message. While another delivery of it holds that, `held`; it lapses, should its holder die. */
  take(key: string): Promise<'mine' | 'held' | 'answered'>;
  done(key: string): Promise<void>;
  /** Gives the right back: the next delivery tries again. */
  release(key: string): Promise<void>;
}

/** One thing that somebody said or clicked. */
interface Turn {
  readonly incoming: Incoming;
  readonly caller: Extract<Caller, { by: 'chat' }>;
  readonly args: Args;
  readonly time: (instant: Date) => string;
  /** A click on a card, which the answer takes the place of. */
  readonly clicked: boolean;
}

type Handler = (turn: Turn) => Promise<CardOf | null>;
type PersonHandler = (turn: Turn, asker: Asker) => Promise<CardOf | null>;

/** Of the time that a platform gives a click, what saying something beside it may take. */
const answerWithinMs = 2_500;

/** The same for every reason: whether an address is known is nobody's business who can't read its mail. */
const codeRefused = 'That code is wrong, or no longer good. Take the one in the newest e-mail, or ask for another.';

/**
 * Text without what nobody can see and what would put words where they don't belong: control characters and halves of
 * characters (which the database refuses), marks that turn the direction of the text around them, and line breaks, which
 * on a card could pass for lines of its own.
 */
const visible = (text: string): string =>
  text
    .toWellFormed()
    .replace(/\s+/g, ' ')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
    .replace(/[\u0000-\u001f\u007f-\u009f\u200b\u202a-\u202e\u2066-\u2069\ufeff]/g, '');

/** Only plain values count as arguments, under the names of their inputs; whatever else a payload holds is dropped. */
const argsOf = (data: Readonly<Record<string, unknown>>): Args => {
  const args: Record<string, string> = {};
  for (const [name, value] of Object.entries(data))
    if (typeof value === 'string') args[inputName(name)] = visible(value);
    else if (typeof value === 'number' || typeof value === 'boolean') args[inputName(name)] = String(value);
  return args;
};

/**
 * The one conversation that all chats share: it understands what was said or clicked, runs the command and answers with
 * a card. What lasts arrives as a tracked card of its own, so that a command that went through needs no answer.
 */
export function createConversation(parts: {
  readonly execute: Execute;
  readonly reads: Reads;
  readonly recognise: Recognise;
  readonly received: Received;
  readonly invite: ReturnType<typeof createInvite>;
  readonly linking: ReturnType<typeof createLinking>;
  readonly tracked: TrackedCards;
  readonly answers: Answers;
  readonly expand: (card: CardOf) => Card;
  readonly surfaceOf: (platform: Surface['platform']) => Surface;
  readonly clock: Clock;
}): Receive {
  const { execute, reads, recognise, received, invite, linking, tracked, answers, expand, surfaceOf, clock } = parts;

  async function run<Input, State, Answer>(
    command: PersonCommand<Input, State, Answer> | OpenCommand<Input, State, Answer>,
    { incoming, caller, args }: Turn,
  ): Promise<Outcome<Answer>> {
    const outcome = await execute(command, { caller, input: args, key: incoming.key });
    if (outcome.accepted || outcome.refusal.code !== 'request-decided' || !outcome.refusal.by) return outcome;
    const decider = await reads.person(outcome.refusal.by as PersonId);
    return { accepted: false, refusal: { ...outcome.refusal, by: decider?.displayName ?? null } };
  }

  const refused = (refusal: Refusal, { time }: Turn): CardOf => ({ card: 'refusal', data: refusalCard(refusal, time) });
  const said = (title: string, text: string): CardOf => ({ card: 'answer', data: { title, text } });

  /** What a request was about, for who decided it unseen. */
  async function inShort(requestId: RequestId): Promise<string> {
    const request = await reads.request(requestId);
    if (!request) return '';
    const reader = { personId: request.principalId, time: () => '', latest: true };
    const { requester, role, scope, duration } = await tracked.requestCard(request, reader);
    return `${role} at ${scope} for ${requester}, ${duration}.`;
  }

  /** A request's card as it stands now, for those who may read it: a forged click shows nobody another's. */
  async function requestNow(card: 'approval' | 'request', requestId: string, asker: Asker): Promise<CardOf | null> {
    const request = await reads.readableRequest(requestId, asker.person.id);
    if (!request) return null;
    return tracked.show(request.principalId === asker.person.id ? 'request' : card, request.id, asker.reader);
  }

  async function assignmentNow(assignmentId: string, asker: Asker): Promise<CardOf | null> {
    const own = (await reads.openActivesOf(asker.person.id)).find(({ id }) => id === assignmentId);
    return own?.requestId ? tracked.show('request', own.requestId, asker.reader) : null;
  }

  async function invitationNow(invitationId: string, asker: Asker): Promise<CardOf | null> {
    const invitation = isUuid(invitationId) ? await reads.invitation(invitationId as InvitationId) : null;
    return invitation?.inviterId === asker.person.id ? tracked.show('invitation', invitation.id, asker.reader) : null;
  }

  /** A click's answer takes the place of its card: what refuses it is said beside, and the card stays, as it is now. */
  async function refusedAt(card: CardOf | null, refusal: Refusal, turn: Turn): Promise<CardOf> {
    const words = refused(refusal, turn);
    if (!turn.clicked || !card) return words;
    const surface = surfaceOf(turn.incoming.from.platform);
    const { address } = turn.caller.account;
    if (!address) return words;
    const delivery = surface.deliver({ platform: surface.platform, conversation: address as Json }, expand(words));
    const said = await within(delivery, answerWithinMs, () => new Error('too late')).catch(() => null);
    return said?.outcome === 'delivered' ? card : words;
  }

  const askerOf = async (turn: Turn): Promise<Asker | Refusal> => {
    const now = clock();
    const person = await resolvePerson(reads, turn.caller, now);
    if ('code' in person) return person;
    return { ...person, now, reader: { personId: person.person.id, time: turn.time, latest: true } };
  };

  /** For people who are known and in standing; anybody else gets the way to become so, and nothing else. */
  const asPerson =
    (handle: PersonHandler): Handler =>
    async (turn) => {
      const asker = await askerOf(turn);
      if (!('code' in asker)) return handle(turn, asker);
      if (asker.code !== 'account-unlinked') return refused(asker, turn);
      return { card: 'link', data: { organisation: (await reads.organisation()).name } };
    };

  /** Where the click came from a list, the list is shown again. */
  const listAfter = async (turn: Turn, asker: Asker, notice: string | null): Promise<CardOf | null> => {
    switch (turn.args.view) {
      case 'approvals':
        return answers.approvals(asker, turn.args, notice);
      case 'status':
        return answers.status(asker, turn.args, notice);
      default:
        return null;
    }
  };

  const decide = (command: typeof approve, done: string): Handler =>
    asPerson(async (turn, asker) => {
      const outcome = await run(command, turn);
      if (turn.clicked && turn.args.view) {
        const notice = outcome.accepted ? done : refusalLine(outcome.refusal, turn.time);
        return listAfter(turn, asker, notice);
      }
      if (outcome.accepted)
        return turn.clicked
          ? requestNow('approval', outcome.answer.requestId, asker)
          : said(done, `${await inShort(outcome.answer.requestId)} Every copy of the card shows it.`);
      const card = turn.clicked ? await requestNow('approval', turn.args.requestId ?? '', asker) : null;
      // Too late: the card itself tells whose decision it was.
      return card && outcome.refusal.code === 'request-decided' ? card : refusedAt(card, outcome.refusal, turn);
    });

  const handleInvitation = (command: typeof resend, done: string): Handler =>
    asPerson(async (turn, asker) => {
      const outcome = await run(command, turn);
      const card = turn.clicked ? await invitationNow(turn.args.invitationId ?? '', asker) : null;
      if (!outcome.accepted) return refusedAt(card, outcome.refusal, turn);
      return card ?? said(done, 'The invitation’s card shows it.');
    });

  const handlers: Readonly<Record<string, Handler>> = {
    menu: asPerson((_turn, asker) => answers.menu(asker)),
    roles: asPerson((turn, asker) => answers.roles(asker, turn.args)),
    status: asPerson((turn, asker) => answers.status(asker, turn.args, null)),
    approvals: asPerson((turn, asker) => answers.approvals(asker, turn.args, null)),

    'activate-form': asPerson(async (turn, asker) => {
      const form = await answers.activateForm(asker, turn.args, null);
      return form ?? refused({ code: 'eligibility-unknown' }, turn);
    }),

    activate: asPerson(async (turn, asker) => {
      // Typed without a reason: the form asks for what is missing.
      if (!turn.clicked && !turn.args.justification) {
        const form = await answers.activateForm(asker, turn.args, null);
        if (form) return form;
      }
      const outcome = await run(activate, turn);
      if (outcome.accepted) return turn.clicked ? answers.roles(asker, {}) : null;
      if (!turn.clicked) return refused(outcome.refusal, turn);
      const form = await answers.activateForm(asker, turn.args, refusalLine(outcome.refusal, turn.time));
      return form ?? refused(outcome.refusal, turn);
    }),

    approve: decide(approve, 'Approved'),
    deny: decide(deny, 'Denied'),

    cancel: asPerson(async (turn, asker) => {
      const outcome = await run(cancel, turn);
      if (turn.clicked && turn.args.view)
        return listAfter(turn, asker, outcome.accepted ? 'Canceled' : refusalLine(outcome.refusal, turn.time));
      const card = turn.clicked ? await requestNow('request', turn.args.requestId ?? '', asker) : null;
      if (!outcome.accepted) return refusedAt(card, outcome.refusal, turn);
      return card ?? said('Canceled', 'Your request is taken back.');
    }),

    deactivate: asPerson(async (turn, asker) => {
      const outcome = await run(deactivate, turn);
      if (turn.clicked && turn.args.view)
        return listAfter(turn, asker, outcome.accepted ? 'Deactivating' : refusalLine(outcome.refusal, turn.time));
      const card = turn.clicked ? await assignmentNow(turn.args.assignmentId ?? '', asker) : null;
      if (!outcome.accepted) return refusedAt(card, outcome.refusal, turn);
      return card ?? said('Deactivating', 'I will tell you when the access is gone.');
    }),

    invite: asPerson(async (turn, asker) => {
      // Typed without an address, or clicked in the menu: the form asks for the rest.
      if (!turn.args.email && !(turn.clicked && 'email' in turn.args)) {
        const forbidden = mayInvite(await reads.organisation(), asker.person, asker.held);
        return forbidden ? refused(forbidden, turn) : answers.inviteForm(asker, turn.args, null);
      }
      const outcome = await run(invite, turn);
      if (!outcome.accepted)
        return turn.clicked && !['not-allowed', 'invitations-off'].includes(outcome.refusal.code)
          ? answers.inviteForm(asker, turn.args, refusalLine(outcome.refusal, turn.time))
          : refused(outcome.refusal, turn);
      if (!outcome.answer.invitationId)
        return said(
          'Assigned',
          (await reads.person(outcome.answer.personId))?.externalUserState === 'PendingAcceptance'
            ? `${turn.args.email} was invited already, and can use this as soon as they have accepted.`
            : `${turn.args.email} was here already, and is eligible now.`,
        );
      return turn.clicked ? said('Invited', `The invitation to ${turn.args.email} is on its way.`) : null;
    }),
    resend: handleInvitation(resend, 'Sent again'),
    revoke: handleInvitation(revoke, 'Revoked'),

    audit: asPerson(async (turn, asker) => {
      const verify = turn.args.verify?.toLowerCase() === 'verify';
      const outcome = await run(verify ? verifyAudit : readAudit, { ...turn, args: {} });
      if (!outcome.accepted) return refused(outcome.refusal, turn);
      return verify ? answers.auditVerified() : answers.audit(asker, turn.args);
    }),
    'audit-verify': (turn) => handle('audit', { ...turn, args: { verify: 'verify' } }),

    show: asPerson(async (turn, asker) => {
      const { card, requestId = '' } = turn.args;
      const now = await requestNow(card === 'approval' ? 'approval' : 'request', requestId, asker);
      return now ?? refused({ code: 'request-unknown' }, turn);
    }),

    link: async (turn) => {
      const { email = '' } = turn.args;
      if (turn.caller.account.personId) return refused({ code: 'already-linked' }, turn);
      if (!email.trim()) return { card: 'link', data: { organisation: (await reads.organisation()).name } };
      const outcome = await run(linking.requestCode, turn);
      if (!outcome.accepted) return refused(outcome.refusal, turn);
      return { card: 'link-code', data: { problem: null, email } };
    },

    code: async (turn) => {
      const { email = '', code = '' } = turn.args;
      if (!code.trim()) return { card: 'link-code', data: { problem: null, email } };
      const outcome = await run(linking.redeemCode, turn);
      if (outcome.accepted) return said('Linked', 'I know you now. Type “help” to see what you can do.');
      const wrong = outcome.refusal.code === 'code-wrong' || outcome.refusal.code === 'code-spent';
      return wrong ? { card: 'link-code', data: { problem: codeRefused, email } } : refused(outcome.refusal, turn);
    },
  };

  const unknownVerb = asPerson(async (turn) =>
    refused({ code: 'input-invalid', field: '', problem: 'came from a card that is too old; nothing was done' }, turn),
  );

  const handle = (verb: string, turn: Turn): Promise<CardOf | null> =>
    (Object.hasOwn(handlers, verb) ? (handlers[verb] as Handler) : unknownVerb)(turn);

  /** What was typed is no command: help, or what is unclear about it. */
  const explain = (parsed: Exclude<Parsed, { kind: 'command' }>): Handler =>
    asPerson(async () =>
      parsed.kind === 'help'
        ? { card: 'help', data: parsed }
        : {
            card: 'refusal',
            data: {
              title: 'I did not understand that',
              text: parsed.problem,
              next: 'Type “help” to see what I can do.',
              command: { title: 'Help', verb: 'menu' },
            },
          },
    );

  async function understand(turn: Turn): Promise<CardOf | null> {
    const { event } = turn.incoming;
    switch (event.kind) {
      case 'opened':
        return handle('menu', turn);
      case 'action':
        return handle(event.verb, { ...turn, args: argsOf(event.data) });
      case 'message': {
        const parsed = parse(visible(event.text));
        return parsed.kind === 'command' ? handle(parsed.verb, { ...turn, args: parsed.args }) : explain(parsed)(turn);
      }
      default:
        return event satisfies never;
    }
  }

  async function answer(incoming: Incoming): Promise<CardOf | null> {
    const { from, address, personal, timeZone, locale } = incoming;
    const account = await recognise({
      platform: from.platform,
      tenantId: from.tenantId,
      userId: from.userId,
      address: personal ? address.conversation : null,
      timeZone,
      locale,
    });
    const surface = surfaceOf(from.platform);
    const turn: Turn = {
      incoming,
      caller: { by: 'chat', account },
      args: {},
      time: (instant) => surface.formatTime(instant, account),
      clicked: incoming.event.kind === 'action',
    };
    if (personal) return understand(turn);
    return inPrivate(turn, surface);
  }

  /** Where others read along, the answer goes to the personal chat; without one, nothing is done. */
  async function inPrivate(turn: Turn, surface: Surface): Promise<CardOf | null> {
    const { address } = turn.caller.account;
    if (!address) return said('Let’s talk in private', 'Open a personal chat with me and say it there.');
    const card = await understand(turn);
    if (!card) return said('Done', 'What comes of it is in our personal chat.');
    const delivery = await surface
      .deliver({ platform: surface.platform, conversation: address as Json }, expand(card))
      .catch(() => null);
    return delivery?.outcome === 'delivered'
      ? said('Answered', 'I have answered you in our personal chat.')
      : said('Let’s talk in private', 'I could not write in our personal chat. Open it, and say it there.');
  }

  /** Whether this delivery is to be answered. Another may be at it: it is waited for, lest its death lose the message. */
  async function mine(key: string): Promise<boolean> {
    for (;;) {
      const taken = await received.take(key);
      if (taken !== 'held') return taken === 'mine';
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }

  const settle = (key: string, itDid: boolean) => (itDid ? received.done(key) : received.release(key));

  return async (incoming) => {
    const once = incoming.event.kind !== 'action';
    if (once && !(await mine(incoming.key))) return null;
    try {
      const card = await answer(incoming);
      if (card && once) return { card: expand(card), gotThrough: (itDid) => settle(incoming.key, itDid) };
      if (once) await received.done(incoming.key);
      return card && { card: expand(card) };
    } catch (error) {
      if (once) await received.release(incoming.key);
      throw error;
    }
  };
}
