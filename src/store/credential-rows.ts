import type { Credential } from '../domain/credential.ts';
import type { Enrolment } from '../domain/enrolment.ts';
import type { CredentialId, EnrolmentId, PersonId, StepUpId } from '../domain/ids.ts';
import type { StepUp } from '../domain/step-up.ts';
import type * as Table from './generated/models.ts';

const need = <T>(value: T | null, { id }: Table.CredentialModel): T => {
  if (value === null) throw new Error(`the row ${id} of Credential is in a state that this build does not know`);
  return value;
};

export function credentialOf(row: Table.CredentialModel): Credential {
  const base = {
    id: row.id as CredentialId,
    version: row.version,
    personId: row.personId as PersonId,
    enrolledAt: row.enrolledAt,
    usedAt: row.usedAt,
    removal: row.removedAt && { at: row.removedAt, by: need(row.removedBy, row) as PersonId },
  };
  if (row.kind === 'totp')
    return {
      ...base,
      kind: 'totp',
      sealedSecret: need(row.sealedSecret, row),
      lastStep: Number(need(row.lastStep, row)),
    };
  return {
    ...base,
    kind: 'passkey',
    keyId: need(row.keyId, row),
    publicKey: need(row.publicKey, row),
    counter: Number(need(row.counter, row)),
    transports: row.transports,
  };
}

export function credentialRowOf({ removal, ...rest }: Credential): Record<string, unknown> {
  return {
    keyId: null,
    publicKey: null,
    counter: null,
    transports: [],
    sealedSecret: null,
    lastStep: null,
    ...rest,
    removedAt: removal?.at ?? null,
    removedBy: removal?.by ?? null,
  };
}

export const enrolmentOf = (row: Table.EnrolmentModel): Enrolment => ({
  ...row,
  id: row.id as EnrolmentId,
  personId: row.personId as PersonId,
  provenBy: row.provenBy as Enrolment['provenBy'],
  forStepUpId: row.forStepUpId as StepUpId | null,
});

export const stepUpOf = (row: Table.StepUpModel): StepUp => ({
  ...row,
  id: row.id as StepUpId,
  personId: row.personId as PersonId,
  purpose: row.purpose as StepUp['purpose'],
  strength: row.strength as StepUp['strength'],
  wish: row.wish as StepUp['wish'],
  credentialId: row.credentialId as CredentialId | null,
});
