import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { type Broker, sleep, startWorking, until } from './job-queue.ts';

/** A way to a server that can be cut and mended, as networks do. */
async function openPassage(port: number, host = '127.0.0.1') {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(port, host);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.on('error', () => undefined);
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  const listen = async (at: number) => {
    server.listen(at, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as { port: number }).port;
  };
  const own = await listen(0);
  const cut = async () => {
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return { port: own, cut, mend: () => listen(own) };
}

/** What a queue promises while its server can't be reached, and after. */
export function outageContract(open: (port: number) => Promise<Broker>, serverPort: number): void {
  describe('a server that can’t be reached', () => {
    it('is told by ping and by add, and work goes on when it is back', async () => {
      const passage = await openPassage(serverPort);
      const broker = await open(passage.port);
      try {
        const { queue, runs } = await startWorking(broker);
        await queue.every('other', 500);
        await queue.add([{ name: 'one', data: { id: 'before' } }]);
        await until('it works', () => runs.some(({ name }) => name === 'one'));

        await passage.cut();
        await sleep(200);
        await expect(queue.ping()).rejects.toThrow();
        await expect(queue.add([{ name: 'one', data: { id: 'during' } }])).rejects.toThrow();
        await sleep(1500);

        await passage.mend();
        const before = runs.length;
        const ping = async () =>
          queue.ping().then(
            () => true,
            () => false,
          );
        for (let tries = 0; tries < 100 && !(await ping()); tries += 1) await sleep(100);
        await expect(queue.ping()).resolves.toBeUndefined();
        await queue.add([{ name: 'one', data: { id: 'after' } }]);
        await until('the new job ran', () => runs.some(({ data }) => data.id === 'after'), 30_000);
        await until('it repeats again', () => runs.slice(before).some(({ name }) => name === 'other'), 30_000);
        await queue.close(2000);
      } finally {
        await passage.cut();
        await broker.dispose();
      }
    });
  });
}
