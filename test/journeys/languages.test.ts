import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { personas } from '../../dev/demo-organisation.ts';
import { textOf } from '../fakes/card-reader.ts';
import { type SlackPerson, shownText } from '../fakes/slack.ts';
import type { TeamsPerson } from '../fakes/teams.ts';
import { codeIn, linkIn, open, redeem, submit } from '../support/redeem.ts';
import { guestsAddress, inviteGuest } from '../support/slack-guest.ts';
import { startTestUsher, type TestUsher } from '../support/usher.ts';

const teamsOf = (t: TestUsher, who: 0 | 1 | 2, locale: string): TeamsPerson => {
  const { displayName, aadObjectId } = personas[who];
  return t.teams.person({ name: displayName, aadObjectId, locale });
};

// One story, told in order.
describe('a German guest and an English approver in Teams', () => {
  let t: TestUsher;
  let guest: TeamsPerson;
  beforeAll(async () => {
    t = await startTestUsher();
    guest = teamsOf(t, 0, 'de-DE');
    await t.admin.open();
    await t.admin.say(`invite ${guestsAddress} --role Contributor --scope rg-expenses --for 90d --name "Gia Guest"`);
    await redeem(t.mails, guestsAddress);
    await guest.open();
    await t.approver.open();
  });
  afterAll(() => t?.stop());

  it('see the same request, each in their language', async () => {
    await guest.say('activate Contributor --for 2h --because "Quartalsabschluss"');
    const own = textOf(
      (await guest.see(/Ihre Anfrage[\s\S]*Wartet auf Genehmigung[\s\S]*Quartalsabschluss/)).card ?? {},
    );
    expect(own).toMatch(/Dauer: 2 Stunden/);
    expect(own).toMatch(/Läuft ab: \d\d\.\d\d\.\d{4}, \d\d:\d\d \(Europe\/Berlin\)/);
    const asked = textOf((await t.approver.see(/Access request[\s\S]*Quartalsabschluss/)).card ?? {});
    expect(asked).toMatch(/Waiting for approval[\s\S]*How long: 2 hours/);
  });

  it('see how it was decided, each in their language', async () => {
    await t.approver.click('Send approval', { justification: 'Go ahead' });
    const own = textOf((await guest.see(/Aktiv bis [\s\S]*Go ahead/)).card ?? {});
    expect(own).toMatch(/Genehmigt von: Paul Approver/);
    await t.approver.see(/Active until [\s\S]*Go ahead/);
  });

  it('are told no in their language', async () => {
    await guest.say('deactivate');
    await guest.see(/Zu früh[\s\S]*In den ersten fünf Minuten[\s\S]*\d\d\.\d\d\.\d{4}/);
    await guest.say('rolls');
    await guest.see(/Das habe ich nicht verstanden[\s\S]*„rolls“ kenne ich nicht\. \(Meinten Sie roles\?\)/);
    await guest.say('help activate');
    await guest.see(/Rolle aktivieren[\s\S]*--because <justification>/);
  });

  it('choose another language, and are answered in it at once and from then on', async () => {
    await guest.say('language english');
    await guest.see(/Your language[\s\S]*You have chosen English/);
    await guest.say('status');
    await guest.see('Your access');
    await t.approver.say('language');
    await t.approver.see(/You read English, because your chat is not set to German/);
    const { card } = await t.approver.click('Deutsch');
    expect(textOf(card ?? {})).toMatch(/Ihre Sprache[\s\S]*Sie haben Deutsch gewählt/);
  });

  it('get their next cards in the language that they have chosen', async () => {
    t.passMinutes(6);
    await guest.say('deactivate');
    await guest.see(/Ended – the access is gone[\s\S]*Quartalsabschluss/);
    await t.approver.see(/Beendet – der Zugriff besteht nicht mehr[\s\S]*Quartalsabschluss/);
  });

  it('go back to what their chat tells', async () => {
    await guest.say('language auto');
    await guest.see(/Ihre Sprache[\s\S]*weil Ihr Chat auf Deutsch eingestellt ist/);
  });

  it('are told which languages there are', async () => {
    await t.approver.say('language klingon');
    await t.approver.see(/„language“ muss „german“, „english“ oder „auto“ sein/);
  });

  it('get mails in the language that they have chosen, where no chat reaches them', async () => {
    t.approver.block();
    t.admin.block();
    await guest.say('activate Contributor --for 1h --because "Noch einmal"');
    const approver = personas[1].email;
    const mail = await t.mails.see(approver, /Noch einmal/);
    expect(mail.subject).toBe('Zugriffsanfrage');
    expect(mail.html).toContain('<html lang="de">');
    expect(mail.text).toMatch(/Wartet auf Genehmigung[\s\S]*Dauer: 1 Stunde/);
    expect(mail.text).toMatch(/Antwort bis: \d\d\.\d\d\.\d{4}, \d\d:\d\d \(Europe\/Berlin\)/);
    expect(mail.text).toContain('Das können Sie im Chat mit Usher tun: Genehmigen, Ablehnen');
    const english = await t.mails.see(personas[2].email, /Noch einmal/);
    expect(english.subject).toBe('Access request');
  });
});

