import { describe, expect, it } from 'vitest';
import { expandCard } from '../../src/notifications/expand.ts';
import { cardToHtml, cardToText } from '../../src/notifications/html.ts';
import type { Card } from '../../src/surfaces/surface.ts';

const cardOf = (...body: unknown[]): Card => ({ type: 'AdaptiveCard', version: '1.5', fallbackText: 'A & B', body });
const textCard = (text: string) => cardOf({ type: 'RichTextBlock', inlines: [{ type: 'TextRun', text }] });
const invitation = (language: 'en' | 'de') =>
  expandCard(
    {
      card: 'mail-invitation',
      data: {
        organisation: 'Contoso',
        inviter: 'Sam',
        guest: 'Alice',
        message: 'Hi!\nGet started: https://evil.example',
        role: null,
        scope: null,
        link: 'https://usher.example/redeem/x?a=1&b="2"',
      },
    },
    language,
  );
const mail = invitation('en');

describe('a card as HTML', () => {
  it('escapes everything', () => {
    expect(cardToHtml(textCard(`<b>"&'</b>`))).toContain('<bdi>&lt;b&gt;&quot;&amp;&#39;&lt;/b&gt;</bdi>');
    expect(cardToHtml(textCard('x'))).toContain('<title>A &amp; B</title>');
  });

  it('keeps the lines of people', () => {
    expect(cardToHtml(textCard('a\r\nb\nc'))).toContain('<bdi>a<br>b<br>c</bdi>');
  });

  it('links to the page, and writes its address out', () => {
    const address = 'https://usher.example/redeem/x?a=1&amp;b=&quot;2&quot;';
    expect(cardToHtml(mail)).toContain(`<a href="${address}"`);
    expect(cardToHtml(mail)).toContain(`Or open this address: ${address}`);
  });

  it.each(['javascript:alert(1)', 'data:text/html,x', 'no address'])('refuses a link to %s', (url) => {
    const card = { ...cardOf(), actions: [{ type: 'Action.OpenUrl', title: 'x', url }] };
    expect(() => cardToHtml(card)).toThrow();
  });

  it('refuses elements that it does not know', () => {
    expect(() => cardToHtml(cardOf({ type: 'Image', url: 'https://x.example' }))).toThrow('no mail can show Image');
  });

  it('names what can be done in the chat only', () => {
    const card = expandCard(
      {
        card: 'refusal',
        data: { title: 'No', text: 'Not so', next: null, command: { title: 'Show my roles', verb: 'roles' } },
      },
      'en',
    );
    expect(cardToHtml(card)).toContain('You can do this in the chat with Usher: Show my roles');
  });
});

describe('a card as plain text', () => {
  it('says the same, line by line', () => {
    expect(cardToText(mail)).toContain('You have been invited\n\nFor: Alice\nInvited by: Sam\nOrganisation: Contoso\n');
    expect(cardToText(mail)).toContain('\nGet started: https://usher.example/redeem/x?a=1&b="2"\n');
  });

  it('sets in the lines of people, so that they can’t pass for ours', () => {
    expect(cardToText(mail)).toContain('Message: Hi!\n    Get started: https://evil.example\n');
  });
});

describe('a mail in German', () => {
  const german = invitation('de');

  it('is marked so, and has no English word beside those of people', () => {
    expect(cardToHtml(german)).toContain('<html lang="de">');
    expect(cardToHtml(german)).toContain('Oder öffnen Sie diese Adresse: ');
    expect(cardToText(german)).toContain(
      'Sie wurden eingeladen\n\nFür: Alice\nEingeladen von: Sam\nOrganisation: Contoso\n',
    );
  });

  it('names what can be done in the chat only', () => {
    const data = { title: 'Nein', text: 'So nicht', next: null, command: { title: 'Meine Rollen', verb: 'roles' } };
    const card = expandCard({ card: 'refusal', data }, 'de');
    expect(cardToText(card)).toContain('Das können Sie im Chat mit Usher tun: Meine Rollen');
  });
});
