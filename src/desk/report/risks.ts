import type { riskFlags } from '../../tip/codes.ts'

/**
 * What a report may say of a person's risks. The working groups pass a case on to the government
 * that holds the person, and a summary is read by anybody: that somebody was returned before, met
 * South Koreans or has an official in the family is what they would be punished for, so no report
 * has a word for it.
 */
export const shownRisks = [
  'pregnant',
  'medical',
  'disability',
  'elderly',
  'child_alone',
] as const satisfies readonly (typeof riskFlags)[number][]
export type ShownRisk = (typeof shownRisks)[number]
