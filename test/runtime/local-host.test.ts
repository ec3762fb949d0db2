import { describe, expect, it } from 'vitest';
import { isLocalHost } from '../../src/runtime/local-host.ts';

describe('a request’s host', () => {
  it.each(['localhost', 'localhost:3978', '127.0.0.1:56150', '[::1]:3978'])('is this machine: %s', (host) => {
    expect(isLocalHost(host)).toBe(true);
  });

  it.each(['evil.example', 'evil.example:3978', 'localhost.evil.example', '127.0.0.1.evil.example:3978', ''])(
    'is not this machine: %s',
    (host) => {
      expect(isLocalHost(host)).toBe(false);
    },
  );
});
