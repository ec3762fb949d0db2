import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRoleMailbox, parseGuestAddress } from '../../src/domain/email-address.ts';

describe('the address of a guest', () => {
  it('is read in its parts', () => {
    expect(parseGuestAddress('john@contoso.com')).toEqual({
      address: 'john@contoso.com',
      local: 'john',
      domain: 'contoso.com',
    });
  });

  it('is read without the spaces and capitals around it', () => {
    expect(parseGuestAddress('  John.Doe@Contoso.COM ')).toMatchObject({ address: 'john.doe@contoso.com' });
  });

  it.each(["o'brien", 'a', 'first.last', 'x_y-z', 'a'.repeat(64)])('may have the local part %s', (local) => {
    expect(parseGuestAddress(`${local}@contoso.com`)).toMatchObject({ local });
  });

  it.each(['a.co', 'mail.contoso.co.uk', 'xn--mller-kva.de', '3m.com', 'contoso.xn--p1ai'])(
    'may be at %s',
    (domain) => {
      expect(parseGuestAddress(`john@${domain}`)).toMatchObject({ domain });
    },
  );

  it.each([
    '',
    'john',
    '@contoso.com',
    'john@',
    'john@contoso',
    'john@contoso..com',
    'john@-contoso.com',
    'john@contoso-.com',
    'john@contoso.c',
    'john@contoso.123',
    'john@[10.0.0.1]',
    '.john@contoso.com',
    'john.@contoso.com',
    'jo..hn@contoso.com',
    'jo hn@contoso.com',
    'john@doe@contoso.com',
    '"john doe"@contoso.com',
    'John <john@contoso.com>',
    'john@contoso.com, jane@contoso.com',
    'jöhn@contoso.com',
    '+john@contoso.com',
    `${'a'.repeat(65)}@contoso.com`,
    `john@${'a'.repeat(64)}.com`,
    `john@${'a.'.repeat(126)}com`,
    'john@contoso.com\nbcc: jane@contoso.com',
  ])('is refused: %j', (text) => {
    expect(parseGuestAddress(text)).toEqual({ code: 'email-invalid', email: text.trim() });
  });

  it('is refused with a plus sign, and the address without it is offered', () => {
    expect(parseGuestAddress('John+news@contoso.com')).toEqual({
      code: 'email-plus',
      email: 'john+news@contoso.com',
      suggestion: 'john@contoso.com',
    });
  });

  it.each(['googlegroups.com', 'groups.io', 'team.groups.io', 'freelists.org'])(
    'is refused at the list host %s',
    (host) => {
      expect(parseGuestAddress(`all@${host}`)).toEqual({ code: 'email-group', email: `all@${host}` });
    },
  );

  it('is welcome at a host whose name only ends like a list host', () => {
    expect(parseGuestAddress('john@mygroups.io')).toMatchObject({ domain: 'mygroups.io' });
  });

  it('reads the same when read again', () => {
    fc.assert(
      fc.property(fc.emailAddress(), (text) => {
        const read = parseGuestAddress(text);
        fc.pre(!('code' in read));
        expect(parseGuestAddress(read.address)).toEqual(read);
      }),
    );
  });

  it('that is offered instead of one with a plus sign has none', () => {
    fc.assert(
      fc.property(fc.emailAddress(), (text) => {
        const read = parseGuestAddress(text);
        fc.pre('code' in read && read.code === 'email-plus');
        expect(parseGuestAddress(read.suggestion)).not.toMatchObject({ code: 'email-plus' });
      }),
    );
  });

  it('is refused at any length, before the test’s time is over', () => {
    const endless = `${'a.'.repeat(50_000)}@${'a-'.repeat(50_000)}`;
    expect(parseGuestAddress(endless)).toMatchObject({ code: 'email-invalid' });
  });
});

describe('a mailbox', () => {
  it.each([
    ['info', true],
    ['no-reply', true],
    ['john', false],
    ['information', false],
  ])('%s@ usually reaches several people: %s', (local, several) => {
    expect(isRoleMailbox({ address: `${local}@contoso.com`, local, domain: 'contoso.com' })).toBe(several);
  });
});
