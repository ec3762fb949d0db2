import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { projectFile } from '../../../src/runtime/project-file.ts';

const folder = projectFile('dev/slack-workspace/page');

const files: Readonly<Record<string, { readonly name: string; readonly type: string }>> = {
  '/': { name: 'index.html', type: 'text/html; charset=utf-8' },
  '/client.css': { name: 'client.css', type: 'text/css; charset=utf-8' },
  '/client.js': { name: 'client.js', type: 'text/javascript; charset=utf-8' },
  '/block-kit.js': { name: 'block-kit.js', type: 'text/javascript; charset=utf-8' },
  '/dom.js': { name: 'dom.js', type: 'text/javascript; charset=utf-8' },
  '/text.js': { name: 'text.js', type: 'text/javascript; charset=utf-8' },
};

/** Apps write what the page draws: nothing that slips through may run, or tell another server more than an image's address. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' https: data:",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Answers for the page's own files; false where the address is not one of them. */
export function servePage(request: IncomingMessage, response: ServerResponse): boolean {
  if (request.method !== 'GET' && request.method !== 'HEAD') return false;
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  // Browsers ask for it by themselves.
  if (pathname === '/favicon.ico') {
    response.writeHead(204).end();
    return true;
  }
  const file = Object.hasOwn(files, pathname) ? files[pathname] : undefined;
  if (!file) return false;
  response.writeHead(200, {
    'content-type': file.type,
    'content-security-policy': policy,
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  });
  response.end(request.method === 'HEAD' ? undefined : readFileSync(join(folder, file.name)));
  return true;
}
