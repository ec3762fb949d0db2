import { z } from 'zod';
import type { Actor } from '../domain/audit.ts';
import { accept, type Context, type Decision, refuse, together } from '../domain/change.ts';
import { type Credential, type CredentialKind, inUse, type Passkey } from '../domain/credential.ts';
import type { CredentialSecrets } from '../domain/credential-secrets.ts';
import { addMinutes } from '../domain/duration.ts';
import { confirmEnrolment } from '../domain/enrolling.ts';
import type { EnrolmentId, RequestId } from '../domain/ids.ts';
import { passStepUp, type Shown } from '../domain/pass-step-up.ts';
import { type Person, standing } from '../domain/person.ts';
import { isExceptional } from '../domain/request.ts';
import type { StepUp, StepUpPurpose } from '../domain/step-up.ts';
import { acceptedStep } from '../domain/totp.ts';
import { goOnActivating } from './activate.ts';
import { assignConfirmed, updateConfirmed } from './administer.ts';
import { approveConfirmed } from './decide.ts';
import type { OpenCommand, PersonCommand } from './execute.ts';
import type { Extending } from './extend.ts';
import type { createConfirmedInvite } from './invite.ts';
import { isRefusal, type Refused } from './lookups.ts';
import type { Reads } from './ports.ts';
import { goOnTaking } from './take-access.ts';
import { personInStanding } from './who.ts';

/** Passkeys as the address of this installation can be used for them (W3C Web Authentication, Level 3). */
export interface Passkeys {
  /** False where the address is none that a passkey can be bound to. */
  readonly usable: boolean;
  /** What the browser hands to the authenticator. */
  optionsToEnrol(person: Person, challenge: string, known: readonly Passkey[]): Promise<unknown>;
  optionsToConfirm(challenge: string, own: readonly Passkey[]): Promise<unknown>;
  /** The new passkey, if the answer is one to this challenge, from this address, and the user was verified. */
  enrolled(answer: unknown, challenge: string): Promise<Passkey | null>;
  /** The passkey's new counter, if the answer is its signature of this challenge, from this address, with the user verified. */
  confirmed(answer: unknown, challenge: string, passkey: Passkey): Promise<number | null>;
}

/** An answer of a browser, as JSON; `null` if it is none. */
export function answerIn(text: string): { readonly id?: unknown } | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : null;
  } catch {
    return null;
  }
}

/** A step-up as its link leads to it. */
export interface Asked {
  readonly stepUp: StepUp;
  readonly person: Person;
  /** What they have enrolled and not removed. */
  readonly credentials: readonly Credential[];
}

/** What a link leads to. Refuses `link-stale`, and people who are not in standing. */
export async function findStepUp(reads: Reads, secrets: CredentialSecrets, token: string): Promise<Asked | Refused> {
  const id = secrets.readStepUpToken(token);
  const stepUp = id && (await reads.stepUp(id));
  const person = stepUp && (await reads.person(stepUp.personId));
  if (!stepUp || !person) return { refusal: { code: 'link-stale' } };
  const fault = standing(person);
  if (fault) return { refusal: { code: fault } };
  return { stepUp, person, credentials: inUse(await reads.credentialsOf(person.id)) };
}

type GoOn = (actor: Actor, context: Context) => Decision<unknown>;

/** Commands that may wait for whoever gave them to confirm that it is them, as they go on then. */
export interface KeptCommands {
  readonly invite: ReturnType<typeof createConfirmedInvite>;
  readonly extending: Extending['confirmed'];
}

/** A command that was kept, judged as if it were given now. */
const goOnWith =
  <Input, State extends object, Answer>(command: PersonCommand<Input, State, Answer>) =>
  async (reads: Reads, { personId, wish }: StepUp, now: Date): Promise<GoOn | Refused> => {
    const caller = await personInStanding(reads, personId, now);
    if ('code' in caller) return { refusal: caller };
    const given = command.input.parse(wish);
    const state = await command.load(reads, given, caller, now);
    if (isRefusal(state)) return state;
    return (actor, context) => command.decide(state, given, { ...caller, actor }, context);
  };

type GoingOn = (reads: Reads, stepUp: StepUp, now: Date) => Promise<GoOn | Refused>;

