import { readAudit, verifyAudit } from '../../commands/audit.ts';
import { approve, deny } from '../../commands/decide.ts';
import type { Execute, OpenCommand, Outcome, PersonCommand } from '../../commands/execute.ts';
import type { Extending } from '../../commands/extend.ts';
import { cancel, deactivate } from '../../commands/give-up.ts';
import { resend, revoke } from '../../commands/invitations.ts';
import type { createInvite } from '../../commands/invite.ts';
import { chooseLanguage } from '../../commands/language.ts';
import type { createLinking } from '../../commands/linking.ts';
import { type Clock, type Dispatch, organisationSubject, type Reads } from '../../commands/ports.ts';
import type { Recognise } from '../../commands/recognise.ts';
import { resolvePerson } from '../../commands/who.ts';
import type { Lengthening } from '../../domain/extend.ts';
import { mayInvite } from '../../domain/guest.ts';
import { type InvitationId, isUuid, type PersonId, type RequestId, reference } from '../../domain/ids.ts';
import { parseInstant } from '../../domain/instant.ts';
import { type Language, languageFor } from '../../domain/language.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { type CardOf, type ItemResult, inputName } from '../../notifications/cards.ts';
import { type CardCopies, readingOf } from '../../notifications/deliver-card.ts';
import { inputAtFault, refusalCard, refusalLine } from '../../notifications/sentences.ts';
import type { TrackedCardName, TrackedCards } from '../../notifications/tracked.ts';
import type { Card, Incoming, Json, Receive, Reply, Surface } from '../surface.ts';
import { activationHandlers } from './activation-handlers.ts';
import { administering } from './administering.ts';
import { type Answers, type News, noNews } from './answers.ts';
import type { Args, Asker } from './asker.ts';
import { browseHandlers } from './browse.ts';
import { delegating } from './delegating.ts';
import { digestHandlers } from './digest.ts';
import { type Parsed, parse } from './grammar.ts';
import { aboutGroups } from './groups.ts';
import { historyHandlers } from './history.ts';
import { type Phrases, phrases, type Said } from './phrases.ts';
import { quietHandlers } from './quiet.ts';
import type { Security } from './security.ts';
import type { SettingsAnswers } from './settings-answers.ts';
import { settingsHandlers } from './settings-handlers.ts';
import { takingHandlers } from './taking.ts';
import {
  type Answer,
  type Handler,
  type Handlers,
  type Handling,
  needsStepUp,
  type PersonHandler,
  type StepUpNeeded,
  show,
  type Turn,
} from './turn.ts';

/** Which messages have been answered, by whichever replica. */
export interface Received {
  /** The right to answer this message. While another delivery of it holds that, `held`; it lapses, should its holder die. */
  take(key: string): Promise<'mine' | 'held' | 'answered'>;
  done(key: string): Promise<void>;
  /** Gives the right back: the next delivery tries again. */
  release(key: string): Promise<void>;
}

/**
 * Text without what nobody can see and what would put words where they don't belong: control characters and halves of
 * characters (which the database refuses), marks that turn the direction of the text around them, and line breaks, which
 * on a card could pass for lines of its own.
 */
