import { z } from 'zod';
import { acts, may, notAllowed } from '../domain/authorisation.ts';
import { accept } from '../domain/change.ts';
import type { Credential, Passkey } from '../domain/credential.ts';
import type { CredentialSecrets } from '../domain/credential-secrets.ts';
import { type Enrolling, enrolCredential, removeCredential, resetCredentials } from '../domain/enrol-credential.ts';
import { faultInEnrolment, newEnrolment, openEnrolment } from '../domain/enrolling.ts';
import type { CredentialId, EnrolmentId, PersonId, StepUpId } from '../domain/ids.ts';
import { newStepUp } from '../domain/pass-step-up.ts';
import { type Person, standing } from '../domain/person.ts';
import { directoryScope } from '../domain/scope.ts';
import { acceptedStep } from '../domain/totp.ts';
import type { OpenCommand, PersonCommand } from './execute.ts';
import { isRefusal, type Refused } from './lookups.ts';
import type { Reads } from './ports.ts';
import { type Asked, answerIn, findStepUp, type Passkeys } from './step-up.ts';
import type { Caller } from './who.ts';

const link = { token: z.string().max(200) };

/** An enrolment as its link or its page leads to it. Refuses `enrolment-spent`, and people who are not in standing. */
export async function findEnrolment(
  reads: Reads,
  secrets: CredentialSecrets,
  token: string,
  leadsTo: 'link' | 'page',
): Promise<Enrolling | Refused> {
  const id = secrets.readEnrolmentToken(token, leadsTo);
  const enrolment = id && (await reads.enrolment(id));
  const person = enrolment && (await reads.person(enrolment.personId));
  if (!enrolment || !person) return { refusal: { code: 'enrolment-spent' } };
  const fault = standing(person);
  if (fault) return { refusal: { code: fault } };
  return { enrolment, person, credentials: await reads.credentialsOf(person.id) };
}

const byLink = (caller: Caller): PersonId | null => (caller.by === 'link' ? caller.personId : null);

/** Whether somebody administers access at the directory: only those who administer everything reset them. */
async function privileged(reads: Reads, { id }: Person, now: Date): Promise<boolean> {
  const [held, eligible] = await Promise.all([reads.heldRoles(id, now), reads.openEligiblesOf(id)]);
  return [...held, ...eligible].some(({ scopeId }) => scopeId === directoryScope);
}

