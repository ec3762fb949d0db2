import { accept } from '../../src/domain/change.ts';
import { mostCredentials } from '../../src/domain/credential.ts';
import { enrolCredential, removeCredential, resetCredentials } from '../../src/domain/enrol-credential.ts';
import { openEnrolment } from '../../src/domain/enrolling.ts';
import { passStepUp, type Shown } from '../../src/domain/pass-step-up.ts';
import { confirmedBeforeDeciding } from '../../src/domain/require-step-up.ts';
import type { StepUp } from '../../src/domain/step-up.ts';
import { buildActor, buildContext, buildGuest, ids, noon } from '../support/build.ts';
import { buildEnrolling, buildEnrolment, buildPasskey, buildStepUp } from '../support/build-credentials.ts';
import { refusalOf } from './outcome.ts';

const actor = buildActor();
const context = buildContext();

const pass = (stepUp: StepUp, shown: Shown = { kind: 'passkey', used: buildPasskey() }, recent: StepUp[] = []) =>
  refusalOf(passStepUp(stepUp, shown, recent, actor, context))?.code;
const confirmed = buildEnrolment({ confirmedAt: noon });
const enrol = (parts: Parameters<typeof buildEnrolling>[0], made = buildPasskey(), known = false) =>
  refusalOf(enrolCredential(buildEnrolling(parts), ids.passkey, made, known ? made : null, actor, context))?.code;

/** One way to each refusal of step-ups and enrolments. */
export const credentialRefusals = {
  'step-up-needed': () =>
    refusalOf(
      confirmedBeforeDeciding(accept({ requestId: ids.request }, {}), { kind: 'mfa' }, ids.approver, {}, context),
    )?.code,
  'step-up-spent': () => pass(buildStepUp({ usedAt: noon })),
  'step-up-wrong': () => pass(buildStepUp(), { kind: 'totp', used: null }),
  'step-up-throttled': () =>
    pass(buildStepUp(), undefined, [buildStepUp({ failures: 5 }), buildStepUp({ failures: 5 })]),
  'passkey-needed': () => pass(buildStepUp({ strength: 'passkey' }), { kind: 'totp', used: null }),
  'enrolment-spent': () => refusalOf(openEnrolment(buildEnrolment(), actor, context))?.code,
  'enrolment-unconfirmed': () => enrol({ credentials: [buildPasskey()] }),
  'enrolment-wrong': () => refusalOf(enrolCredential(buildEnrolling(), ids.passkey, null, null, actor, context))?.code,
  'credential-known': () => enrol({}, buildPasskey(), true),
  'credential-unknown': () =>
    refusalOf(removeCredential(buildEnrolling({ enrolment: confirmed }), ids.passkey, actor, context))?.code,
  'credentials-full': () =>
    enrol({ enrolment: confirmed, credentials: Array.from({ length: mostCredentials }, () => buildPasskey()) }),
  'credentials-none': () =>
    refusalOf(resetCredentials({ person: buildGuest(), credentials: [] }, ids.member, actor, context))?.code,
  'reset-own': () =>
    refusalOf(resetCredentials({ person: buildGuest(), credentials: [] }, ids.guest, actor, context))?.code,
} as const;
