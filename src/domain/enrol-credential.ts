import type { Actor, AuditAction, AuditFact } from './audit.ts';
import { accept, type Context, type Decision, type Entity, refuse } from './change.ts';
import { type AuthenticatorApp, type Credential, inUse, mostCredentials, type Passkey } from './credential.ts';
import { confirmedUntil, faultInEnrolment } from './enrolling.ts';
import type { Enrolment } from './enrolment.ts';
import { type CredentialId, type PersonId, reference } from './ids.ts';
import type { Person } from './person.ts';

const put = (value: Credential): Entity => ({ entity: 'Credential', value });

const fact = (action: AuditAction, actor: Actor, credential: Credential, details: AuditFact['details']): AuditFact => ({
  action,
  actor,
  subjectId: credential.personId,
  role: null,
  scope: null,
  requestId: null,
  result: 'success',
  reason: null,
  details: { credential: reference(credential.id), kind: credential.kind, ...details },
});

const changed = ({ id, personId }: Credential, tell: 'enrolled' | 'removed' | 'reset') =>
  ({ type: 'credential-changed', credentialId: id, personId, tell }) as const;

/** What somebody may change on the page of an enrolment: their own, and how it stands. */
export interface Enrolling {
  readonly enrolment: Enrolment;
  readonly person: Person;
  /** All of theirs, the removed ones too. */
  readonly credentials: readonly Credential[];
}

/** The page goes on being theirs to change for a while: they have just shown that it is them. */
const goneOn = (enrolment: Enrolment, now: Date): Entity => ({
  entity: 'Enrolment',
  value: { ...enrolment, version: enrolment.version + 1, confirmedAt: now },
});

/**
 * Adds a credential whose possession was shown (`made`; `null`: it was not). The first one rests on what the enrolment
 * was opened by; any other on a step-up with one that is there. Refuses `enrolment-spent`, `enrolment-unconfirmed`,
 * `credentials-full`, `credential-known` and `enrolment-wrong`.
 */
export function enrolCredential(
  { enrolment, person, credentials }: Enrolling,
  id: CredentialId,
  made: Passkey | AuthenticatorApp | null,
  known: Credential | null,
  actor: Actor,
  { now }: Context,
): Decision<{ credentialId: CredentialId }> {
  const fault = faultInEnrolment(enrolment, credentials, now);
  if (fault) return refuse(fault);
  const own = inUse(credentials);
  if (own.length > 0 && !confirmedUntil(enrolment, now)) return refuse({ code: 'enrolment-unconfirmed' });
  if (own.length >= mostCredentials) return refuse({ code: 'credentials-full', maximum: mostCredentials });
  if (known) return refuse({ code: 'credential-known' });
  if (!made) return refuse({ code: 'enrolment-wrong' });
  const credential: Credential = {
    id,
    version: 1,
    personId: person.id,
    enrolledAt: now,
    usedAt: null,
    removal: null,
    ...made,
  };
  return accept(
    { credentialId: id },
    {
      put: [put(credential), goneOn(enrolment, now)],
      relyOn: [{ entity: 'Person', id: person.id, version: person.version }],
      audit: [
        fact('credential.enrol', { ...actor, personId: person.id }, credential, {
          provenBy: own.length === 0 ? enrolment.provenBy : 'step-up',
        }),
      ],
      events: [changed(credential, 'enrolled')],
    },
  );
}

/** A removed app's secret is forgotten. */
const without = (credential: Credential, by: PersonId, at: Date): Credential => ({
  ...credential,
  ...(credential.kind === 'totp' ? { sealedSecret: '' } : {}),
  version: credential.version + 1,
  removal: { at, by },
});

/**
 * Removes one's own credential, after a step-up on the same page.
 * Refuses `enrolment-spent`, `enrolment-unconfirmed` and `credential-unknown`.
 */
export function removeCredential(
  { enrolment, person, credentials }: Enrolling,
  credentialId: CredentialId,
  actor: Actor,
  { now }: Context,
): Decision<{ credentialId: CredentialId }> {
  const fault = faultInEnrolment(enrolment, credentials, now);
  if (fault) return refuse(fault);
  if (!confirmedUntil(enrolment, now)) return refuse({ code: 'enrolment-unconfirmed' });
  const credential = inUse(credentials).find(({ id }) => id === credentialId);
  if (!credential) return refuse({ code: 'credential-unknown' });
  return accept(
    { credentialId },
    {
      put: [put(without(credential, person.id, now))],
      audit: [fact('credential.remove', { ...actor, personId: person.id }, credential, {})],
      events: [changed(credential, 'removed')],
    },
  );
}

/**
 * Removes everything with which somebody else confirms that it is them, so that they can enrol anew. Enrolments that
 * were opened before are over. Refuses `reset-own` and `credentials-none`.
 */
export function resetCredentials(
  { person, credentials }: Pick<Enrolling, 'person' | 'credentials'>,
  administrator: PersonId,
  actor: Actor,
  { now }: Context,
): Decision<{ personId: PersonId; count: number }> {
  if (person.id === administrator) return refuse({ code: 'reset-own' });
  const own = inUse(credentials);
  if (own.length === 0) return refuse({ code: 'credentials-none', email: person.mail });
  return accept(
    { personId: person.id, count: own.length },
    {
      put: own.map((credential) => put(without(credential, administrator, now))),
      audit: own.map((credential) => fact('credential.reset', actor, credential, {})),
      events: own.map((credential) => changed(credential, 'reset')),
    },
  );
}
