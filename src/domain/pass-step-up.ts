import type { Actor, AuditFact } from './audit.ts';
import { accept, type Context, type Decision, refuse } from './change.ts';
import type { Credential, CredentialKind } from './credential.ts';
import { addMinutes } from './duration.ts';
import { reference, type StepUpId } from './ids.ts';
import type { Refusal } from './refusal.ts';
import { type StepUp, serves, stepUpFailuresAnHour, stepUpMinutes, stepUpTries } from './step-up.ts';

export const newStepUp = (
  wish: Pick<StepUp, 'personId' | 'purpose' | 'subjectId' | 'strength' | 'wish'>,
  { now, newId }: Context,
): StepUp => ({
  id: newId() as StepUpId,
  version: 1,
  ...wish,
  createdAt: now,
  failures: 0,
  usedAt: null,
  credentialId: null,
});

/** What keeps a step-up from being passed, whatever is shown. Refuses `step-up-spent`. */
export function faultInStepUp(stepUp: StepUp, now: Date): Extract<Refusal, { code: 'step-up-spent' }> | null {
  if (stepUp.usedAt) return { code: 'step-up-spent', why: 'used' };
  if (stepUp.failures >= stepUpTries) return { code: 'step-up-spent', why: 'tries' };
  return now < addMinutes(stepUp.createdAt, stepUpMinutes) ? null : { code: 'step-up-spent', why: 'late' };
}

/** Wrong tries of this last hour, on whatever step-up, keep the next from being taken. `recent` is newest first. */
function throttled(recent: readonly StepUp[], now: Date): Refusal | null {
  const since = addMinutes(now, -60);
  let failures = 0;
  for (const one of recent) {
    if (one.createdAt <= since) continue;
    failures += one.failures;
    if (failures >= stepUpFailuresAnHour) return { code: 'step-up-throttled', retryAt: addMinutes(one.createdAt, 60) };
  }
  return null;
}

const fact = (
  stepUp: StepUp,
  actor: Actor,
  passed: boolean,
  kind: CredentialKind,
  credential: Credential | null,
): AuditFact => ({
  action: passed ? 'step-up.pass' : 'step-up.fail',
  actor: { ...actor, personId: stepUp.personId },
  subjectId: stepUp.personId,
  role: null,
  scope: null,
  requestId: stepUp.purpose === 'activate' || stepUp.purpose === 'decide' ? stepUp.subjectId : null,
  result: passed ? 'success' : 'failure',
  reason: null,
  details: {
    purpose: stepUp.purpose,
    subject: reference(stepUp.subjectId),
    strength: stepUp.strength,
    kind,
    credential: credential && reference(credential.id),
  },
});

/** What was shown: a credential of this person's as its use leaves it, or `null` where nothing was proven. */
export interface Shown {
  readonly kind: CredentialKind;
  readonly used: Credential | null;
}

/**
 * Spends a step-up. Refuses `step-up-spent`, `step-up-throttled`, `passkey-needed`, and `step-up-wrong`, which counts the
 * try. What it was for goes on with `change`, in the same transaction.
 */
export function passStepUp(
  stepUp: StepUp,
  { kind, used }: Shown,
  recent: readonly StepUp[],
  actor: Actor,
  { now }: Context,
): Decision<{ stepUp: StepUp }> {
  const fault = faultInStepUp(stepUp, now) ?? throttled(recent, now);
  if (fault) return refuse(fault);
  if (!serves(kind, stepUp.strength)) return refuse({ code: 'passkey-needed' });
  const next = { ...stepUp, version: stepUp.version + 1 };
  if (!used || used.personId !== stepUp.personId || used.removal) {
    const failures = stepUp.failures + 1;
    return refuse(
      failures < stepUpTries
        ? { code: 'step-up-wrong', kind, triesLeft: stepUpTries - failures }
        : { code: 'step-up-spent', why: 'tries' },
      {
        put: [{ entity: 'StepUp', value: { ...next, failures } }],
        audit: [fact(stepUp, actor, false, kind, null)],
      },
    );
  }
  const passed: StepUp = { ...next, usedAt: now, credentialId: used.id };
  return accept(
    { stepUp: passed },
    {
      put: [
        { entity: 'StepUp', value: passed },
        { entity: 'Credential', value: { ...used, version: used.version + 1, usedAt: now } },
      ],
      audit: [fact(stepUp, actor, true, kind, used)],
    },
  );
}
