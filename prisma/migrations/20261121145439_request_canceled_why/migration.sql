-- AlterTable
ALTER TABLE "Request" ADD COLUMN     "why" TEXT;
