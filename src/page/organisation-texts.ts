/** The words around what an organisation says of itself, which are part of the page. */
export interface OrganisationTexts {
  who: string
  /** Label of the control that shows the rest. */
  more: string
  about: string
  reading: string
  elsewhere: string
  addresses: string
  /** Shown in place of a name that was left out on purpose. */
  silence: string
  /** Shown when there is no signed description. */
  missing: string
  /** What known roles of staff are called. Other roles are shown as they were written. */
  roles: Readonly<Record<KnownRole, string>>
}

export const KNOWN_ROLES = [
  'analyst',
  'caseworker',
  'coordinator',
  'doctor',
  'lawyer',
  'researcher',
  'translator',
] as const
export type KnownRole = (typeof KNOWN_ROLES)[number]

export function roleIn(texts: OrganisationTexts, role: string): string | null {
  const known = KNOWN_ROLES.find((name) => name === role.trim().toLowerCase().replace(/[ -]/gu, ''))
  return known === undefined ? null : texts.roles[known]
}