const visible = (text: string): string => {
  const shown = text
    .toWellFormed()
    .replace(/\s+/g, ' ')
    // Joiners stay: some scripts and many emoji need them.
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
    .replace(/[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g, '');
  return /[^\p{C}\p{Z}\u115f\u1160\u3164\uffa0\u2800]/u.test(shown) ? shown : '';
};

/** Only plain values count as arguments, under the names of their inputs; whatever else a payload holds is dropped. */
const argsOf = (data: Readonly<Record<string, unknown>>): Args => {
  const args: Record<string, string> = {};
  for (const [name, value] of Object.entries(data))
    if (typeof value === 'string') args[inputName(name)] = visible(value);
    else if (typeof value === 'number' || typeof value === 'boolean') args[inputName(name)] = String(value);
  return args;
};

/** Of what a click is answered with, the cards that were posted and follow their subject. */
const keptUpToDate: ReadonlySet<CardOf['card']> = new Set<TrackedCardName>([
  'approval',
  'request',
  'invitation',
  'ending',
  'expired',
  'managed',
  'delegation',
  'exceptional',
  'break-glass-review',
]);

/** Of what is decided in one go: as many as one card has room for. */
const mostAtOnce = 20;

/** Ids or references, as a form joins them and as people type them; each once. */
const idsIn = (given = ''): string[] =>
  [...new Set(given.split(/[\s,]+/).filter((id) => id !== ''))].slice(0, mostAtOnce);

/** What somebody typed among the numbers of requests that can't be one, such as a reason without its `--because`. */
const wordsIn = (given: string | undefined): string =>
  idsIn(given)
    .filter((id) => !/^#?[0-9a-f]{8}$/i.test(id) && !isUuid(id.toLowerCase()))
    .join(' ');

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
  readonly extending: Extending;
  readonly security: Security;
  readonly tracked: TrackedCards;
  readonly answers: Answers;
  readonly settings: SettingsAnswers;
  readonly keepHome: CardCopies['keepHome'];
  readonly dispatch: Dispatch;
  readonly expand: (card: CardOf, language: Language) => Card;
  readonly surfaceOf: (platform: Surface['platform']) => Surface;
  readonly clock: Clock;
}): Receive {
  const {
    execute,
    reads,
    recognise,
    received,
    invite,
    linking,
    extending,
    security,
    tracked,
    answers,
    keepHome,
    dispatch,
  } = parts;
  const { expand, surfaceOf, clock } = parts;

  async function run<Input, State, Answered>(
    command: PersonCommand<Input, State, Answered> | OpenCommand<Input, State, Answered>,
    turn: Turn,
    /** Tells apart what one event does several times. */
    part = '',
  ): Promise<Outcome<Answered>> {
    const { incoming, caller, args } = turn;
    const outcome = await execute(command, { caller, input: args, key: `${incoming.key}${part}` });
    if (outcome.accepted) return outcome;
    const { refusal } = outcome;
    if ((refusal.code !== 'request-decided' && refusal.code !== 'review-answered') || !refusal.by) return outcome;
    const by = (await reads.person(refusal.by as PersonId))?.displayName;
    return {
      accepted: false,
      refusal: refusal.code === 'request-decided' ? { ...refusal, by: by ?? null } : { ...refusal, by: by ?? '' },
    };
  }

  const words = (refusal: Refusal, turn: Turn): CardOf => ({ card: 'refusal', data: refusalCard(refusal, turn) });
  const problemOf = (refusal: Refusal, turn: Turn) => ({
    input: inputAtFault(refusal),
    text: refusalLine(refusal, turn),
  });
  const refused = (refusal: Refusal, turn: Turn): Answer => ({
    card: words(refusal, turn),
    problem: problemOf(refusal, turn),
  });
  const said = ({ language }: Turn, phrase: (say: Phrases) => Said): Answer =>
    show({ card: 'answer', data: phrase(phrases[language]) });

  const saidOf = async (requestId: RequestId, title: string, turn: Turn): Promise<Answer> => {
    const request = await inShort(requestId, turn);
    return said(turn, (say) => ({ title, text: say.everyCopyShowsIt(request) }));
  };

  /** What a request was about, for who decided it unseen. */
  async function inShort(requestId: RequestId, { language }: Turn): Promise<string> {
    const request = await reads.request(requestId);
    if (!request) return '';
    const reader = { personId: request.principalId, time: () => '', language, latest: true };
    const { requester, role, scope, duration } = await tracked.requestCard(request, reader);
    return phrases[language].requestInShort(role, scope, requester, duration);
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
  const refusedAt = (card: CardOf | null, refusal: Refusal, turn: Turn): Answer =>
    turn.clicked && card
      ? { card, beside: words(refusal, turn), problem: problemOf(refusal, turn) }
      : refused(refusal, turn);

  const withInstants = (turn: Turn): Turn => {
    const args: Record<string, string> = { ...turn.args };
    for (const name of ['from', 'until']) {
      const at = args[name] && parseInstant(args[name], clock(), turn.caller.account.timeZone ?? 'UTC');
      if (at) args[name] = at.toISOString();
    }
    return { ...turn, args };
  };

  const askerOf = async (turn: Turn): Promise<Asker | Refusal> => {
    const now = clock();
    const person = await resolvePerson(reads, turn.caller, now);
    if ('code' in person) return person;
    return {
      ...person,
      now,
      reader: { personId: person.person.id, time: turn.time, language: turn.language, latest: true },
    };
  };

  /** For people who are known and in standing; anybody else gets the way to become so, and nothing else. */
  const asPerson =
    (handle: PersonHandler): Handler =>
    async (turn) => {
      const asker = await askerOf(turn);
      if (!('code' in asker)) return handle(turn, asker);
      if (asker.code !== 'account-unlinked') return refused(asker, turn);
      return show({ card: 'link', data: { organisation: (await reads.organisation()).name } });
    };

  /** Where the click came from a list, the list is shown again. */
  const listAfter = async (turn: Turn, asker: Asker, news: News): Promise<CardOf | null> => {
    switch (turn.args.view) {
      case 'approvals':
        return answers.approvals(asker, turn.args, news);
      case 'roles':
        return answers.roles(asker, {}, news);
      case 'status':
        return answers.status(asker, turn.args, news.notice);
      case 'home':
        return answers.home(asker, 'home', news);
      case 'home-page':
        // Drawn again whenever something changes: news would be gone before anybody has read it.
        return answers.home(asker, 'home-page', noNews);
      default:
        return null;
    }
  };

  /** The list with how it went; what is wrong with an input is told at the input, where there is one. */
  async function listed(turn: Turn, asker: Asker, outcome: Outcome<unknown>, done: string): Promise<Answer> {
    if (outcome.accepted) return show(await listAfter(turn, asker, { ...noNews, notice: done }));
    const problem = problemOf(outcome.refusal, turn);
    const card = await listAfter(turn, asker, { ...noNews, notice: problem.text });
    if (!card) return null;
    if (problem.input) return { card, problem };
    return turn.args.view === 'home-page' ? { card, beside: words(outcome.refusal, turn) } : { card };
  }

  const decisions = {
    approve: { command: approve, done: 'approved' },
    deny: { command: deny, done: 'denied' },
  } as const;

  const decide = (which: keyof typeof decisions): Handler =>
    asPerson(async (turn, asker) => {
      const { command } = decisions[which];
      const done = phrases[turn.language][decisions[which].done];
      const words = turn.clicked ? '' : wordsIn(turn.args.requestId);
      if (words) return refused({ code: 'not-a-reference', given: words }, turn);
      if (idsIn(turn.args.requestId).length > 1) return decideSeveral(which, turn.args.requestId, turn, asker);
      const outcome = await run(command, turn);
      if (needsStepUp(outcome)) return toConfirm(outcome.refusal, turn, asker);
      if (turn.clicked && turn.args.view) return listed(turn, asker, outcome, done);
      if (outcome.accepted)
        return turn.clicked
          ? show(await requestNow('approval', outcome.answer.requestId, asker))
          : saidOf(outcome.answer.requestId, done, turn);
      const card = turn.clicked ? await requestNow('approval', turn.args.requestId ?? '', asker) : null;
      // Too late: the card itself tells whose decision it was.
      return card && outcome.refusal.code === 'request-decided' ? show(card) : refusedAt(card, outcome.refusal, turn);
    });

  /** What was said is kept: it counts once they have confirmed that it is them. The card that was clicked stays. */
  async function toConfirm(refusal: StepUpNeeded, turn: Turn, asker: Asker): Promise<Answer> {
    const confirm = (await security.confirm(refusal.stepUpId, asker)) ?? words(refusal, turn);
    const { requestId } = refusal;
    const card =
      turn.clicked &&
      ((await listAfter(turn, asker, noNews)) ?? (requestId && (await requestNow('approval', requestId, asker))));
    return card ? { card, beside: confirm } : show(confirm);
  }

  /** Many with one justification: each is judged by itself, and its result told. */
  async function decideSeveral(
    which: keyof typeof decisions,
    given: string | undefined,
    turn: Turn,
    asker: Asker,
  ): Promise<Answer> {
    const { command } = decisions[which];
    const done = phrases[turn.language][decisions[which].done];
    const results: ItemResult[] = [];
    let problem: ReturnType<typeof problemOf> | null = null;
    for (const id of idsIn(given)) {
      const { justification = '', duration = '' } = turn.args;
      const args = { requestId: id, justification, atMost: duration };
      const outcome = await run(command, { ...turn, args }, `:${id}`);
      const fault = outcome.accepted ? null : problemOf(outcome.refusal, turn);
      if (fault && !problem?.input) problem = fault;
      results.push({
        reference: isUuid(id) ? reference(id) : id,
        text: outcome.accepted ? `${done}. ${await inShort(outcome.answer.requestId, turn)}` : (fault?.text ?? ''),
      });
    }
    const news = { notice: null, results };
    const list = () => answers.approvals(asker, {}, news);
    const card = (await listAfter(turn, asker, news)) ?? (await list());
    if (turn.args.view === 'home-page' && !problem?.input) return { card, beside: await list() };
    // What was written once for all of them is wrong for each that is still open.
    return problem?.input ? { card, problem } : { card };
  }

  /** Several, each judged by itself. */
  async function deactivateSeveral(ids: readonly string[], turn: Turn, asker: Asker): Promise<Answer> {
    const results: string[] = [];
    for (const id of ids) {
      const outcome = await run(deactivate, { ...turn, args: { assignmentId: id } }, `:${id}`);
      const text = outcome.accepted ? phrases[turn.language].deactivating : problemOf(outcome.refusal, turn).text;
      results.push(`${isUuid(id) ? reference(id) : id}: ${text}`);
    }
    return show(await answers.status(asker, {}, results.join(' ')));
  }

  const handleInvitation = (command: typeof resend, done: 'sentAgain' | 'revoked'): Handler =>
    asPerson(async (turn, asker) => {
      const outcome = await run(command, turn);
      const card = turn.clicked ? await invitationNow(turn.args.invitationId ?? '', asker) : null;
      if (!outcome.accepted) return refusedAt(card, outcome.refusal, turn);
      return show(card) ?? said(turn, (say) => say[done]);
    });

  /** The warning or the card of what is over, that was clicked, as it is now; for its own assignee. */
  async function endNow({ args }: Turn, asker: Asker): Promise<CardOf | null> {
    const card = args.view === 'ending' || args.view === 'expired' ? args.view : null;
    const assignment = card && isUuid(args.assignmentId ?? '') && (await reads.assignment(args.assignmentId as never));
    return card && assignment && assignment.principalId === asker.person.id
      ? tracked.show(card, assignment.id, asker.reader)
      : null;
  }

  const lengthenForm = (what: Lengthening): Handler =>
    asPerson(async (turn, asker) => {
      const form = await answers.extendForm(asker, what, turn.args, null);
      return 'refusal' in form ? refusedAt(await endNow(turn, asker), form.refusal, turn) : show(form);
    });

  const lengthen = (what: Lengthening): Handler =>
    asPerson(async (turn, asker) => {
      const form = (problem: string | null) => answers.extendForm(asker, what, turn.args, problem);
      // Typed without a reason, or without anything: the form asks for what is missing.
      if (!turn.clicked && !turn.args.justification) {
        const empty = await form(null);
        return 'refusal' in empty ? refused(empty.refusal, turn) : show(empty);
      }
      const outcome = await run(extending[what], withInstants(turn));
      if (needsStepUp(outcome)) return toConfirm(outcome.refusal, turn, asker);
      if (outcome.accepted) {
        const request = await reads.request(outcome.answer.requestId);
        const granted = request?.action === 'adminExtend' || request?.action === 'adminRenew';
        const phrase = granted ? 'extensionGranted' : 'extensionRequested';
        const news = { ...noNews, notice: phrases[turn.language][phrase].title };
        const list = turn.clicked ? ((await listAfter(turn, asker, news)) ?? (await endNow(turn, asker))) : null;
        // The requester has a card of the request; an administrator, who is not told, has this.
        if (list || turn.clicked || granted) return show(list) ?? said(turn, (say) => say[phrase]);
        return null;
      }
      if (!turn.clicked) return refused(outcome.refusal, turn);
      const problem = problemOf(outcome.refusal, turn);
      const again = await form(problem.text);
      return 'refusal' in again ? refused(outcome.refusal, turn) : { card: again, problem };
    });

  const handling: Handling = { run, asPerson, refused, refusedAt, problemOf, said, withInstants, toConfirm };

  const handlers: Handlers = {
    ...browseHandlers(reads, handling),
    ...administering(handling, { reads, tracked }),
    ...aboutGroups(handling, { reads }),
    ...delegating(handling, { reads, tracked }),
    ...settingsHandlers(parts.settings, handling),
    ...quietHandlers(handling, { reads }),
    ...digestHandlers(handling, { reads }),
    ...historyHandlers(reads, tracked, handling, (turn, asker) =>
      requestNow(turn.args.card === 'approval' ? 'approval' : 'request', turn.args.requestId ?? '', asker),
    ),
    menu: asPerson(async (_turn, asker) => show(await answers.menu(asker))),
    home: asPerson(async (_turn, asker) => show(await answers.home(asker, 'home', noNews))),
    roles: asPerson(async (turn, asker) => show(await answers.roles(asker, turn.args, noNews))),
    status: asPerson(async (turn, asker) => show(await answers.status(asker, turn.args, null))),
    approvals: asPerson(async (turn, asker) => show(await answers.approvals(asker, turn.args, noNews))),

    ...takingHandlers({ reads, tracked }, handling),
    ...activationHandlers({ reads, answers, tracked }, handling, listAfter),

    approve: decide('approve'),
    deny: decide('deny'),
    'decide-several': asPerson(async (turn, asker) => {
      const { decision, requestIds } = turn.args;
      if (decision !== 'approve' && decision !== 'deny')
        return refused({ code: 'input-invalid', field: 'decision', problem: 'has to be approve or deny' }, turn);
      if (idsIn(requestIds).length === 0)
        return refused({ code: 'input-invalid', field: 'requestIds', problem: 'is empty: choose at least one' }, turn);
      return decideSeveral(decision, requestIds, turn, asker);
    }),

    'extend-form': lengthenForm('extend'),
    'renew-form': lengthenForm('renew'),
    extend: lengthen('extend'),
    renew: lengthen('renew'),

    cancel: asPerson(async (turn, asker) => {
      const outcome = await run(cancel, turn);
      if (turn.clicked && turn.args.view) return listed(turn, asker, outcome, phrases[turn.language].canceled);
      const card = turn.clicked ? await requestNow('request', turn.args.requestId ?? '', asker) : null;
      if (!outcome.accepted) return refusedAt(card, outcome.refusal, turn);
      return show(card) ?? said(turn, (say) => say.requestTakenBack);
    }),

    deactivate: asPerson(async (turn, asker) => {
      const ids = idsIn(turn.args.assignmentId);
      if (ids.length > 1) return deactivateSeveral(ids, turn, asker);
      const outcome = await run(deactivate, turn);
      if (turn.clicked && turn.args.view) return listed(turn, asker, outcome, phrases[turn.language].deactivating);
      const card = turn.clicked ? await assignmentNow(turn.args.assignmentId ?? '', asker) : null;
      if (!outcome.accepted) return refusedAt(card, outcome.refusal, turn);
      return show(card) ?? said(turn, (say) => say.accessIsEnding);
    }),

    invite: asPerson(async (turn, asker) => {
      // Typed without an address, or clicked in the menu: the form asks for the rest.
      if (!turn.args.email && !(turn.clicked && 'email' in turn.args)) {
        const forbidden = mayInvite(await reads.organisation(), asker.person, asker.held);
        return forbidden ? refused(forbidden, turn) : show(await answers.inviteForm(asker, turn.args, null));
      }
      const outcome = await run(invite, withInstants(turn));
      if (needsStepUp(outcome)) return toConfirm(outcome.refusal, turn, asker);
      if (!outcome.accepted) {
        if (!turn.clicked || ['not-allowed', 'invitations-off'].includes(outcome.refusal.code))
          return refused(outcome.refusal, turn);
        const problem = problemOf(outcome.refusal, turn);
        return { card: await answers.inviteForm(asker, turn.args, problem.text), problem };
      }
      const { email = '' } = turn.args;
      if (!outcome.answer.invitationId) {
        const invited = (await reads.person(outcome.answer.personId))?.externalUserState === 'PendingAcceptance';
        return said(turn, (say) => (invited ? say.assignedToInvited(email) : say.assigned(email)));
      }
      return turn.clicked ? said(turn, (say) => say.invited(email)) : null;
    }),
    resend: handleInvitation(resend, 'sentAgain'),
    revoke: handleInvitation(revoke, 'revoked'),

    audit: asPerson(async (turn, asker) => {
      const verify = turn.args.verify?.toLowerCase() === 'verify';
      const outcome = await run(verify ? verifyAudit : readAudit, { ...turn, args: {} });
      if (!outcome.accepted) return refused(outcome.refusal, turn);
      return show(await (verify ? answers.auditVerified() : answers.audit(asker, turn.args)));
    }),
    'audit-verify': (turn) => handle('audit', { ...turn, args: { verify: 'verify' } }),

    security: asPerson(async (turn, asker) => {
      const { act, email } = turn.args;
      if (act && act.toLowerCase() !== 'reset')
        return refused({ code: 'input-invalid', field: '', problem: 'may only say “reset” after “security”' }, turn);
      if (act) {
        const outcome = await run(security.reset, { ...turn, args: { email: email ?? '' } });
        if (!outcome.accepted) return refused(outcome.refusal, turn);
        const name = (await reads.person(outcome.answer.personId))?.displayName ?? '';
        return said(turn, (say) => say.credentialsReset(name));
      }
      const outcome = await run(security.open, { ...turn, args: {} });
      return outcome.accepted
        ? show(await security.card(outcome.answer.enrolmentId, asker))
        : refused(outcome.refusal, turn);
    }),

    show: asPerson(async (turn, asker) => {
      const { card, requestId = '' } = turn.args;
      const now = await requestNow(card === 'approval' ? 'approval' : 'request', requestId, asker);
      return show(now) ?? refused({ code: 'request-unknown' }, turn);
    }),

    language: asPerson(async (turn, asker) => {
      const chosen = turn.args.language;
      if (!chosen) return show({ card: 'language', data: { chosen: asker.person.language !== null } });
      const outcome = await run(chooseLanguage, turn);
      if (!outcome.accepted) return refused(outcome.refusal, turn);
      const person = await reads.person(asker.person.id);
      await presentHome(turn);
      const language = languageFor(person, turn.caller.account.locale);
      return { card: { card: 'language', data: { chosen: person?.language != null } }, language };
    }),

    link: async (turn) => {
      const { email = '' } = turn.args;
      if (turn.caller.account.personId) return refused({ code: 'already-linked' }, turn);
      if (!email.trim()) return show({ card: 'link', data: { organisation: (await reads.organisation()).name } });
      const outcome = await run(linking.requestCode, turn);
      if (!outcome.accepted) return refused(outcome.refusal, turn);
      return show({ card: 'link-code', data: { problem: null, email } });
    },

    code: async (turn) => {
      const { email = '', code = '' } = turn.args;
      if (!code.trim()) return show({ card: 'link-code', data: { problem: null, email } });
      const outcome = await run(linking.redeemCode, turn);
      if (outcome.accepted) {
        await presentHome(turn);
        return said(turn, (say) => say.linked);
      }
      const wrong = outcome.refusal.code === 'code-wrong' || outcome.refusal.code === 'code-spent';
      if (!wrong) return refused(outcome.refusal, turn);
      const { codeRefused } = phrases[turn.language];
      const card: CardOf = { card: 'link-code', data: { problem: codeRefused, email } };
      return { card, problem: { input: 'code', text: codeRefused } };
    },
  };

  const unknownVerb = asPerson(async (turn) =>
    refused({ code: 'input-invalid', field: '', problem: 'came from a card that is too old; nothing was done' }, turn),
  );

  const handle = (verb: string, turn: Turn): Promise<Answer> =>
    (Object.hasOwn(handlers, verb) ? (handlers[verb] as Handler) : unknownVerb)(turn);

  /** What was typed is no command: help, or what is unclear about it. */
  const explain = (parsed: Exclude<Parsed, { kind: 'command' }>): Handler =>
    asPerson(async ({ language }) =>
      show(
        parsed.kind === 'help'
          ? { card: 'help', data: parsed }
          : {
              card: 'refusal',
              data: {
                title: phrases[language].notUnderstood,
                text: parsed.problem,
                next: phrases[language].typeHelp,
                command: { title: phrases[language].help, verb: 'menu' },
              },
            },
      ),
    );

  /** From now on it is kept up to date; an administrator's is about the whole organisation. */
  const home: PersonHandler = async ({ caller }, asker) => {
    const id = await keepHome(caller.account, answers.oversees(asker) ? organisationSubject : asker.person.id);
    // It is shown at once, and once more by its job, which alone knows what came in between.
    await dispatch({ cards: [], homes: [id], assignments: [], deadlines: [] });
    return show(await answers.home(asker, 'home-page', noNews));
  };

  /** The page asked who they are: now it is theirs. */
  async function presentHome(turn: Turn): Promise<void> {
    const account = await reads.chatAccountById(turn.caller.account.id);
    if (!account || !surfaceOf(account.platform).present) return;
    await asPerson(home)({ ...turn, caller: { ...turn.caller, account } });
  }

  async function understand(turn: Turn): Promise<Answer> {
    const { event } = turn.incoming;
    switch (event.kind) {
      case 'opened':
        return handle('menu', turn);
      case 'home':
        return asPerson(home)(turn);
      case 'account':
        // What the standing page showed is no longer theirs to see.
        return turn.caller.account.personId ? null : handle('link', turn);
      case 'action':
        return handle(event.verb, { ...turn, args: argsOf(event.data) });
      case 'message': {
        const parsed = parse(visible(event.text), turn.language);
        return parsed.kind === 'command' ? handle(parsed.verb, { ...turn, args: parsed.args }) : explain(parsed)(turn);
      }
      default:
        return event satisfies never;
    }
  }

  async function answer(incoming: Incoming): Promise<Answer> {
    const { from, address, personal, timeZone, locale, event } = incoming;
    // News of an account that was never here is no news.
    if (event.kind === 'account' && !(await reads.chatAccount(from))) return null;
    const account = await recognise({
      platform: from.platform,
      tenantId: from.tenantId,
      userId: from.userId,
      address: address?.conversation ?? null,
      timeZone,
      locale,
      vouched: from.vouched,
      active: event.kind !== 'account' || event.active,
    });
    const surface = surfaceOf(from.platform);
    const person = account.personId ? await reads.person(account.personId) : null;
    const turn: Turn = {
      incoming,
      caller: { by: 'chat', account },
      args: {},
      ...readingOf(person, account, surface),
      clicked: event.kind === 'action',
    };
    const answered = await (personal ? understand(turn) : inPrivate(turn, surface));
    return answered && { language: turn.language, ...answered };
  }

  /** Where others read along, the answer goes to the personal chat; without one, nothing is done. */
  async function inPrivate(turn: Turn, surface: Surface): Promise<Answer> {
    const { address } = turn.caller.account;
    if (!address) return said(turn, (say) => say.inPrivate);
    const answered = await understand(turn);
    if (!answered) return said(turn, (say) => say.doneInPrivate);
    const delivery = await surface
      .deliver(
        { platform: surface.platform, conversation: address as Json },
        expand(answered.beside ?? answered.card, answered.language ?? turn.language),
      )
      .catch(() => null);
    return delivery?.outcome === 'delivered'
      ? said(turn, (say) => say.answeredInPrivate)
      : said(turn, (say) => say.notInPrivate);
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

  const replyOf = ({ language = 'en', ...answered }: NonNullable<Answer>): NonNullable<Reply> => ({
    card: expand(answered.card, language),
    ...(keptUpToDate.has(answered.card.card) ? { kept: true as const } : {}),
    ...(answered.problem ? { problem: answered.problem } : {}),
    ...(answered.beside ? { beside: expand(answered.beside, language) } : {}),
  });

  return async (incoming) => {
    const once = incoming.event.kind === 'message' || incoming.event.kind === 'opened';
    if (once && !(await mine(incoming.key))) return null;
    try {
      const answered = await answer(incoming);
      if (answered && once) return { ...replyOf(answered), gotThrough: (itDid) => settle(incoming.key, itDid) };
      if (once) await received.done(incoming.key);
      return answered && replyOf(answered);
    } catch (error) {
      if (once) await received.release(incoming.key);
      throw error;
    }
  };
}
