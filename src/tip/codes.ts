/** The code lists of `detention_tip`. A code is never reused with another meaning. */

export const yesNo = ['yes', 'no'] as const
export const yesNoUnsure = ['yes', 'no', 'unsure'] as const
export const yesNoUnknown = ['yes', 'no', 'unknown'] as const
export const yesNoPreferNot = ['yes', 'no', 'prefer_not'] as const

export const languages = ['ko', 'zh', 'en', 'ug', 'bo', 'ru', 'other'] as const

/** HURIDOCS acts 030101, 030103, 380101, 330101; the last two codes concern the case itself. */
export const topics = [
  'detention',
  'disappearance',
  'return_feared',
  'returned',
  'released',
  'update',
] as const

/** ISO 15924. */
export const scripts = ['Hang', 'Hani', 'Latn', 'Cyrl', 'Arab', 'Tibt'] as const
export const nameKinds = ['legal', 'alias', 'nickname'] as const
export const nameWriters = ['source', 'analyst'] as const

export const sexes = ['female', 'male', 'other', 'unknown'] as const
export const ageUnits = ['years', 'months'] as const
/** `counting`: Korean reckoning, which adds one or two years. */
export const ageReckonings = ['international', 'counting', 'unknown'] as const
export const minorCodes = ['yes', 'no', 'possible'] as const

export const riskFlags = [
  'pregnant',
  'medical',
  'disability',
  'elderly',
  'child_alone',
  'previously_returned',
  'contact_south_korea',
  'official_family',
] as const

export const personStatuses = [
  'held',
  'moved',
  'returned',
  'released',
  'dead',
  'missing',
  'unknown',
] as const

export const waysTaken = [
  'checkpoint',
  'raid',
  'vehicle',
  'border',
  'handover_third_country',
  'unknown',
] as const

export const authorities = [
  'cn_public_security',
  'cn_border_or_immigration',
  'cn_state_security',
  'cn_military',
  'kp_state_security',
  'kp_police',
  'third_country_police',
  'other',
  'unknown',
] as const

export const acknowledgements = ['located', 'not_located', 'denied', 'unknown'] as const

export const stepsTaken = [
  'embassy',
  'unhcr',
  'un',
  'lawyer',
  'police',
  'media',
  'ngo',
  'none_unsafe',
] as const

export const relations = [
  'self',
  'spouse',
  'parent',
  'child',
  'sibling',
  'relative',
  'friend',
  'helper',
  'witness',
  'ngo',
  'lawyer',
  'other',
  'prefer_not',
] as const

export const knowledgeBases = [
  'saw',
  'told_by_detainee',
  'told_by_other',
  'document',
  'rumour',
] as const

export const contactWays = ['return_here', 'other', 'never'] as const

export const consentRecipients = ['un', 'unhcr', 'icrc', 'embassy', 'ngo', 'media'] as const

/** Ordered from the narrowest to the widest: `consentFor` compares by this order. */
export const consentLevels = ['no', 'ask_first', 'facts_only', 'named', 'named_photo'] as const

/**
 * What happened to the hidden place and time in a file. It is always stated, so that missing
 * metadata does not look suspicious.
 */
export const metadataStates = ['removed', 'kept', 'none_found', 'cannot_be_removed'] as const
