import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Router } from 'express';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createLogger } from '../../../src/runtime/logger.ts';
import { openDatabase } from '../../../src/store/database.ts';
import { createMailFolder } from '../../../src/surfaces/email/mailer.ts';
import { html, page } from '../../../src/surfaces/web/html.ts';
import { createStartPage } from '../../../src/surfaces/web/start-page.ts';
import { createWebApp } from '../../../src/surfaces/web/web-app.ts';

const log = createLogger('silent');

const serve = async (parts: Partial<Parameters<typeof createWebApp>[0]> = {}): Promise<string> => {
  const server = createServer(createWebApp({ bots: [], pages: [], ready: async () => undefined, log, ...parts }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

describe('the questions of a load balancer', () => {
  it('are answered while the database runs, and told apart when it does not', async () => {
    const database = await openDatabase({ url: null, dataDir: 'memory://', log });
    const url = await serve({ ready: () => database.ping() });
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    const ready = await fetch(`${url}/readyz`);
    expect({ status: ready.status, text: await ready.text() }).toEqual({ status: 200, text: 'ready\n' });

    await database.close();
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    const gone = await fetch(`${url}/readyz`);
    expect({ status: gone.status, text: await gone.text() }).toEqual({ status: 503, text: 'not ready\n' });
  });
});

describe('the web server', () => {
  it('answers an unknown address with a page, and repeats none of it', async () => {
    const url = await serve();
    const response = await fetch(`${url}/<script>alert(1)</script>`);
    expect(response.status).toBe(404);
    const text = await response.text();
    expect(text).toContain('There is no such page');
    expect(text).not.toContain('alert(1)');
  });

  it('tells nothing of a fault but that there was one', async () => {
    const broken = Router();
    broken.get('/broken', () => {
      throw new Error('secret detail');
    });
    const response = await fetch(`${await serve({ pages: [broken] })}/broken`);
    expect(response.status).toBe(500);
    const text = await response.text();
    expect(text).toContain('Nothing was lost');
    expect(text).not.toMatch(/secret detail|at .*\.ts/);
  });

  it('takes a fault that is not its own for what it is', async () => {
    const url = await serve();
    expect((await fetch(`${url}/%E0%A4%A`)).status).toBe(404);
  });

  it.each(['/healthz', '/readyz', '/nowhere', '/style.css'])('protects %s by its headers', async (path) => {
    const { headers } = await fetch(`${await serve()}${path}`);
    expect(headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'self'.*form-action 'self'.*base-uri 'none'.*frame-ancestors 'none'$/,
    );
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('x-powered-by')).toBeNull();
  });

  it('lets only its style sheet be kept', async () => {
    const url = await serve();
    const style = await fetch(`${url}/style.css`);
    expect(style.headers.get('content-type')).toContain('text/css');
    expect(style.headers.get('cache-control')).toBe('max-age=3600');
    expect((await fetch(`${url}/nowhere`)).headers.get('cache-control')).toBe('no-store');
  });
});

describe('html', () => {
  it('escapes whatever is not HTML already', () => {
    const name = `<b>"Gia" & 'Paul'</b>`;
    expect(html`<p title="${name}">${name}</p>`.text).toBe(
      '<p title="&lt;b&gt;&quot;Gia&quot; &amp; &#39;Paul&#39;&lt;/b&gt;">&lt;b&gt;&quot;Gia&quot; &amp; &#39;Paul&#39;&lt;/b&gt;</p>',
    );
  });

  it('puts parts and lists in, and leaves nothing out silently but nothing', () => {
    expect(html`${html`<i>${'<'}</i>`}${[1, html`<b>2</b>`, '<3>']}${null}${false}${0}`.text).toBe(
      '<i>&lt;</i>1<b>2</b>&lt;3&gt;0',
    );
  });

  it('makes pages without script, whose title is escaped too', () => {
    const text = page('</title><script>', html`<p>x</p>`);
    expect(text).toContain('<title>&lt;/title&gt;&lt;script&gt;</title>');
    expect(text).not.toContain('<script');
    expect(text).toContain('<html lang="en">');
  });
});

describe('the start page of the demo', () => {
  const start = async () => {
    const folder = mkdtempSync(join(tmpdir(), 'usher-mails-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const mails = createMailFolder(folder, () => new Date('2026-03-01T12:34:56Z'));
    const links = () => [{ name: 'Gia <Guest>', url: 'http://localhost:56150' }];
    return { mails, url: await serve({ pages: [createStartPage(links, mails)] }) };
  };
  const mail = {
    to: 'gia@partner.example',
    messageId: '1@usher',
    card: {
      type: 'AdaptiveCard',
      body: [{ type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: '<script>alert(1)</script>' }] }],
    },
  } as const;

  it('links the chats, says what to try, and has no mail yet', async () => {
    const { url } = await start();
    const text = await (await fetch(url)).text();
    expect(text).toContain('<a href="http://localhost:56150" target="_blank" rel="noopener">Gia &lt;Guest&gt;</a>');
    expect(text).toContain('invite guest@partner.example');
    expect(text).toContain('None yet.');
  });

  it('shows a mail, hostile or not, with no script let in', async () => {
    const { url, mails } = await start();
    await mails.send(mail);
    const list = await (await fetch(url)).text();
    expect(list).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(list).toContain('gia@partner.example, 12:34:56 UTC');
    expect(list).not.toContain('<script');
    const [, path] = /href="(\/mails\/[^"]+)"/.exec(list) ?? [];
    const shown = await fetch(`${url}${path}`);
    expect(shown.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'unsafe-inline'/);
    expect(shown.headers.get('content-security-policy')).not.toContain('script-src');
    expect(await shown.text()).not.toContain('<script');
  });

  it.each(['nothing', '..%2f..%2fpackage', '%2e%2e%2fpackage.json', '1_usher.json'])(
    'finds no mail called %s',
    async (id) => {
      const { url, mails } = await start();
      await mails.send(mail);
      const response = await fetch(`${url}/mails/${id}`);
      expect(response.status).toBe(404);
      expect(await response.text()).toContain('No such mail');
    },
  );
});
