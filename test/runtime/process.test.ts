import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { startupSentence } from '../../src/runtime/process.ts';
import { projectFile } from '../../src/runtime/project-file.ts';

const fault = (code: string, more: object = {}) => Object.assign(new Error(`${code} as it comes`), { code, ...more });

describe('the sentence that says why it did not start', () => {
  it.each([
    ['a taken port', fault('EADDRINUSE', { port: 3978 }), /Port 3978 is taken.*set PORT/],
    ['a forbidden port', fault('EACCES', { port: 80 }), /Port 80 may not be opened.*above 1024/],
    ['a forbidden folder', fault('EACCES', { path: '/srv/usher' }), /\/srv\/usher may not be written/],
    ['a database that is down', fault('ECONNREFUSED'), /DATABASE_URL and REDIS_URL/],
    ['a name that nobody knows', fault('ENOTFOUND'), /name is not known.*DATABASE_URL/],
    ['several tries at once', new AggregateError([fault('ECONNREFUSED'), fault('ECONNREFUSED')]), /does not answer/],
    ['settings', new Error('PORT must be a port number.'), /^PORT must be a port number\.$/],
    ['no error at all', 'out of order', /^out of order$/],
  ])('is clear for %s', (_what, error, sentence) => {
    expect(startupSentence(error)).toMatch(sentence);
  });
});

const run = (env: NodeJS.ProcessEnv): Promise<{ code: number | null; stderr: string }> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, ['--import', 'tsx', projectFile('src/main.ts')], {
      cwd: projectFile('.'),
      env: { PATH: process.env.PATH, ...env },
    });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    child.on('close', (code) => resolve({ code, stderr }));
  });

describe('a process that can’t start', () => {
  it('says so in one line, with exit code 1', async () => {
    const { code, stderr } = await run({ SMTP_URL: 'smtp://host:25' });
    expect(code).toBe(1);
    expect(stderr.trim().split('\n')).toEqual([
      'Usher did not start. MAIL_FROM is needed with SMTP_URL: the sender of the mails. The README has a table of the settings.',
    ]);
  });

  it('names the database that does not answer', async () => {
    const server = createServer();
    const port = await new Promise<number>((resolve) =>
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)),
    );
    await new Promise((resolve) => server.close(resolve));
    const { code, stderr } = await run({
      DATABASE_URL: `postgres://usher:hunter2@127.0.0.1:${port}/usher`,
      LOG_LEVEL: 'silent',
    });
    expect(code).toBe(1);
    expect(stderr).toContain('Usher did not start. The database or the queue does not answer. Check DATABASE_URL');
    expect(stderr).not.toContain('hunter2');
  });
});
