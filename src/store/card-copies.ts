import type { PersonId } from '../domain/ids.ts';
import type { CardCopies, CardCopy } from '../notifications/deliver-card.ts';
import type { Connected } from './database.ts';
import { sqlOn } from './sql.ts';

interface LeasedRow {
  id: string;
  name: string;
  subjectId: string;
  recipientId: string | null;
  mailTo: string | null;
  canWait: boolean;
  channel: string;
  wanted: number;
  platform: string | null;
  address: unknown;
  messageId: string | null;
  latest: boolean;
}

const copyOf = (row: LeasedRow): CardCopy => ({
  id: row.id,
  name: row.name as CardCopy['name'],
  subjectId: row.subjectId,
  recipientId: row.recipientId as PersonId | null,
  mailTo: row.mailTo,
  canWait: row.canWait,
  channel: row.channel as CardCopy['channel'],
  wanted: row.wanted,
  posted:
    row.platform && row.messageId
      ? { platform: row.platform as 'teams' | 'slack' | 'mail', address: row.address, messageId: row.messageId }
      : null,
  latest: row.latest,
});

/** {@link CardCopies} on the database. A lease of a process that died runs out by itself. */
export const createCardCopies = ({ prisma, pool }: Connected, sql = sqlOn(pool)): CardCopies => ({
  lease: async (id) => {
    const [row] = await sql.rows<LeasedRow>(
      `      UPDATE "Card" c SET "leasedUntil" = now() + interval '20 seconds'
      WHERE id = $1::uuid AND shown < wanted AND "failedAt" IS NULL
        AND ("leasedUntil" IS NULL OR "leasedUntil" < now())
      RETURNING c.id, c.name, c."subjectId", c."recipientId", c."mailTo", c."canWait", c.channel, c.wanted, c.platform, c.address, c."messageId",
        NOT EXISTS (
          SELECT 1 FROM "Card" newer
          WHERE newer."recipientId" = c."recipientId" AND newer.name = c.name AND newer."subjectId" = c."subjectId"
            AND newer."createdAt" > c."createdAt"
        ) AS latest`,
      id,
    );
    return row ? copyOf(row) : null;
  },
  shown: async (id, version, posted) => {
    // What was posted after all is kept up to date like any other, whatever was given up meanwhile.
    const [row] = await sql.rows<{ more: boolean }>(
      `UPDATE "Card" SET shown = greatest(shown, $2), "leasedUntil" = NULL, platform = $3, address = $4::jsonb,
        "messageId" = $5::text, "failedAt" = CASE WHEN $5::text IS NULL THEN "failedAt" END
      WHERE id = $1::uuid RETURNING wanted > shown AS more`,
      id,
      version,
      posted?.platform ?? null,
      posted?.address ? JSON.stringify(posted.address) : null,
      posted?.messageId ?? null,
    );
    return row?.more ?? false;
  },
  release: async (id) => {
    // The queue tries again within half a minute; the sweep is for what the queue has lost.
    await prisma.$executeRaw`
      UPDATE "Card" SET "leasedUntil" = NULL, "queuedAt" = now() + interval '30 seconds' WHERE id = ${id}::uuid`;
  },
  holdBack: async (id, until) => {
    await prisma.$executeRaw`
      UPDATE "Card" SET "notBefore" = ${until}, "leasedUntil" = NULL WHERE id = ${id}::uuid`;
  },
  giveUp: async (id, failure) => {
    // A page is drawn again when it is opened.
    const unposted = { OR: [{ messageId: null }, { channel: 'home' }] };
    await prisma.card.updateMany({ where: { id, ...unposted }, data: { failedAt: new Date(), failure } });
  },
  failed: async (id) => {
    const row = await prisma.card.findUnique({ where: { id } });
    if (!row) return null;
    const { name, subjectId, mailTo } = row;
    return { recipientId: row.recipientId as PersonId | null, mailTo, name, subjectId, failure: row.failure ?? '' };
  },
  copyAt: async (platform, messageId) => {
    const [row] = await sql.rows<{ id: string }>(
      `SELECT id FROM "Card" WHERE "messageId" = $1 AND platform = $2 AND channel = 'chat'`,
      messageId,
      platform,
    );
    return row?.id ?? null;
  },
  keepHome: async ({ id, platform, personId }, subjectId) => {
    const [row] = await sql.rows<{ id: string }>(
      `INSERT INTO "Card" (key, name, "subjectId", "recipientId", channel, platform, "messageId")
       VALUES ('home:' || $1, 'home', $2::uuid, $3::uuid, 'home', $4, $1)
       ON CONFLICT (key) DO UPDATE SET "subjectId" = excluded."subjectId", "recipientId" = excluded."recipientId",
         wanted = "Card".wanted + 1, "createdAt" = now(), "queuedAt" = now(), "failedAt" = NULL
       RETURNING id`,
      id,
      subjectId,
      personId,
      platform,
    );
    if (!row) throw new Error('a page was not kept');
    return row.id;
  },
  markUnreachable: async (id, reason) => {
    await prisma.chatAccount.updateMany({
      where: { id },
      data: { unreachable: reason, version: { increment: 1 } },
    });
  },
});
