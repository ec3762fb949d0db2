import type { OpenCommand, Outcome, PersonCommand } from '../../commands/execute.ts';
import type { Caller } from '../../commands/who.ts';
import type { Language } from '../../domain/language.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { CardOf } from '../../notifications/cards.ts';
import type { Reading } from '../../notifications/sentence.ts';
import type { Incoming, Reply } from '../surface.ts';
import type { Args, Asker } from './asker.ts';
import type { Phrases, Said } from './phrases.ts';

/** One thing that somebody said or clicked. */
export interface Turn extends Reading {
  readonly incoming: Incoming;
  readonly caller: Extract<Caller, { by: 'chat' }>;
  readonly args: Args;
  /** A click on a card, which the answer takes the place of. */
  readonly clicked: boolean;
}

/** What is said, as a {@link Reply} whose cards are not expanded yet. */
export type Answer = {
  readonly card: CardOf;
  readonly problem?: NonNullable<Reply>['problem'];
  readonly beside?: CardOf;
  /** Of who reads it, where it is another since they have said so. */
  readonly language?: Language;
} | null;

export type Handler = (turn: Turn) => Promise<Answer>;
export type PersonHandler = (turn: Turn, asker: Asker) => Promise<Answer>;
export type Handlers = Readonly<Record<string, Handler>>;

export type StepUpNeeded = Extract<Refusal, { code: 'step-up-needed' }>;

export const needsStepUp = (
  outcome: Outcome<unknown>,
): outcome is { readonly accepted: false; readonly refusal: StepUpNeeded } =>
  !outcome.accepted && outcome.refusal.code === 'step-up-needed';

export const show = (card: CardOf | null): Answer => card && { card };

/** What handlers in files of their own need of the conversation. */
export interface Handling {
  /** Runs a command with the turn's arguments; `part` tells apart what one event does several times. */
  run<Input, State, Answered>(
    command: PersonCommand<Input, State, Answered> | OpenCommand<Input, State, Answered>,
    turn: Turn,
    part?: string,
  ): Promise<Outcome<Answered>>;
  /** For people who are known and in standing; anybody else gets the way to become so. */
  asPerson(handle: PersonHandler): Handler;
  refused(refusal: Refusal, turn: Turn): Answer;
  /** A click's answer takes the place of its card: what refuses it is said beside, and the card stays, as it is now. */
  refusedAt(card: CardOf | null, refusal: Refusal, turn: Turn): Answer;
  problemOf(refusal: Refusal, turn: Turn): NonNullable<NonNullable<Reply>['problem']>;
  said(turn: Turn, phrase: (say: Phrases) => Said): Answer;
  /** What was said is kept until whoever said it has confirmed that it is them. */
  toConfirm(refusal: StepUpNeeded, turn: Turn, asker: Asker): Promise<Answer>;
  /** An instant that somebody typed is meant in their own time zone. */
  withInstants(turn: Turn): Turn;
}
