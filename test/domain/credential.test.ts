import { describe, expect, it } from 'vitest';
import type { Credential } from '../../src/domain/credential.ts';
import {
  type Enrolling,
  enrolCredential,
  removeCredential,
  resetCredentials,
} from '../../src/domain/enrol-credential.ts';
import { confirmEnrolment, faultInLink, openEnrolment } from '../../src/domain/enrolling.ts';
import type { Enrolment } from '../../src/domain/enrolment.ts';
import { buildActor, buildContext, buildGuest, ids, minutesIn, noon } from '../support/build.ts';
import { buildApp, buildEnrolling, buildEnrolment, buildPasskey } from '../support/build-credentials.ts';
import { actionsOf, nothing, refusalOf, written, writtenOne } from './outcome.ts';

const actor = buildActor({ personId: null, surface: 'web', account: null });
const made = { kind: 'passkey', keyId: 'bmV3', publicKey: 'cHVi', counter: 0, transports: [] } as const;

const enrol = (parts: Partial<Enrolling> = {}, now = minutesIn(1)) =>
  enrolCredential(buildEnrolling(parts), ids.passkey, made, null, actor, buildContext(now));
const remove = (parts: Partial<Enrolling>, id = ids.passkey, now = minutesIn(1)) =>
  removeCredential(buildEnrolling(parts), id, actor, buildContext(now));
const confirmed = (at: Date) => buildEnrolment({ confirmedAt: at });

describe('an enrolment’s link', () => {
  const linked = (parts: Partial<Enrolment> = {}) => buildEnrolment({ createdAt: noon, openedAt: null, ...parts });
  const open = (enrolment: Enrolment, now = minutesIn(1)) => openEnrolment(enrolment, actor, buildContext(now));

  it('opens the page, and that is on the record', () => {
    const opened = open(linked());
    expect(writtenOne(opened, 'Enrolment')).toMatchObject({ version: 3, openedAt: minutesIn(1) });
    expect(opened.change.audit).toMatchObject([{ action: 'enrolment.open', actor: { personId: ids.guest } }]);
  });

  it('opens it once', () => {
    expect(refusalOf(open(linked({ openedAt: noon })))).toEqual({ code: 'enrolment-spent' });
  });

  it('opens it within ten minutes', () => {
    expect(faultInLink(linked(), new Date(minutesIn(10).getTime() - 1))).toBeNull();
    expect(refusalOf(open(linked(), minutesIn(10)))).toEqual({ code: 'enrolment-spent' });
  });
});

describe('a first credential', () => {
  it('rests on what the page was opened by, and its owner is told', () => {
    const enrolled = enrol();
    expect(writtenOne(enrolled, 'Credential')).toMatchObject({ id: ids.passkey, personId: ids.guest, ...made });
    expect(enrolled.change.audit).toMatchObject([
      { action: 'credential.enrol', actor: { personId: ids.guest }, details: { kind: 'passkey', provenBy: 'chat' } },
    ]);
    expect(enrolled.change.events).toEqual([
      { type: 'credential-changed', credentialId: ids.passkey, personId: ids.guest, tell: 'enrolled' },
    ]);
  });

  it('lets another be added on the same page soon after', () => {
    expect(writtenOne(enrol(), 'Enrolment')).toMatchObject({ confirmedAt: minutesIn(1) });
  });

  it.each([
    ['before the page was opened', buildEnrolment({ openedAt: null }), minutesIn(1)],
    ['a quarter of an hour after it was', buildEnrolment(), minutesIn(15)],
  ])('is not added %s', (_when, enrolment, now) => {
    expect(refusalOf(enrol({ enrolment }, now))).toEqual({ code: 'enrolment-spent' });
  });

  it('is not added on a page from before a reset', () => {
    const reset = buildPasskey({ removal: { at: minutesIn(0.5), by: ids.member } });
    expect(refusalOf(enrol({ credentials: [reset] }))).toEqual({ code: 'enrolment-spent' });
    const before = buildPasskey({ removal: { at: minutesIn(-2), by: ids.member } });
    expect(enrol({ credentials: [before] }).accepted).toBe(true);
    const own = buildPasskey({ removal: { at: minutesIn(0.5), by: ids.guest } });
    expect(enrol({ credentials: [own] }).accepted).toBe(true);
  });
});

describe('a second credential, and a removal', () => {
  const credentials: readonly Credential[] = [buildPasskey(), buildApp()];

  it('need a step-up on the same page', () => {
    for (const decision of [enrol({ credentials }), remove({ credentials })]) {
      expect(refusalOf(decision)).toEqual({ code: 'enrolment-unconfirmed' });
      expect(decision.change).toEqual(nothing);
    }
  });

  it('go through for five minutes after it', () => {
    const enrolment = confirmed(noon);
    const late = minutesIn(5);
    expect(enrol({ enrolment, credentials }).accepted).toBe(true);
    expect(refusalOf(enrol({ enrolment, credentials }, late))).toEqual({ code: 'enrolment-unconfirmed' });
    expect(refusalOf(remove({ enrolment, credentials }, ids.app, late))).toEqual({ code: 'enrolment-unconfirmed' });
  });

  it('forget the secret of an app that is removed', () => {
    const removed = remove({ enrolment: confirmed(noon), credentials }, ids.app);
    expect(writtenOne(removed, 'Credential')).toEqual(
      buildApp({ version: 2, sealedSecret: '', removal: { at: minutesIn(1), by: ids.guest } }),
    );
    expect(actionsOf(removed)).toEqual(['credential.remove']);
  });

  it('touch nothing that was removed before', () => {
    const gone = buildPasskey({ removal: { at: noon, by: ids.guest } });
    const refused = remove({ enrolment: confirmed(noon), credentials: [gone] });
    expect(refusalOf(refused)).toEqual({ code: 'credential-unknown' });
  });
});

describe('a step-up for the page', () => {
  it('lets it be changed from then on', () => {
    const decision = confirmEnrolment(buildEnrolment(), [buildPasskey()], buildContext(minutesIn(2)));
    expect(writtenOne(decision, 'Enrolment')).toEqual(buildEnrolment({ version: 3, confirmedAt: minutesIn(2) }));
  });

  it('is of no use once the page is over', () => {
    const decision = confirmEnrolment(buildEnrolment(), [], buildContext(minutesIn(15)));
    expect(refusalOf(decision)).toEqual({ code: 'enrolment-spent' });
  });
});

describe('a reset', () => {
  const reset = (credentials: readonly Credential[]) =>
    resetCredentials({ person: buildGuest(), credentials }, ids.member, buildActor(), buildContext(noon));

  it('removes all that is in use, for somebody else, and tells them of each', () => {
    const gone = buildPasskey({ removal: { at: minutesIn(-9), by: ids.guest } });
    const decision = reset([buildPasskey(), buildApp(), gone]);
    expect(written(decision, 'Credential').map(({ removal }) => removal)).toEqual([
      { at: noon, by: ids.member },
      { at: noon, by: ids.member },
    ]);
    expect(actionsOf(decision)).toEqual(['credential.reset', 'credential.reset']);
    expect(decision.change.events).toMatchObject([{ tell: 'reset' }, { tell: 'reset', personId: ids.guest }]);
  });
});
