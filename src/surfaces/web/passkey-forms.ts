import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type RequestHandler, type Response, Router } from 'express';
import { encode } from 'uqr';
import { projectFile } from '../../runtime/project-file.ts';
import type { ConfirmingWords } from './confirming-words.ts';
import { type Html, html } from './html.ts';
import { key } from './page-parts.ts';

/** In their order: the library, and what uses it. */
export const passkeyScripts = ['/webauthn.js', '/passkey.js'] as const;

/** The scripts of the pages that need an authenticator; no other page may run any. */
export function createPasskeyScripts(): Router {
  const router = Router();
  // The package names its modules only; what browsers load lies beside them.
  const modules = createRequire(import.meta.url).resolve('@simplewebauthn/browser');
  const serve = (path: string): RequestHandler => {
    const script = readFileSync(path, 'utf8');
    return (_request, response) => {
      response.set('cache-control', 'max-age=3600').type('js').send(script);
    };
  };
  router.get('/webauthn.js', serve(join(dirname(modules), '../dist/bundle/index.umd.min.js')));
  router.get('/passkey.js', serve(projectFile('src/surfaces/web/browser/passkey.js')));
  return router;
}

/** This page alone runs our own scripts. */
export const allowScripts = (response: Response) =>
  response.set('content-security-policy', `${response.get('content-security-policy')}; script-src 'self'`);

/** A form whose button asks the authenticator; without its script it stays off. */
export const passkeyForm = (
  what: 'enrol' | 'confirm',
  action: string,
  options: unknown,
  { needsScript, script, setUpPasskey, byPasskey }: ConfirmingWords,
): Html =>
  html`<form method="post" action="${action}" data-passkey="${what}" data-options="${JSON.stringify(options)}" data-words="${JSON.stringify(script)}">${key()}
<input type="hidden" name="answer" value="">
<p><button type="submit" disabled>${what === 'enrol' ? setUpPasskey : byPasskey}</button></p>
<p class="hint" role="status"></p>
<noscript><p class="hint">${needsScript}</p></noscript>
</form>`;

export const codeForm = (action: string, label: string, button: string, wrong: boolean): Html =>
  html`<form method="post" action="${action}">${key()}
<label for="code">${label}</label>
<input id="code" name="code" type="text" inputmode="numeric" autocomplete="one-time-code" maxlength="12" required${wrong ? html` aria-invalid="true" aria-describedby="problem"` : null}>
<p><button type="submit">${button}</button></p>
</form>`;

/** As one path of bars, dark on light also where the page is dark: that is what cameras read. */
export function qrCode(text: string, label: string): Html {
  const { data, size } = encode(text, { ecc: 'M', border: 4 });
  const bars = data.flatMap((row, y) =>
    [
      ...row
        .map((dark) => (dark ? '#' : ' '))
        .join('')
        .matchAll(/#+/g),
    ].map(({ index, 0: { length } }) => `M${index} ${y}h${length}v1h-${length}z`),
  );
  return html`<svg class="qr" role="img" aria-label="${label}" viewBox="0 0 ${size} ${size}" width="240" height="240" shape-rendering="crispEdges"><rect width="${size}" height="${size}" fill="#fff"/><path d="${bars.join('')}" fill="#000"/></svg>`;
}
