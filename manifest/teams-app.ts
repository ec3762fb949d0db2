import { readFileSync } from 'node:fs';
import { AppManifestUtils, type TeamsManifestV1D30 } from '@microsoft/app-manifest';
import { strToU8, zipSync } from 'fflate';
import { projectFile } from '../src/runtime/project-file.ts';
import { fillIn, leftOpen } from './fill-in.ts';

export type TeamsManifest = TeamsManifestV1D30.TeamsManifestV1D30;

export interface TeamsAppSettings {
  /** Of the bot's app registration; the app in Teams has the same one. */
  readonly appId: string;
  /** Without a trailing slash. */
  readonly publicUrl: string;
  readonly version: string;
  /** Teams shows links to these beside the app. */
  readonly pages: { readonly website: string; readonly privacy: string; readonly terms: string };
}

const template = JSON.parse(readFileSync(projectFile('manifest/teams/manifest.json'), 'utf8')) as TeamsManifest;

export const teamsManifest = ({ appId, publicUrl, version, pages }: TeamsAppSettings): TeamsManifest =>
  fillIn(template, {
    MicrosoftAppId: appId,
    PUBLIC_HOST: new URL(publicUrl).host,
    VERSION: version,
    WEBSITE: pages.website,
    PRIVACY: pages.privacy,
    TERMS: pages.terms,
  });

/** What Teams would refuse, by Microsoft's own schema of this version, which its package holds; nothing is fetched. */
export const teamsManifestFaults = async (manifest: TeamsManifest): Promise<string[]> => [
  ...(await AppManifestUtils.validateAgainstSchema(manifest)),
  ...leftOpen(manifest),
];

/** The zip that is uploaded. The same manifest gives the same bytes. */
export function teamsPackage(manifest: TeamsManifest): Uint8Array {
  const icon = (name: string) => new Uint8Array(readFileSync(projectFile(`manifest/teams/${name}`)));
  return zipSync(
    {
      'manifest.json': strToU8(`${JSON.stringify(manifest, null, 2)}\n`),
      [manifest.icons.color]: icon('color.png'),
      [manifest.icons.outline]: icon('outline.png'),
    },
    // Zip has no time zone, and nothing before 1980.
    { mtime: new Date(2000, 0, 1) },
  );
}
