import type { Logger } from 'pino';
import type { Clock, Reads } from '../commands/ports.ts';
import type { ChatAccount } from '../domain/chat-account.ts';
import type { PersonId } from '../domain/ids.ts';
import { type Language, languageFor, localeIn } from '../domain/language.ts';
import type { Person } from '../domain/person.ts';
import { quietUntil, timeZoneOf } from '../domain/quiet-hours.ts';
import type { Card, ChatAddress, Surface } from '../surfaces/surface.ts';
import type { CardOf } from './cards.ts';
import type { Reading } from './sentence.ts';
import type { TrackedCardName, TrackedCards } from './tracked.ts';

/** A copy of a card as the store keeps it. */
export interface CardCopy {
  readonly id: string;
  /** Of a standing page, `home`. */
  readonly name: TrackedCardName | 'home';
  readonly subjectId: string;
  /** `null`: nobody here, but a mail address. */
  readonly recipientId: PersonId | null;
  readonly mailTo: string | null;
  readonly channel: 'chat' | 'mail' | 'home';
  /** It can be held back in quiet hours. */
  readonly canWait: boolean;
  readonly wanted: number;
  /** Where it was posted; `null` until it was. */
  readonly posted: {
    readonly platform: 'teams' | 'slack' | 'mail';
    readonly address: unknown;
    readonly messageId: string;
  } | null;
  readonly latest: boolean;
}

/** A copy at somebody who is here. */
type PersonsCopy = CardCopy & { readonly recipientId: PersonId };
const isPersons = (copy: CardCopy): copy is PersonsCopy => copy.recipientId !== null;

/** The cards' part of the store. */
export interface CardCopies {
  /** Takes the copy for 20 seconds, which is longer than any channel may take, if something is owed to it and nobody else has it; else `null`. */
  lease(id: string): Promise<CardCopy | null>;
  /** Notes what is shown now and gives the copy back; true when more is wanted already. */
  shown(id: string, version: number, posted: CardCopy['posted']): Promise<boolean>;
  /** Gives it back undone: the queue will try again soon. */
  release(id: string): Promise<void>;
  /** Gives it back: it is not to be posted before this. */
  holdBack(id: string, until: Date): Promise<void>;
  /** No channel carries it. */
  giveUp(id: string, failure: string): Promise<void>;
  failed(id: string): Promise<{
    recipientId: PersonId | null;
    mailTo: string | null;
    name: string;
    subjectId: string;
    failure: string;
  } | null>;
  markUnreachable(accountId: ChatAccount['id'], reason: string): Promise<void>;
  /** The copy that this message is, if it is one that is kept up to date. */
  copyAt(platform: string, messageId: string): Promise<string | null>;
  /** This account's standing page was opened: it is owed, and kept up to date for a day. Returns its id. */
  keepHome(account: ChatAccount, subjectId: string): Promise<string>;
}

/** Sends one mail; the same `messageId` is the same mail. @throws {RetryLater} when the server is down or busy. */
export interface MailSurface {
  send(mail: { readonly to: string; readonly messageId: string; readonly card: Card }): Promise<void>;
  formatTime: Surface['formatTime'];
}

/** How somebody reads what comes by this channel. */
export function readingOf(
  person: Person | null,
  account: Pick<ChatAccount, 'timeZone' | 'locale'> | undefined,
  { formatTime }: Pick<Surface, 'formatTime'>,
): Reading {
  const language = languageFor(person, account?.locale);
  const reader = { timeZone: account?.timeZone ?? null, locale: localeIn(language, account?.locale ?? null) };
  return { language, time: (instant) => formatTime(instant, reader) };
}

/** @param lastResort the channel had its last try: what can't be posted in chat goes by mail now. */
export type DeliverCard = (cardId: string, lastResort: boolean) => Promise<void>;

/**
 * Brings one copy of a card to what its subject says now: posts it if it never was, replaces it if it was. Chat first;
 * by mail where there is no chat account that can be reached. Repeating it does no harm, and of two at once one does
 * the work. A crash between the platform's answer and the note of it posts a second copy: the platform takes no key.
 * @throws {RetryLater} when the channel is busy or down.
 */