describe('a German guest and an English approver in Slack', () => {
  let t: TestUsher;
  let guest: SlackPerson;
  let approver: SlackPerson;
  beforeAll(async () => {
    t = await startTestUsher({ slack: true });
    ({ guest, approver } = t.slack);
    await t.slack.updateUser(guest.id, { locale: 'de-DE' });
    await approver.command('help');
    await approver.see('Paul Approver');
    await inviteGuest(t);
    await guest.command(`link ${guestsAddress}`);
    await guest.see('Code eingeben');
    await guest.close();
    await guest.command(`code ${codeIn((await t.mails.see(guestsAddress, /connect your chat account/)).text)}`);
    await guest.see('Jetzt kenne ich Sie');
  });
  afterAll(() => t?.stop());

  it('see the same request, each in their language', async () => {
    await guest.command('activate Contributor --for 2h --because "Quartalsabschluss"');
    expect(shownText(await guest.see(/Ihre Anfrage[\s\S]*Quartalsabschluss/))).toMatch(
      /Wartet auf Genehmigung[\s\S]*Dauer: 2 Stunden/,
    );
    expect(shownText(await approver.see(/Access request[\s\S]*Quartalsabschluss/))).toMatch(
      /Waiting for approval[\s\S]*How long: 2 hours/,
    );
  });

  it('have a Home page in their language', async () => {
    await guest.openHome();
    await guest.see(/Jetzt aktiv\nNichts ist aktiv\./);
    await approver.openHome();
    await approver.see(/Waiting for your approval/);
  });

  it('choose another, which their Home page and forms follow', async () => {
    await approver.command('language german');
    await approver.see('Sie haben Deutsch gewählt');
    await approver.see(/Wartet auf Ihre Genehmigung/);
    await approver.press('Genehmigen', { in: 'Wartet auf Ihre Genehmigung' });
    await approver.see(/Warum genehmigen Sie\?[\s\S]*\[Genehmigen\] \[Abbrechen\]/);
    await approver.type(/^Warum genehmigen Sie/, 'In Ordnung');
    await approver.submit();
    await guest.see(/Aktiv bis[\s\S]*In Ordnung/);
  });
});

describe('the pages of an invitation in German', () => {
  let t: TestUsher;
  let link: string;
  beforeAll(async () => {
    t = await startTestUsher();
    await t.admin.open();
    await t.admin.say(`invite ${guestsAddress} --name "Gia Guest"`);
    link = linkIn((await t.mails.see(guestsAddress, /You have been invited/)).text);
  });
  afterAll(() => t?.stop());
  const german = 'fr;q=0.3, de-AT, en;q=0.5';

  it('are what a browser asks for, and English for any other', async () => {
    const { html } = await open(link, german);
    expect(html).toContain('<html lang="de">');
    expect(html).toContain('lädt Sie ein</h1>');
    expect((await open(link, 'fr-FR')).html).toContain('<html lang="en">');
    expect((await open(link, 'en-GB, de;q=0.5')).html).toContain('invites you</h1>');
  });

  it('lead through to the end, with what is wrong on the way', async () => {
    const entry = await submit(await open(link, german), 'Code anfordern', {}, german);
    expect(entry.html).toContain('Geben Sie den Code aus Ihrer Mail ein');
    const wrong = await submit(entry, 'Einladung annehmen', { code: '00000000', terms: 'yes' }, german);
    expect(wrong.html).toContain('Das ist nicht der Code.</strong> Der Code ist falsch');
    const code = codeIn((await t.mails.see(guestsAddress, /Your code/)).text);
    const done = await submit(wrong, 'Einladung annehmen', { code, terms: 'yes' }, german);
    expect(done.html).toMatch(/<html lang="de">[\s\S]*Willkommen bei[\s\S]*Ihr Konto ist bereit/);
  });
});
