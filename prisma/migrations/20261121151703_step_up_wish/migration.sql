-- AlterTable
ALTER TABLE "StepUp" ADD COLUMN     "wish" JSONB;
