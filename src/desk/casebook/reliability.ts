/**
 * How far a case can be relied on: HURIDOCS micro-thesaurus 42, "Degree of Reliability"
 * (terms from OpenEvSys, schema/mysql-dbpopulate-mt.sql).
 */
export const reliabilityTerms = {
  highly_reliable: {
    mt42: '01',
    en: 'Highly reliable',
    fr: 'Hautement fiable',
    es: 'Muy confiable',
  },
  likely_reliable: {
    mt42: '02',
    en: 'Likely reliable',
    fr: 'Probablement fiable',
    es: 'Probablemente confiable',
  },
  unsure: { mt42: '03', en: 'Unsure', fr: 'Incertain', es: 'Confiabilidad dudosa o incierta' },
  likely_unreliable: {
    mt42: '04',
    en: 'Likely unreliable',
    fr: 'Probablement pas fiable',
    es: 'Poco confiable',
  },
  highly_unreliable: {
    mt42: '05',
    en: 'Highly unreliable',
    fr: 'Absolument non fiable',
    es: 'No confiable',
  },
  unknown: { mt42: '99', en: 'Unknown', fr: 'Inconnu', es: 'Desconocido' },
} as const

export type Reliability = keyof typeof reliabilityTerms
export const reliabilities = Object.keys(reliabilityTerms) as readonly Reliability[]

/**
 * Finds the code of a reliability by that code, by its number in the thesaurus, or by its English
 * term. Null for any other text.
 */
export function findReliability(text: string): Reliability | null {
  const typed = text.trim().toLowerCase().replaceAll(' ', '_')
  return (
    reliabilities.find(
      (code) => code === typed || reliabilityTerms[code].mt42 === typed.padStart(2, '0'),
    ) ?? null
  )
}
