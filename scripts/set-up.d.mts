export function nodeProblem(version: string): string | null;
export function needsInstall(lockFile: string, installedLockFile: string): boolean;
export function setUp(): void;
