import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deriveSecrets } from '../../src/domain/derived-secrets.ts';
import type { ChallengeId, InvitationId } from '../../src/domain/ids.ts';
import { ids, uuid } from '../support/build.ts';

const secrets = deriveSecrets(Buffer.alloc(32, 1));
const others = deriveSecrets(Buffer.alloc(32, 2));

describe('the code of a challenge', () => {
  it('is eight digits, with zeros in front', () => {
    fc.assert(
      fc.property(fc.uuid(), (id) => {
        expect(secrets.codeOf(id as ChallengeId)).toMatch(/^\d{8}$/);
      }),
    );
  });

  it('begins with any digit', () => {
    const codes = Array.from({ length: 500 }, (_, number) => secrets.codeOf(uuid(number) as ChallengeId));
    expect(new Set(codes.map(([first]) => first)).size).toBe(10);
  });

  it('is the same on every replica', () => {
    expect(deriveSecrets(Buffer.alloc(32, 1)).codeOf(ids.challenge)).toBe(secrets.codeOf(ids.challenge));
  });

  it('is another for another challenge', () => {
    const codes = new Set(Array.from({ length: 500 }, (_, number) => secrets.codeOf(uuid(number) as ChallengeId)));
    expect(codes.size).toBeGreaterThan(498);
  });

  it('is another with another key', () => {
    expect(others.codeOf(ids.challenge)).not.toBe(secrets.codeOf(ids.challenge));
  });

  it('matches as people type it', () => {
    const code = secrets.codeOf(ids.challenge);
    const typed = [code, ` ${code}\n`, `${code.slice(0, 4)} ${code.slice(4)}`, `${code.slice(0, 4)}-${code.slice(4)}`];
    expect(typed.map((given) => secrets.codeMatches(ids.challenge, given))).toEqual([true, true, true, true]);
  });

  it('does not match anything else', () => {
    const code = secrets.codeOf(ids.challenge);
    const wrong = fc.oneof(
      fc.string(),
      fc.stringMatching(/^\d{8}$/),
      fc.constant(`${code}0`),
      fc.constant(code.slice(1)),
    );
    fc.assert(
      fc.property(
        wrong.filter((given) => given.replace(/[\s-]/g, '') !== code),
        (given) => {
          expect(secrets.codeMatches(ids.challenge, given)).toBe(false);
        },
      ),
    );
  });
});

describe('the link of an invitation', () => {
  it('leads to its invitation and generation', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.integer({ min: 1, max: 999_999_999 }), (id, generation) => {
        const token = secrets.redemptionToken(id as InvitationId, generation);
        expect(secrets.readRedemptionToken(token)).toEqual({ invitationId: id, generation });
      }),
    );
  });

  it('is another in every generation', () => {
    expect(secrets.redemptionToken(ids.invitation, 2).split('.')[2]).not.toBe(
      secrets.redemptionToken(ids.invitation, 1).split('.')[2],
    );
  });

  it('needs no escaping in an address', () => {
    expect(secrets.redemptionToken(ids.invitation, 1)).toMatch(/^[\w.-]+$/);
  });

  const token = secrets.redemptionToken(ids.invitation, 1);
  const [id, , mac] = token.split('.');

  it.each([
    ['nothing', ''],
    ['an invitation without its proof', `${id}.1`],
    ['another generation', `${id}.2.${mac}`],
    ['the generation written otherwise', `${id}.01.${mac}`],
    ['another invitation', `${uuid(7)}.1.${mac}`],
    ['the id in capitals', token.replace(String(id), 'ABCDEF00-0000-4000-8000-000000000028')],
    ['something at the end', `${token}.more`],
    ['a proof of another installation', others.redemptionToken(ids.invitation, 1)],
    ['a proof without its end', token.slice(0, -1)],
  ])('is not good with %s', (_what, forged) => {
    expect(secrets.readRedemptionToken(forged)).toBeNull();
  });

  it('is not good with any one character changed', () => {
    fc.assert(
      fc.property(fc.nat({ max: token.length - 1 }), fc.constantFrom('0', 'a', 'Z', '.', '-', 'é'), (index, letter) => {
        fc.pre(token[index] !== letter);
        const forged = token.slice(0, index) + letter + token.slice(index + 1);
        expect(secrets.readRedemptionToken(forged)).toBeNull();
      }),
    );
  });

  it('never throws on what somebody made up', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (made) => {
        expect(secrets.readRedemptionToken(made)).toBeNull();
      }),
    );
  });
});
