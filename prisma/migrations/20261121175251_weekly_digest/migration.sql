-- AlterTable
ALTER TABLE "Person" ADD COLUMN     "digest" BOOLEAN NOT NULL DEFAULT true;