/** What goes on when a step-up is passed, by its purpose: decided with it, and written with it. */
const goingOnWith = ({ invite, extending }: KeptCommands): Record<StepUpPurpose, GoingOn> => ({
  activate: async (reads, { subjectId, personId }, now) => {
    const caller = await personInStanding(reads, personId, now);
    if ('code' in caller) return { refusal: caller };
    const kept = await reads.request(subjectId as RequestId);
    if (!kept) return { refusal: { code: 'request-unknown' } };
    return isExceptional(kept) ? goOnTaking(reads, kept, caller, now) : goOnActivating(reads, kept, caller, now);
  },
  decide: goOnWith(approveConfirmed),
  enrol: async (reads, { subjectId, personId }) => {
    const enrolment = await reads.enrolment(subjectId as EnrolmentId);
    if (!enrolment) return { refusal: { code: 'enrolment-spent' } };
    const credentials = await reads.credentialsOf(personId);
    return (_actor, context) => confirmEnrolment(enrolment, credentials, context);
  },
  administer: (reads, stepUp, now) => {
    const commands: Readonly<Record<string, GoingOn>> = {
      assign: goOnWith(assignConfirmed),
      update: goOnWith(updateConfirmed),
      invite: goOnWith(invite),
      extend: goOnWith(extending.extend),
      renew: goOnWith(extending.renew),
    };
    const goOn = commands[stepUp.wish?.command ?? ''];
    if (!goOn) throw new Error(`step-up ${stepUp.id} was asked for by no command that can wait`);
    return goOn(reads, stepUp, now);
  },
});

interface State {
  readonly asked: Asked;
  readonly recent: readonly StepUp[];
  readonly goOn: GoOn;
  readonly shown: Shown;
}

interface Input {
  readonly token: string;
  readonly kind: CredentialKind;
  readonly answer: string;
}

/** Passing a step-up: by a passkey's signature, or by a code. */
export function createStepUp(secrets: CredentialSecrets, passkeys: Passkeys, kept: KeptCommands) {
  const goingOn = goingOnWith(kept);

  async function byPasskey({ stepUp, credentials }: Asked, text: string): Promise<Credential | null> {
    const answer = answerIn(text);
    const passkey = credentials.find((one) => one.kind === 'passkey' && one.keyId === answer?.id);
    if (passkey?.kind !== 'passkey') return null;
    const counter = await passkeys.confirmed(answer, secrets.challengeOf(stepUp), passkey);
    return counter === null ? null : { ...passkey, counter };
  }

  function byCode({ credentials }: Asked, code: string, now: Date): Credential | null {
    for (const app of credentials) {
      if (app.kind !== 'totp') continue;
      const lastStep = acceptedStep(secrets.open(app.id, app.sealedSecret), code, now, app.lastStep);
      if (lastStep !== null) return { ...app, lastStep };
    }
    return null;
  }

  const pass: OpenCommand<Input, State, { stepUp: Pick<StepUp, 'purpose' | 'subjectId'> }> = {
    name: 'step-up',
    for: 'anyone',
    input: z.object({
      token: z.string().max(200),
      kind: z.enum(['passkey', 'totp']),
      answer: z.string().max(20_000),
    }),
    load: async (reads, { token, kind, answer }, _caller, now) => {
      const asked = await findStepUp(reads, secrets, token);
      if (isRefusal(asked)) return asked;
      const goOn = await goingOn[asked.stepUp.purpose](reads, asked.stepUp, now);
      if (isRefusal(goOn)) return goOn;
      return {
        asked,
        goOn,
        recent: await reads.stepUpsSince(asked.person.id, addMinutes(now, -60)),
        shown: { kind, used: kind === 'passkey' ? await byPasskey(asked, answer) : byCode(asked, answer, now) },
      };
    },
    decide: ({ asked: { stepUp, person }, recent, goOn, shown }, _input, linkActor, context) => {
      const actor: Actor = { ...linkActor, personId: person.id };
      const passed = passStepUp(stepUp, shown, recent, actor, context);
      if (!passed.accepted) return passed;
      const then = goOn(actor, context);
      if (!then.accepted) return refuse(then.refusal, then.change);
      const { purpose, subjectId } = stepUp;
      return accept({ stepUp: { purpose, subjectId } }, together(passed.change, then.change));
    },
  };

  return { pass };
}
