import type { z } from 'zod';
import type { Actor } from '../domain/audit.ts';
import type { Change, Context, Decision } from '../domain/change.ts';
import type { Refusal } from '../domain/refusal.ts';
import {
  AlreadyAnswered,
  type Clock,
  Conflict,
  type Dispatch,
  type PlanTelling,
  type Reads,
  type Writes,
} from './ports.ts';
import { actorOf, type Caller, type PersonCaller, resolvePerson } from './who.ts';

/** A command that a person gives: what it takes, what it has to know, and how it is decided. */
export interface PersonCommand<Input, State, Answer> {
  readonly name: string;
  readonly for: 'person';
  readonly input: z.ZodType<Input>;
  /** Loads what the decision needs; refuses what can't be found, and what the caller may not do. */
  load(reads: Reads, input: Input, caller: PersonCaller, now: Date): Promise<State | { readonly refusal: Refusal }>;
  decide(state: State, input: Input, caller: PersonCaller, context: Context): Decision<Answer>;
}

/** A command for callers who need not be known: linking an account, redeeming an invitation. */
export interface OpenCommand<Input, State, Answer> {
  readonly name: string;
  readonly for: 'anyone';
  readonly input: z.ZodType<Input>;
  load(reads: Reads, input: Input, caller: Caller, now: Date): Promise<State | { readonly refusal: Refusal }>;
  decide(state: State, input: Input, actor: Actor, context: Context): Decision<Answer>;
}

export type Outcome<Answer> =
  | { readonly accepted: true; readonly answer: Answer }
  | { readonly accepted: false; readonly refusal: Refusal };

export interface Call {
  readonly caller: Caller;
  /** As it came from outside; parsed by the command. */
  readonly input: unknown;
  /** The same for every delivery of the same event. */
  readonly key: string;
}

/** Something of Usher's own to decide: it is due, or a target system has answered. */
export interface Matter {
  readonly id: string;
  /** The deadline that deciding it settles, if it is about one. */
  readonly deadlineId?: string;
}

/** Decides matters as they stand now, one decision each, in their order. */
export type DecideMatters<M extends Matter> = (matters: readonly M[], context: Context) => Promise<Decision<unknown>[]>;

/**
 * Runs a command: parse → who is it → may they, and what is there → decide → save → answer. The same key twice gives
 * the same answer and one effect. Refusals are answers; only faults are thrown.
 */
export type Execute = <Input, State, Answer>(
  command: PersonCommand<Input, State, Answer> | OpenCommand<Input, State, Answer>,
  call: Call,
) => Promise<Outcome<Answer>>;

export interface Pipeline {
  readonly execute: Execute;
  /** Decides and saves many at once: in one transaction where nothing has moved meanwhile, else one by one. */
  readonly settle: <M extends Matter>(matters: readonly M[], decide: DecideMatters<M>) => Promise<void>;
}

const attempts = 8;

/** What went wrong with an input, for the person who gave it. */
const invalid = (error: z.ZodError): Refusal => {
  const [issue] = error.issues;
  return { code: 'input-invalid', field: issue?.path.join('.') ?? '', problem: issue?.message ?? 'is not understood' };
};

const outcomeOf = <Answer>(decision: Decision<Answer>): Outcome<Answer> =>
  decision.accepted ? { accepted: true, answer: decision.answer } : { accepted: false, refusal: decision.refusal };

const isEmpty = (change: Change): boolean => Object.values(change).every((part) => part.length === 0);

/** JSON gives dates back as text; refusals carry a few. */
const revived = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (_key, inner) =>
    typeof inner === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(inner) ? new Date(inner) : inner,
  );

