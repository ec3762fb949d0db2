import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Conflict } from '../../src/commands/ports.ts';
import type { Entity } from '../../src/domain/change.ts';
import type { Credential } from '../../src/domain/credential.ts';
import type { CredentialId, EnrolmentId, PersonId, StepUpId } from '../../src/domain/ids.ts';
import { buildApp, buildEnrolment, buildPasskey, buildStepUp } from '../support/build-credentials.ts';
import { batch, oddInstant } from './store-fixtures.ts';
import type { Store } from './store-under-test.ts';

const credential = (value: Credential): Entity => ({ entity: 'Credential', value });
const anId = <Id extends string>() => randomUUID() as string as Id;
const later = (minutes: number) => new Date(oddInstant.getTime() + minutes * 60_000);

/** What the store promises of credentials, enrolments and step-ups, on whatever database. */
export function credentialContract(store: () => Store): void {
  const personId = anId<PersonId>();
  const aPasskey = (parts: Partial<Parameters<typeof buildPasskey>[0]> = {}) =>
    buildPasskey({ id: anId<CredentialId>(), keyId: randomUUID(), personId, ...parts });

  describe('a credential', () => {
    it('comes back as it was written, and as it was changed', async () => {
      const { reads, writes } = store();
      const passkey = aPasskey({ enrolledAt: oddInstant, counter: 4_294_967_295, transports: ['usb', 'nfc'] });
      const app = buildApp({ id: anId<CredentialId>(), personId, enrolledAt: later(1), lastStep: 60_000_000 });
      await writes.commit(batch({ put: [passkey, app].map(credential) }));
      expect(await reads.credential(passkey.id)).toEqual(passkey);
      expect(await reads.credential(app.id)).toEqual(app);

      const used = { ...passkey, version: 2, usedAt: oddInstant };
      const removed = { ...app, version: 2, sealedSecret: '', removal: { at: oddInstant, by: personId } };
      await writes.commit(batch({ put: [used, removed].map(credential) }));
      expect(await reads.credentialsOf(personId)).toEqual([used, removed]);
    });

    it('is found by the passkey’s own id, and there is one of each', async () => {
      const { reads, writes } = store();
      const passkey = aPasskey({ personId: anId<PersonId>() });
      await writes.commit(batch({ put: [credential(passkey)] }));
      expect(await reads.passkey(passkey.keyId)).toEqual(passkey);
      expect(await reads.passkey('unknown')).toBeNull();
      const copy = aPasskey({ keyId: passkey.keyId });
      await expect(writes.commit(batch({ put: [credential(copy)] }))).rejects.toThrow(Conflict);
    });
  });

  describe('a step-up', () => {
    it('comes back as it was written, and is among its person’s, newest first', async () => {
      const { reads, writes } = store();
      const own = anId<PersonId>();
      const older = buildStepUp({ id: anId<StepUpId>(), personId: own, createdAt: oddInstant, failures: 3 });
      const newer = buildStepUp({ id: anId<StepUpId>(), personId: own, createdAt: later(1) });
      const others = buildStepUp({ id: anId<StepUpId>(), personId: anId<PersonId>(), createdAt: later(1) });
      await writes.commit(batch({ put: [older, newer, others].map((value) => ({ entity: 'StepUp', value })) }));
      expect(await reads.stepUp(older.id)).toEqual(older);
      expect(await reads.stepUpsSince(own, later(-1))).toEqual([newer, older]);
      expect(await reads.stepUpsSince(own, oddInstant)).toEqual([newer]);
    });

    it('that two pass at once is passed by one', async () => {
      const { writes, anotherWrites } = store();
      const stepUp = buildStepUp({ id: anId<StepUpId>() });
      await writes.commit(batch({ put: [{ entity: 'StepUp', value: stepUp }] }));
      const passed: Entity = { entity: 'StepUp', value: { ...stepUp, version: 2, usedAt: oddInstant } };
      const other = await anotherWrites();
      const both = await Promise.allSettled([
        writes.commit(batch({ put: [passed] })),
        other.commit(batch({ put: [passed] })),
      ]);
      expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    });
  });

  it('an enrolment comes back as it was written', async () => {
    const { reads, writes } = store();
    const enrolment = buildEnrolment({ id: anId<EnrolmentId>(), version: 1, forStepUpId: anId<StepUpId>() });
    await writes.commit(batch({ put: [{ entity: 'Enrolment', value: enrolment }] }));
    expect(await reads.enrolment(enrolment.id)).toEqual(enrolment);
    expect(await reads.enrolment(anId<EnrolmentId>())).toBeNull();
  });
}
