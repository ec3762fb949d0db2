import { describe, expect, it } from 'vitest';
import type { Credential } from '../../src/domain/credential.ts';
import { passStepUp, type Shown } from '../../src/domain/pass-step-up.ts';
import type { StepUp } from '../../src/domain/step-up.ts';
import { buildActor, buildContext, ids, minutesIn, noon } from '../support/build.ts';
import { buildApp, buildPasskey, buildStepUp } from '../support/build-credentials.ts';
import { actionsOf, nothing, refusalOf, writtenOne } from './outcome.ts';

const passkey: Shown = { kind: 'passkey', used: buildPasskey({ counter: 2 }) };
const wrong: Shown = { kind: 'totp', used: null };

const pass = (stepUp: StepUp, shown: Shown = passkey, now = minutesIn(1), recent: readonly StepUp[] = []) =>
  passStepUp(stepUp, shown, recent, buildActor({ personId: null, surface: 'web' }), buildContext(now));

describe('a step-up', () => {
  it('is passed once, by a credential that keeps count, and both are on the record', () => {
    const passed = pass(buildStepUp());
    expect(writtenOne(passed, 'StepUp')).toEqual(
      buildStepUp({ version: 2, usedAt: minutesIn(1), credentialId: ids.passkey }),
    );
    expect(writtenOne(passed, 'Credential')).toEqual(buildPasskey({ version: 2, counter: 2, usedAt: minutesIn(1) }));
    expect(passed.change.audit).toMatchObject([
      {
        action: 'step-up.pass',
        actor: { personId: ids.guest, surface: 'web' },
        result: 'success',
        details: { purpose: 'enrol', kind: 'passkey', strength: 'mfa', credential: ids.passkey.slice(-8) },
      },
    ]);
  });

  it('is passed in its last instant', () => {
    expect(pass(buildStepUp(), passkey, new Date(minutesIn(5).getTime() - 1)).accepted).toBe(true);
  });

  it.each([
    ['for the second time', buildStepUp({ usedAt: noon }), minutesIn(1), 'used'],
    ['after five minutes', buildStepUp(), minutesIn(5), 'late'],
    ['after five wrong tries', buildStepUp({ failures: 5 }), minutesIn(1), 'tries'],
  ])('is not passed %s, and nothing changes', (_when, stepUp, now, why) => {
    const refused = pass(stepUp, passkey, now);
    expect(refusalOf(refused)).toEqual({ code: 'step-up-spent', why });
    expect(refused.change).toEqual(nothing);
  });

  it('counts a wrong try, and puts it on the record', () => {
    const refused = pass(buildStepUp({ failures: 1 }), wrong);
    expect(refusalOf(refused)).toEqual({ code: 'step-up-wrong', kind: 'totp', triesLeft: 3 });
    expect(writtenOne(refused, 'StepUp')).toMatchObject({ version: 2, failures: 2, usedAt: null });
    expect(actionsOf(refused)).toEqual(['step-up.fail']);
  });

  it('ends with the fifth wrong try', () => {
    const refused = pass(buildStepUp({ failures: 4 }), wrong);
    expect(refusalOf(refused)).toEqual({ code: 'step-up-spent', why: 'tries' });
    expect(writtenOne(refused, 'StepUp').failures).toBe(5);
  });

  it.each<[string, Credential]>([
    ['another person’s', buildPasskey({ personId: ids.approver })],
    ['a removed one', buildPasskey({ removal: { at: noon, by: ids.guest } })],
  ])('takes no credential that is %s', (_what, used) => {
    expect(refusalOf(pass(buildStepUp(), { kind: 'passkey', used }))).toMatchObject({ code: 'step-up-wrong' });
  });

  it('that asks for a passkey takes no code, though it is right, and counts no try', () => {
    const refused = pass(buildStepUp({ strength: 'passkey' }), { kind: 'totp', used: buildApp() });
    expect(refusalOf(refused)).toEqual({ code: 'passkey-needed' });
    expect(refused.change).toEqual(nothing);
    expect(pass(buildStepUp({ strength: 'passkey' })).accepted).toBe(true);
  });

  it('takes nothing after ten wrong tries in an hour, on whatever step-up', () => {
    const recent = (second: number) => [
      buildStepUp({ createdAt: noon, failures: 5 }),
      buildStepUp({ createdAt: minutesIn(-10), failures: second }),
    ];
    expect(refusalOf(pass(buildStepUp(), passkey, minutesIn(1), recent(5)))).toEqual({
      code: 'step-up-throttled',
      retryAt: minutesIn(50),
    });
    expect(pass(buildStepUp(), passkey, minutesIn(1), recent(4)).accepted).toBe(true);
    expect(pass(buildStepUp({ createdAt: minutesIn(50) }), passkey, minutesIn(50), recent(5)).accepted).toBe(true);
  });
});
