import type { Logger } from 'pino';
import type { Reads } from '../commands/ports.ts';
import type { ChatAccount } from '../domain/chat-account.ts';
import type { PersonId } from '../domain/ids.ts';
import type { Person } from '../domain/person.ts';
import type { Card, ChatAddress, Surface } from '../surfaces/surface.ts';
import type { CardOf } from './cards.ts';
import type { Reader, TrackedCardName, TrackedCards } from './tracked.ts';

/** A copy of a card as the store keeps it. */
export interface CardCopy {
  readonly id: string;
  readonly name: TrackedCardName;
  readonly subjectId: string;
  readonly recipientId: PersonId;
  readonly channel: 'chat' | 'mail';
  readonly wanted: number;
  /** Where it was posted; `null` until it was. */
  readonly posted: {
    readonly platform: 'teams' | 'slack' | 'mail';
    readonly address: unknown;
    readonly messageId: string;
  } | null;
  readonly latest: boolean;
}

/** The cards' part of the store. */
export interface CardCopies {
  /** Takes the copy for 20 seconds, which is longer than any channel may take, if something is owed to it and nobody else has it; else `null`. */
  lease(id: string): Promise<CardCopy | null>;
  /** Notes what is shown now and gives the copy back; true when more is wanted already. */
  shown(id: string, version: number, posted: CardCopy['posted']): Promise<boolean>;
  /** Gives it back undone: the queue will try again soon. */
  release(id: string): Promise<void>;
  /** No channel carries it. */
  giveUp(id: string, failure: string): Promise<void>;
  failed(id: string): Promise<{ recipientId: PersonId; name: string; failure: string } | null>;
  markUnreachable(accountId: ChatAccount['id'], reason: string): Promise<void>;
}

/** Sends one mail; the same `messageId` is the same mail. @throws {RetryLater} when the server is down or busy. */
export interface MailSurface {
  send(mail: { readonly to: string; readonly messageId: string; readonly card: Card }): Promise<void>;
  formatTime(instant: Date): string;
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
  readonly reads: Reads;
  readonly expand: (card: CardOf) => Card;
  readonly surfaces: readonly Surface[];
  readonly mail: MailSurface;
  readonly log: Logger;
}): DeliverCard {
  const { copies, cards, reads, expand, surfaces, mail, log } = parts;
  const surfaceOf = (platform: string) => surfaces.find((surface) => surface.platform === platform);

  async function render(copy: CardCopy, time: Reader['time']): Promise<Card | null> {
    const { name, subjectId, recipientId, latest } = copy;
    const shown = await cards.show(name, subjectId, { personId: recipientId, time, latest });
    return shown && expand(shown);
  }

  async function replace(copy: CardCopy, posted: NonNullable<CardCopy['posted']>): Promise<CardCopy['posted']> {
    const surface = surfaceOf(posted.platform);
    // A mail can't be changed, and a platform that is switched off can't be reached.
    if (!surface) return posted;
    const account = (await reads.chatAccountsOf(copy.recipientId)).find((own) => own.platform === posted.platform);
    const reader = { timeZone: account?.timeZone ?? null, locale: account?.locale ?? null };
    const card = await render(copy, (instant) => surface.formatTime(instant, reader));
    if (!card) return posted;
    const address = { platform: surface.platform, conversation: posted.address } as ChatAddress;
    const outcome = await surface.replace(address, posted.messageId, card);
    if (outcome.outcome === 'gone') log.info({ cardId: copy.id, reason: outcome.reason }, 'a card is no longer there');
    return posted;
  }

  async function postToChat(copy: CardCopy, lastResort: boolean): Promise<CardCopy['posted']> {
    for (const account of await reads.chatAccountsOf(copy.recipientId)) {
      const surface = surfaceOf(account.platform);
      if (!surface || !account.address || account.unreachable) continue;
      const card = await render(copy, (instant) => surface.formatTime(instant, account));
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
      log.warn({ cardId: copy.id, accountId: account.id, reason: delivery.reason }, 'a chat account is unreachable');
      await copies.markUnreachable(account.id, delivery.reason);
    }
    return null;
  }

  async function postByMail(copy: CardCopy, { mail: to }: Person): Promise<CardCopy['posted']> {
    const card = await render(copy, mail.formatTime);
    if (!card) return null;
    const messageId = `${copy.id}@usher`;
    await mail.send({ to, messageId, card });
    return { platform: 'mail', address: null, messageId };
  }

  async function bringUpToDate(copy: CardCopy, lastResort: boolean): Promise<CardCopy['posted']> {
    const recipient = await reads.person(copy.recipientId);
    // Who may no longer act is no longer told.
    if (!recipient?.accountEnabled) return copy.posted;
    if (copy.posted) return replace(copy, copy.posted);
    const inChat = copy.channel === 'chat' ? await postToChat(copy, lastResort) : null;
    return inChat ?? postByMail(copy, recipient);
  }

  return async (cardId, lastResort) => {
    for (let more = true; more; ) {
      const copy = await copies.lease(cardId);
      if (!copy) return;
      try {
        const posted = await bringUpToDate(copy, lastResort);
        more = await copies.shown(copy.id, copy.wanted, posted);
      } catch (error) {
        await copies.release(copy.id);
        throw error;
      }
    }
  };
}
