import { isIP } from 'node:net';
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import type { Passkeys } from '../../commands/step-up.ts';
import type { Passkey } from '../../domain/credential.ts';
import { stepUpMinutes } from '../../domain/step-up.ts';

const bytes = (base64url: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(base64url, 'base64url'));

const named = ({ keyId, transports }: Passkey) => ({ id: keyId, transports: [...transports] });

/** A faulty answer and a forged one are the same: nothing was shown. */
const orNothing = async <T>(check: () => Promise<T | null>): Promise<T | null> => {
  try {
    return await check();
  } catch {
    return null;
  }
};

/** {@link Passkeys} for the address at which people reach this installation, which their authenticators bind them to. */
export function createPasskeys(publicUrl: string): Passkeys {
  const { origin, hostname } = new URL(publicUrl);
  const timeout = stepUpMinutes * 60_000;
  // W3C Web Authentication, 5.1.2: a relying party's id is a domain, never the address of a machine.
  const usable = isIP(hostname.replace(/^\[|\]$/g, '')) === 0;
  return {
    usable,
    optionsToEnrol: (person, challenge, known) =>
      generateRegistrationOptions({
        rpName: 'Usher',
        rpID: hostname,
        userName: person.mail,
        userDisplayName: person.displayName,
        userID: new Uint8Array(Buffer.from(person.id)),
        challenge: bytes(challenge),
        timeout,
        attestationType: 'none',
        excludeCredentials: known.map(named),
        authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
      }),
    optionsToConfirm: (challenge, own) =>
      generateAuthenticationOptions({
        rpID: hostname,
        allowCredentials: own.map(named),
        challenge: bytes(challenge),
        timeout,
        userVerification: 'required',
      }),
    enrolled: (answer, challenge) =>
      orNothing(async () => {
        const { verified, registrationInfo } = await verifyRegistrationResponse({
          response: answer as Parameters<typeof verifyRegistrationResponse>[0]['response'],
          expectedChallenge: challenge,
          expectedOrigin: origin,
          expectedRPID: hostname,
          requireUserVerification: true,
        });
        if (!verified) return null;
        const { id, publicKey, counter, transports } = registrationInfo.credential;
        return {
          kind: 'passkey',
          keyId: id,
          publicKey: Buffer.from(publicKey).toString('base64url'),
          counter,
          transports: (transports ?? []).filter((one) => typeof one === 'string' && one.length < 40).slice(0, 8),
        };
      }),
    confirmed: (answer, challenge, passkey) =>
      orNothing(async () => {
        const { verified, authenticationInfo } = await verifyAuthenticationResponse({
          response: answer as Parameters<typeof verifyAuthenticationResponse>[0]['response'],
          expectedChallenge: challenge,
          expectedOrigin: origin,
          expectedRPID: hostname,
          requireUserVerification: true,
          credential: { ...named(passkey), publicKey: bytes(passkey.publicKey), counter: passkey.counter },
        });
        return verified ? authenticationInfo.newCounter : null;
      }),
  };
}