export function createPipeline(parts: {
  readonly reads: Reads;
  readonly writes: Writes;
  readonly plan: PlanTelling;
  readonly dispatch: Dispatch;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly random: () => number;
}): Pipeline {
  const { reads, writes, plan, dispatch, clock, newId, random } = parts;

  const pause = (attempt: number) =>
    new Promise((resolve) => setTimeout(resolve, random() * Math.min(400, 10 * 2 ** attempt)));

  /** Decides anew whenever somebody else was faster. */
  async function untilSettled<T>(once: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await once();
      } catch (error) {
        if (!(error instanceof Conflict) || attempt === attempts) throw error;
        await pause(attempt);
      }
    }
  }

  async function save(
    changes: readonly Change[],
    at: Date,
    more: Pick<Parameters<Writes['commit']>[0], 'answer' | 'settledDeadlines'>,
  ): Promise<void> {
    const telling = await plan(
      changes.flatMap((change) => change.events),
      at,
    );
    const owed = await writes.commit({ at, changes, telling, ...more });
    await dispatch(owed);
  }

  async function decideFor<Input, State, Answer>(
    command: PersonCommand<Input, State, Answer> | OpenCommand<Input, State, Answer>,
    input: Input,
    caller: Caller,
    context: Context,
  ): Promise<Decision<Answer> | { readonly refusal: Refusal }> {
    if (command.for === 'anyone') {
      const state = await command.load(reads, input, caller, context.now);
      return isRefused(state) ? state : command.decide(state, input, actorOf(caller), context);
    }
    const person = await resolvePerson(reads, caller, context.now);
    if ('code' in person) return { refusal: person };
    const state = await command.load(reads, input, person, context.now);
    return isRefused(state) ? state : command.decide(state, input, person, context);
  }

  const execute: Execute = async (command, { caller, input: given, key }) => {
    const parsed = command.input.safeParse(given);
    if (!parsed.success) return { accepted: false, refusal: invalid(parsed.error) };
    const idempotencyKey = `${command.name}:${key}`;
    type Answered = Outcome<Awaited<ReturnType<typeof command.decide>> extends Decision<infer A> ? A : never>;
    const before = (await reads.answered(idempotencyKey)) as Answered | null;
    if (before) return revived(before) as Answered;
    try {
      return await untilSettled(async () => {
        const now = clock();
        const decision = await decideFor(command, parsed.data, caller, { now, newId });
        const outcome =
          'accepted' in decision ? outcomeOf(decision) : { accepted: false as const, refusal: decision.refusal };
        if ('accepted' in decision && (decision.accepted || !isEmpty(decision.change))) {
          await save([decision.change], now, { answer: { key: idempotencyKey, answer: outcome } });
          return outcome;
        }
        // A plain refusal changes nothing; asked again, it is judged again. It may be one only because another delivery
        // of the same event went through meanwhile: that one's answer counts.
        const meanwhile = (await reads.answered(idempotencyKey)) as Answered | null;
        return meanwhile ? (revived(meanwhile) as Answered) : outcome;
      });
    } catch (error) {
      if (error instanceof AlreadyAnswered) return revived(await reads.answered(idempotencyKey)) as Answered;
      throw error;
    }
  };

  async function settleTogether<M extends Matter>(matters: readonly M[], decide: DecideMatters<M>): Promise<void> {
    const now = clock();
    const changes = (await decide(matters, { now, newId })).map((decision) => decision.change);
    const settledDeadlines = matters.flatMap(({ deadlineId }) => deadlineId ?? []);
    const effective = changes.filter((change) => !isEmpty(change));
    if (effective.length + settledDeadlines.length > 0) await save(effective, now, { settledDeadlines });
  }

  async function settle<M extends Matter>(matters: readonly M[], decide: DecideMatters<M>): Promise<void> {
    if (matters.length === 0) return;
    try {
      await settleTogether(matters, decide);
    } catch (error) {
      if (matters.length === 1 && !(error instanceof Conflict)) throw error;
      // One that can't be settled must not hold up the others.
      const faults: unknown[] = [];
      for (const matter of matters)
        await untilSettled(() => settleTogether([matter], decide)).catch((fault: unknown) => faults.push(fault));
      if (faults.length > 0) throw faults[0];
    }
  }

  return { execute, settle };
}

const isRefused = <State>(state: State | { readonly refusal: Refusal }): state is { readonly refusal: Refusal } =>
  typeof state === 'object' && state !== null && 'refusal' in state;
