const countries = new Intl.DisplayNames('en', { type: 'region', fallback: 'code' })

/** The English name of an ISO 3166-1 alpha-2 code; any other text stays as it is. */
export function countryName(code: string): string {
  return /^[A-Z]{2}$/.test(code) ? (countries.of(code) ?? code) : code
}

/** The authorities that are named; the other codes are worded where they are used. */
export const namedAuthorities = {
  cn_public_security: 'China: public security',
  cn_border_or_immigration: 'China: border or immigration',
  cn_state_security: 'China: state security',
  cn_military: 'China: military',
  kp_state_security: 'North Korea: state security',
  kp_police: 'North Korea: police',
} as const

const authorityNames: Readonly<Record<string, string>> = {
  ...namedAuthorities,
  third_country_police: 'police of a third country',
  other: 'another authority',
  unknown: 'authority not known',
}

export function authorityName(code: string): string {
  return authorityNames[code] ?? code.replaceAll('_', ' ')
}
