import { defineConfig } from 'vitest/config';

// Three tiers: what needs nothing but Node; what needs PostgreSQL and Redis; what needs a browser.
const services = 'test/**/*.services.test.ts';
/** Those that start processes and mostly wait for them: several at once. */
const patient = ['test/faults/*.services.test.ts', 'test/{start,production}.services.test.ts'];
const browser = 'test/**/*.browser.test.ts';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [services, browser],
          // What a worker has loaded serves all its files: loading takes longer than most of them.
          isolate: false,
          setupFiles: ['test/support/properties.ts'],
          // Journeys mostly wait, for time-outs and for each other.
          maxWorkers: 2,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'services',
          include: [services],
          exclude: patient,
          sequence: { groupOrder: 1 },
          isolate: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'faults',
          include: patient,
          sequence: { groupOrder: 2 },
          isolate: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 3,
        },
      },
      {
        test: {
          name: 'browser',
          sequence: { groupOrder: 3 },
          include: [browser],
          isolate: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
