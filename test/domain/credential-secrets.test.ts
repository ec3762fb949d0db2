import { describe, expect, it } from 'vitest';
import { deriveCredentialSecrets } from '../../src/domain/credential-secrets.ts';
import type { CredentialId, EnrolmentId, StepUpId } from '../../src/domain/ids.ts';
import { uuid } from '../support/build.ts';

const secrets = deriveCredentialSecrets(new Uint8Array(32).fill(7));
const others = deriveCredentialSecrets(new Uint8Array(32).fill(8));
const stepUp = uuid(1) as StepUpId;
const enrolment = uuid(1) as EnrolmentId;
const credential = uuid(1) as CredentialId;

describe('a link', () => {
  it('leads to what it was made for', () => {
    expect(secrets.readStepUpToken(secrets.stepUpToken(stepUp))).toBe(stepUp);
    expect(secrets.readEnrolmentToken(secrets.enrolmentToken(enrolment, 'link'), 'link')).toBe(enrolment);
  });

  it('leads nowhere else', () => {
    expect(secrets.readStepUpToken(secrets.enrolmentToken(enrolment, 'page'))).toBeNull();
    expect(secrets.readEnrolmentToken(secrets.enrolmentToken(enrolment, 'link'), 'page')).toBeNull();
    expect(secrets.readEnrolmentToken(secrets.stepUpToken(stepUp), 'page')).toBeNull();
  });

  it.each([
    '',
    stepUp,
    `${stepUp}.`,
    `${secrets.stepUpToken(stepUp)}x`,
    secrets.stepUpToken(stepUp).replace(stepUp, uuid(2)),
    others.stepUpToken(stepUp),
  ])('that nobody made leads nowhere (%#)', (token) => {
    expect(secrets.readStepUpToken(token)).toBeNull();
  });
});

describe('a challenge', () => {
  it('is another for every subject and version', () => {
    const challenges = [
      secrets.challengeOf({ id: uuid(1), version: 1 }),
      secrets.challengeOf({ id: uuid(1), version: 2 }),
      secrets.challengeOf({ id: uuid(2), version: 1 }),
      others.challengeOf({ id: uuid(1), version: 1 }),
    ];
    expect(new Set(challenges).size).toBe(4);
    expect(Buffer.from(challenges[0] as string, 'base64url')).toHaveLength(32);
  });
});

describe('a sealed secret', () => {
  const seed = secrets.seedOf({ id: enrolment, version: 1 });

  it('opens for whose it is', () => {
    const sealed = secrets.seal(credential, seed);
    expect(Buffer.from(secrets.open(credential, sealed))).toEqual(Buffer.from(seed));
    expect(sealed).not.toContain(Buffer.from(seed).toString('base64url'));
  });

  it('opens in nobody else’s place, with no other key, and not when it was changed', () => {
    const sealed = secrets.seal(credential, seed);
    expect(() => secrets.open(uuid(2) as CredentialId, sealed)).toThrow();
    expect(() => others.open(credential, sealed)).toThrow();
    const changed = Buffer.from(sealed, 'base64url');
    changed[20] = (changed[20] as number) ^ 1;
    expect(() => secrets.open(credential, changed.toString('base64url'))).toThrow();
  });
});