/** Setting up, changing and resetting how people confirm that it is them. */
export function createCredentials(secrets: CredentialSecrets, passkeys: Passkeys) {
  /** A linked chat account shows who they are: they get the link to a page of their own. */
  const security: PersonCommand<Record<string, unknown>, null, { enrolmentId: EnrolmentId }> = {
    name: 'security',
    for: 'person',
    input: z.object({}),
    load: async () => null,
    decide: (_state, _input, { person }, context) => {
      const enrolment = newEnrolment({ personId: person.id, provenBy: 'chat', forStepUpId: null }, context);
      return accept({ enrolmentId: enrolment.id }, { put: [{ entity: 'Enrolment', value: enrolment }] });
    },
  };

  /** Only for the page that has just taken the invitation's passcode. */
  const afterRedemption: OpenCommand<Record<string, never>, { personId: PersonId }, { enrolmentId: EnrolmentId }> = {
    name: 'enrol-redeemed',
    for: 'anyone',
    input: z.object({}),
    load: async (_reads, _input, caller) => {
      const personId = byLink(caller);
      return personId ? { personId } : { refusal: { code: 'enrolment-spent' } };
    },
    decide: ({ personId }, _input, _actor, context) => {
      const enrolment = newEnrolment({ personId, provenBy: 'redemption', forStepUpId: null }, context);
      return accept({ enrolmentId: enrolment.id }, { put: [{ entity: 'Enrolment', value: enrolment }] });
    },
  };

  /** From a step-up for which nothing is enrolled; its link came to the person's own chat. */
  const forStepUp: OpenCommand<{ token: string }, Asked, { enrolmentId: EnrolmentId }> = {
    name: 'enrol-step-up',
    for: 'anyone',
    input: z.object(link),
    load: (reads, { token }) => findStepUp(reads, secrets, token),
    decide: ({ stepUp, person }, _input, actor, context) => {
      const made = newEnrolment({ personId: person.id, provenBy: 'chat', forStepUpId: stepUp.id }, context);
      const opened = openEnrolment(made, actor, context);
      return opened.accepted
        ? accept(
            { enrolmentId: made.id },
            { ...opened.change, put: [{ entity: 'Enrolment', value: { ...made, openedAt: context.now } }] },
          )
        : opened;
    },
  };

  const open: OpenCommand<{ token: string }, Enrolling, { enrolmentId: EnrolmentId }> = {
    name: 'enrol-open',
    for: 'anyone',
    input: z.object(link),
    load: (reads, { token }) => findEnrolment(reads, secrets, token, 'link'),
    decide: ({ enrolment }, _input, actor, context) => openEnrolment(enrolment, actor, context),
  };

  const addPasskey: OpenCommand<
    { token: string; answer: string },
    Enrolling & { readonly made: Passkey | null; readonly known: Credential | null },
    { credentialId: CredentialId }
  > = {
    name: 'enrol-passkey',
    for: 'anyone',
    input: z.object({ ...link, answer: z.string().max(20_000) }),
    load: async (reads, { token, answer }) => {
      const found = await findEnrolment(reads, secrets, token, 'page');
      if (isRefusal(found)) return found;
      const made = await passkeys.enrolled(answerIn(answer), secrets.challengeOf(found.enrolment));
      return { ...found, made, known: made && (await reads.passkey(made.keyId)) };
    },
    decide: (state, _input, actor, context) =>
      enrolCredential(state, context.newId() as CredentialId, state.made, state.known, actor, context),
  };

  const addApp: OpenCommand<{ token: string; code: string }, Enrolling, { credentialId: CredentialId }> = {
    name: 'enrol-app',
    for: 'anyone',
    input: z.object({ ...link, code: z.string().max(40) }),
    load: (reads, { token }) => findEnrolment(reads, secrets, token, 'page'),
    decide: (state, { code }, actor, context) => {
      const id = context.newId() as CredentialId;
      const seed = secrets.seedOf(state.enrolment);
      const lastStep = acceptedStep(seed, code, context.now, 0);
      const made =
        lastStep === null ? null : ({ kind: 'totp', sealedSecret: secrets.seal(id, seed), lastStep } as const);
      return enrolCredential(state, id, made, null, actor, context);
    },
  };

  const remove: OpenCommand<{ token: string; credentialId: string }, Enrolling, { credentialId: CredentialId }> = {
    name: 'credential-remove',
    for: 'anyone',
    input: z.object({ ...link, credentialId: z.string().max(40) }),
    load: (reads, { token }) => findEnrolment(reads, secrets, token, 'page'),
    decide: (state, { credentialId }, actor, context) =>
      removeCredential(state, credentialId as CredentialId, actor, context),
  };

  /** Asks for a step-up, so that the page may be changed. */
  const confirm: OpenCommand<{ token: string }, Enrolling, { stepUpId: StepUpId }> = {
    name: 'enrol-confirm',
    for: 'anyone',
    input: z.object(link),
    load: async (reads, { token }, _caller, now) => {
      const found = await findEnrolment(reads, secrets, token, 'page');
      if (isRefusal(found)) return found;
      const fault = faultInEnrolment(found.enrolment, found.credentials, now);
      return fault ? { refusal: fault } : found;
    },
    decide: ({ enrolment, person }, _input, _actor, context) => {
      const wish = {
        personId: person.id,
        purpose: 'enrol',
        subjectId: enrolment.id,
        strength: 'mfa',
        wish: null,
      } as const;
      const stepUp = newStepUp(wish, context);
      return accept({ stepUpId: stepUp.id }, { put: [{ entity: 'StepUp', value: stepUp }] });
    },
  };

  /** Global Administrators reset anybody; User Administrators those guests who administer nothing. */
  const reset: PersonCommand<
    { email: string },
    Pick<Enrolling, 'person' | 'credentials'>,
    { personId: PersonId; count: number }
  > = {
    name: 'security-reset',
    for: 'person',
    input: z.object({ email: z.string().trim().max(320).default('') }),
    load: async (reads, { email }, { held }, now) => {
      const everybody = acts['reset-credentials'];
      const guests = acts['reset-guest-credentials'];
      if (!may(held, guests)) return { refusal: notAllowed('reset-credentials', guests) };
      const person = await reads.personByMail(email);
      if (!person) return { refusal: { code: 'person-unknown', email } };
      const guest = person.userType === 'Guest' && !(await privileged(reads, person, now));
      if (!guest && !may(held, everybody)) return { refusal: notAllowed('reset-credentials', everybody) };
      return { person, credentials: await reads.credentialsOf(person.id) };
    },
    decide: (state, _input, { actor, person }, context) => resetCredentials(state, person.id, actor, context),
  };

  return { security, afterRedemption, forStepUp, open, addPasskey, addApp, remove, confirm, reset };
}
