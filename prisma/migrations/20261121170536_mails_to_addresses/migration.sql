-- AlterTable
ALTER TABLE "Card" ADD COLUMN     "mailTo" TEXT,
ALTER COLUMN "recipientId" DROP NOT NULL;