export function createDeliverCard(parts: {
  readonly copies: CardCopies;
  readonly cards: TrackedCards;
  /** What a person's standing page shows now; a refusal for somebody who may see nothing. */
  readonly home: (personId: PersonId, reading: Reading) => Promise<CardOf>;
  readonly reads: Reads;
  readonly expand: (card: CardOf, language: Language) => Card;
  readonly surfaces: readonly Surface[];
  readonly mail: MailSurface;
  readonly clock: Clock;
  readonly log: Logger;
}): DeliverCard {
  const { copies, cards, home, reads, expand, surfaces, mail, clock, log } = parts;
  const surfaceOf = (platform: string) => surfaces.find((surface) => surface.platform === platform);

  async function render(copy: CardCopy, reading: Reading): Promise<Card | null> {
    const { name, subjectId, recipientId, latest } = copy;
    if (name === 'home') return null;
    const shown = await cards.show(name, subjectId, { personId: recipientId, ...reading, latest });
    return shown && expand(shown, reading.language);
  }

  /** To an address that settings name: nobody here reads it, so there is nothing to click. */
  async function mailTo(copy: CardCopy, to: string): Promise<CardCopy['posted']> {
    const card = await render(copy, readingOf(null, undefined, mail));
    if (!card) return null;
    const messageId = `${copy.id}@usher`;
    await mail.send({ to, messageId, card: { ...card, actions: [] } });
    return { platform: 'mail', address: null, messageId };
  }

  async function replace(
    copy: PersonsCopy,
    posted: NonNullable<CardCopy['posted']>,
    recipient: Person,
  ): Promise<CardCopy['posted']> {
    const surface = surfaceOf(posted.platform);
    // A mail can't be changed, and a platform that is switched off can't be reached.
    if (!surface) return posted;
    const account = (await reads.chatAccountsOf(copy.recipientId)).find((own) => own.platform === posted.platform);
    const card = await render(copy, readingOf(recipient, account, surface));
    if (!card) return posted;
    const address = { platform: surface.platform, conversation: posted.address } as ChatAddress;
    const outcome = await surface.replace(address, posted.messageId, card);
    if (outcome.outcome === 'gone') log.info({ cardId: copy.id, reason: outcome.reason }, 'a card is no longer there');
    return posted;
  }

  /** Only where the account is still this person's: its page may have been shown to whoever had it before. */
  async function present(copy: PersonsCopy, posted: NonNullable<CardCopy['posted']>): Promise<CardCopy['posted']> {
    const surface = surfaceOf(posted.platform);
    const account = (await reads.chatAccountsOf(copy.recipientId)).find(({ id }) => id === posted.messageId);
    if (!surface?.present || !account?.address) return posted;
    const reading = readingOf(await reads.person(copy.recipientId), account, surface);
    const shown = await home(copy.recipientId, reading);
    const address = { platform: surface.platform, conversation: account.address } as ChatAddress;
    await surface.present(address, expand(shown, reading.language));
    return posted;
  }

  async function postToChat(copy: PersonsCopy, recipient: Person, lastResort: boolean): Promise<CardCopy['posted']> {
    for (const account of await reads.chatAccountsOf(copy.recipientId)) {
      const surface = surfaceOf(account.platform);
      if (!surface || !account.address || account.unreachable) continue;
      const card = await render(copy, readingOf(recipient, account, surface));
      if (!card) return null;
      const address = { platform: surface.platform, conversation: account.address } as ChatAddress;
      const delivery = await surface.deliver(address, card).catch((error: unknown) => {
        // The last try: whatever this chat's fault is, the mail goes.
        if (lastResort) return null;
        throw error;
      });
      if (!delivery) continue;
      if (delivery.outcome === 'delivered')
        return { platform: surface.platform, address: account.address, messageId: delivery.messageId };
      log.warn({ cardId: copy.id, accountId: account.id, reason: delivery.reason }, 'a chat account is not reached');
      if (delivery.outcome === 'unreachable') await copies.markUnreachable(account.id, delivery.reason);
    }
    return null;
  }

  async function postByMail(copy: PersonsCopy, recipient: Person): Promise<CardCopy['posted']> {
    // A mail server tells nothing of who reads: what their chat told last, if they have one.
    const [account] = await reads.chatAccountsOf(copy.recipientId);
    const card = await render(copy, readingOf(recipient, account, mail));
    if (!card) return null;
    const { mail: to } = recipient;
    const messageId = `${copy.id}@usher`;
    await mail.send({ to, messageId, card });
    return { platform: 'mail', address: null, messageId };
  }

  /** Until when its reader has quiet hours, if it can wait for that. What was posted already makes no noise. */
  async function heldBackUntil({ canWait, posted, recipientId }: CardCopy): Promise<Date | null> {
    const quiet = canWait && !posted && recipientId ? (await reads.person(recipientId))?.quiet : null;
    if (!quiet || !recipientId) return null;
    return quietUntil(quiet, timeZoneOf(await reads.chatAccountsOf(recipientId)), clock());
  }

  async function bringUpToDate(copy: CardCopy, lastResort: boolean): Promise<CardCopy['posted']> {
    if (!isPersons(copy)) return copy.posted ?? (copy.mailTo ? mailTo(copy, copy.mailTo) : null);
    const recipient = await reads.person(copy.recipientId);
    if (copy.channel === 'home') return copy.posted && present(copy, copy.posted);
    // Who may no longer act is no longer told.
    if (!recipient?.accountEnabled) return copy.posted;
    if (copy.posted) return replace(copy, copy.posted, recipient);
    const inChat = copy.channel === 'chat' ? await postToChat(copy, recipient, lastResort) : null;
    return inChat ?? postByMail(copy, recipient);
  }

  return async (cardId, lastResort) => {
    for (let more = true; more; ) {
      const copy = await copies.lease(cardId);
      if (!copy) return;
      try {
        const until = await heldBackUntil(copy);
        if (until) return await copies.holdBack(copy.id, until);
        const posted = await bringUpToDate(copy, lastResort);
        more = await copies.shown(copy.id, copy.wanted, posted);
      } catch (error) {
        await copies.release(copy.id);
        throw error;
      }
    }
  };
}
